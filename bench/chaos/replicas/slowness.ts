/** More than so many that want to run on a processor at a time are not the run's own: it keeps two busy. */
const RUNNABLE_EACH = 2;

/** By how much longer than a machine of its own may take a run is to be given, by the machine's load average and its processors. */
export function slownessOf(load: number, processors: number): number {
  return Math.max(1, load / (RUNNABLE_EACH * processors));
}
