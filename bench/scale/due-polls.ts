import type { EpochMs } from '../../src/lib/clock.ts';
import type { PollRecord } from '../../src/model/poll.ts';
import { phaseOf, spreadOf } from '../../src/poll/poll-ticks.ts';

export type Ended = Pick<PollRecord, 'account' | 'startedAt' | 'endedAt' | 'result'>;

/** What became of the polls that were due in a window. */
export interface DuePolls {
  readonly due: number;
  /** Those that began before the next one was due, and were whole. */
  readonly done: number;
  /** Of each that was done, how long after its place in the schedule it began. */
  readonly lateMs: readonly number[];
}

/** A timer may be a moment early. */
const EARLY_MS = 20;

/** Every account has its place after each tick of a schedule that ticks at the multiples of `everyMs`; `polls` are all that began from then on. */
export function duePolls(
  accounts: readonly string[],
  everyMs: number,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
  polls: readonly Ended[],
): DuePolls {
  const spreadMs = spreadOf(accounts.length, everyMs);
  const whole = polls.filter(({ result }) => result === 'complete');
  const starts = Map.groupBy(whole, ({ account }) => account);
  const lateMs: number[] = [];
  let due = 0;
  for (const account of accounts) {
    const placeMs = phaseOf(account) * spreadMs;
    const first = Math.ceil((from - placeMs) / everyMs) * everyMs + placeMs;
    for (let at = first; at < to; at += everyMs) {
      due += 1;
      const begun = starts.get(account)?.find(({ startedAt }) => isFor(at, everyMs, startedAt));
      if (begun !== undefined) lateMs.push(Math.max(0, begun.startedAt - at));
    }
  }
  return { due, done: lateMs.length, lateMs };
}

function isFor(dueAt: EpochMs, everyMs: number, startedAt: EpochMs): boolean {
  return startedAt >= dueAt - EARLY_MS && startedAt < dueAt + everyMs - EARLY_MS;
}
