import { type Clock, type EpochMs, SECOND_MS } from '../lib/clock.ts';

/** What the server's Date headers say about our clock. */
export interface ServerClock {
  /** The time to sign with: our own, until `correct()` was needed. */
  signingTime(): EpochMs;
  /** Notes an answer's Date. */
  observe(date: EpochMs | null): void;
  /** From now on signing follows the server's clock; false if it never told us its time. */
  correct(): boolean;
  /** Milliseconds by which the server's clock is ahead of ours at the last answer; 0 within its precision of a second; null when no answer told. */
  offsetMs(): number | null;
}

export function createServerClock(clock: Clock): ServerClock {
  let offset: number | null = null;
  let follows = false;
  return {
    signingTime: () => clock.now() + (follows ? (offset ?? 0) : 0),
    observe(date) {
      if (date !== null) offset = offsetBetween(date, clock.now());
    },
    correct() {
      follows ||= offset !== null;
      return offset !== null;
    },
    offsetMs: () => offset,
  };
}

/** A Date of 12:00:00 may mean anything before 12:00:01: the smallest offset that explains it. */
function offsetBetween(date: EpochMs, now: EpochMs): number {
  if (now < date) return date - now;
  return Math.min(0, date + SECOND_MS - 1 - now);
}
