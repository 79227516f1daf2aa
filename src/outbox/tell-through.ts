/**
 * Through which channels the operator is told that a lane cannot speak: the operator's on other lanes, else any on other lanes, else none, since
 * what would wait for the broken lane itself is no news once it arrives; then the heartbeat is left.
 */
export function tellThrough(
  operatorChannels: readonly string[],
  allChannels: readonly string[],
  ofLane: readonly { readonly name: string }[],
): readonly string[] {
  const elsewhere = (names: readonly string[]) => names.filter((name) => !ofLane.some((own) => own.name === name));
  const ofOperator = elsewhere(operatorChannels);
  return ofOperator.length > 0 ? ofOperator : elsewhere(allChannels);
}
