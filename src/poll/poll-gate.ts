import { type Clock, SECOND_MS } from '../lib/clock.ts';
import { createPlaces } from '../lib/places.ts';

/** Bounds how many accounts are read at a time in this process, and with it the memory that their answers take. */
export interface PollGate {
  /** Before a poll; resolves with what to call after it. Rejects with the signal's reason when it is aborted first. */
  enter(account: string, signal: AbortSignal): Promise<() => void>;
  /** The same before the history of an account is read, which holds up to 64 answers at a time. */
  enterHistory(signal: AbortSignal): Promise<() => void>;
}

/** At 8 polls a second, 500 accounts in a minute, each may take 3 s; and so many first pages of 100 rows are some 10 MB. */
const QUICK = 24;
const SLOW = 8;
const HISTORIES = 4;
/** As long as one request may take unless configured: after it a poll mostly waits, which takes no memory, and others must not wait with it. */
const HOLD_MS = 10 * SECOND_MS;

/**
 * A poll gives its place back after ten seconds even where it is not over. An account whose last poll took longer comes through places of its own, so
 * that hundreds whose endpoint hangs delay each other and nobody else.
 */
export function createPollGate(clock: Pick<Clock, 'sleep'>): PollGate {
  const quick = createPlaces(QUICK);
  const slow = createPlaces(SLOW);
  const histories = createPlaces(HISTORIES);
  const wasSlow = new Set<string>();
  return {
    async enter(account, signal) {
      const leave = await (wasSlow.has(account) ? slow : quick).enter(signal);
      const over = new AbortController();
      wasSlow.delete(account);
      clock.sleep(HOLD_MS, over.signal).then(
        () => {
          wasSlow.add(account);
          leave();
        },
        () => undefined, // it was over in time
      );
      return () => {
        over.abort();
        leave();
      };
    },
    enterHistory: (signal) => histories.enter(signal),
  };
}
