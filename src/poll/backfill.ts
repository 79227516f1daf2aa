import { walkIo, whyInterrupted } from './poll.ts';
import { openReading, type PollDeps, type PolledAccount } from './reading.ts';
import { type Range, walk } from './walk.ts';

export interface BackfillSummary {
  readonly account: string;
  readonly complete: boolean;
  readonly reason: string | null;
  readonly requests: number;
  readonly tasks: number;
}

/**
 * The account's history before its first poll, read in the background at a low priority, so that `live` never waits for it.
 * Each range's cursor is committed with its page: after a kill it goes on where it was. Null when there is nothing left to read.
 */
export async function backfill(
  account: PolledAccount,
  deps: PollDeps,
  signal: AbortSignal,
): Promise<BackfillSummary | null> {
  const { store, clock } = deps;
  const { name } = account.config;
  const ranges: Range[] = (await store.backfillRanges(name)).map((range) => ({ ...range }));
  if (ranges.length === 0) return null;
  const { poll, state } = await store.beginPoll(name, 'backfill', clock.now());
  const reading = openReading(account, poll, state, deps, signal);
  const io = walkIo('backfill', reading.narrowing, account, reading, signal);
  try {
    const set = await reading.set('backfill', () =>
      walk(ranges, {
        ...io,
        async split(range, at) {
          const rest = await store.splitBackfill(name, range.id, at);
          range.until = at;
          return { ...rest };
        },
      }),
    );
    await reading.end({
      result: set.complete ? 'complete' : 'incomplete',
      reason: set.reason,
      sets: [set],
      checkpoint: null,
    });
    if (set.complete)
      for (const range of await store.backfillRanges(name)) await store.finishBackfillRange(name, range.id);
    return { account: name, complete: set.complete, reason: set.reason, requests: set.requests, tasks: set.distinct };
  } catch (error) {
    const end = { result: 'interrupted', reason: whyInterrupted(signal), sets: [], checkpoint: null } as const;
    await reading
      .end(end)
      .catch((trouble: unknown) => deps.log.warn('poll-not-ended', { account: name, poll: poll.id, error: trouble }));
    throw error;
  }
}
