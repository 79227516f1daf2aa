/** The loop of what is due by the clock, as its beats are kept and as `health` tells of it. */
export const CLOCK_LOOP = 'clock';

/** The same of an account's polls. */
export function pollsLoop(account: string): string {
  return `polls ${account}`;
}

/** The same of a lane. */
export function laneLoop(id: string): string {
  return `lane ${id}`;
}
