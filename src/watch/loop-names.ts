import { SECOND_MS } from '../lib/clock.ts';

/** The loop of what is due by the clock, as its beats are kept and as `health` tells of it. */
export const CLOCK_LOOP = 'clock';

/** How soon that loop's next beat is expected. */
export const CLOCK_BEATS_WITHIN_MS = 90 * SECOND_MS;

/** The loop of an account's polls. */
export function pollsLoop(account: string): string {
  return `polls ${account}`;
}

/** The same of a lane. */
export function laneLoop(id: string): string {
  return `lane ${id}`;
}

/** A beat that is to be followed within this time says that hardly anything can be recorded. */
export const NOT_WRITABLE = 0;
