import { setTimeout as timer } from 'node:timers/promises';

/** A moment in milliseconds since 1970-01-01T00:00:00Z. Everything stored is in this form; zones exist only in texts and at the API's edge. */
export type EpochMs = number;

/** Time as an argument: nothing outside this file asks the host what time it is. */
export interface Clock {
  /** The wall clock. It may jump; use it for what is stored and shown, never to measure a wait. */
  now(): EpochMs;
  /** Milliseconds that only ever grow, from an arbitrary start: for pace, deadlines and durations. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The second in which a moment lies, or the whole seconds of a duration: the API knows nothing finer. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}

/** Timers take at most a signed 32-bit number of milliseconds; a longer sleep is slept in pieces. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    do {
      const piece = Math.max(0, Math.min(left, LONGEST_TIMER_MS));
      await timer(piece, undefined, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw error;
      });
      left -= piece;
    } while (left > 0);
  },
};
