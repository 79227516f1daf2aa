import { type Clock, SECOND_MS } from '../lib/clock.ts';

export interface TickWatch {
  /** The schedule ticked. */
  ticked(): void;
  /** Called now and then: ticks where the schedule should have and did not. True if it ticked. */
  look(): boolean;
}

const GRACE_MS = 30 * SECOND_MS;

/**
 * A schedule goes by the wall clock: when that is set back by an hour, it is silent for an hour. The watch goes by the monotonic clock and
 * ticks in its place once more than the schedule's longest gap has passed.
 */
export function createTickWatch(clock: Pick<Clock, 'monotonic'>, longestGapMs: number, tick: () => void): TickWatch {
  let last = clock.monotonic();
  return {
    ticked() {
      last = clock.monotonic();
    },
    look() {
      if (clock.monotonic() - last <= longestGapMs + GRACE_MS) return false;
      last = clock.monotonic();
      tick();
      return true;
    },
  };
}
