import type { Meter } from '../lib/meter.ts';
import { limitsOfReading } from './api-limits.ts';
import { BackfillMeter, type OnBackfill } from './backfill-progress.ts';
import { recheck, walkIo } from './poll.ts';
import { openReading, type PollDeps, type PolledAccount } from './reading.ts';
import { type Range, type WalkIo, walk } from './walk.ts';

export interface BackfillDeps extends PollDeps {
  /** Called with each page of a backfill, and at its end. */
  readonly onBackfill?: OnBackfill;
  readonly meter?: Pick<Meter, 'read'>;
}

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
  polled: PolledAccount,
  deps: BackfillDeps,
  signal: AbortSignal,
): Promise<BackfillSummary | null> {
  const { store, clock } = deps;
  const account = { ...polled, limits: limitsOfReading(polled.limits, 'backfill') };
  const { name } = account.config;
  const ranges: Range[] = (await store.backfillRanges(name)).map((range) => ({ ...range }));
  if (ranges.length === 0) return null;
  const begun = await store.beginPoll(name, 'backfill', clock.now());
  const reading = openReading(account, begun, deps, signal);
  const meter = new BackfillMeter(name, ranges, clock.monotonic());
  const tell = (over = false): void => deps.onBackfill?.(meter.progress(clock.monotonic(), over));
  const cut: Range[] = [];
  const io = metered(walkIo('backfill', reading.narrowing, account, reading, signal), meter, tell);
  try {
    const set = await reading.set('backfill', async () => {
      const problem = await walk(ranges, {
        ...io,
        async split(range, at) {
          const rest = await store.splitBackfill(name, range.id, at);
          range.until = at;
          const other = { ...rest };
          meter.cut(range, other);
          cut.push(other);
          return other;
        },
      });
      return problem ?? recheck(account, reading, 'backfill');
    });
    await reading.end({
      result: set.complete ? 'complete' : 'incomplete',
      reason: set.reason,
      checkpoint: null,
    });
    // Not all that are stored: a poll may have left one more meanwhile.
    if (set.complete) for (const { id } of [...ranges, ...cut]) await store.finishBackfillRange(name, id);
    return { account: name, complete: set.complete, reason: set.reason, requests: set.requests, tasks: set.distinct };
  } catch (error) {
    await reading.interrupted();
    throw error;
  } finally {
    tell(true);
  }
}

type Io = Omit<WalkIo, 'split'>;

/** The walk's way to the world, with its progress told after each page. */
function metered(io: Io, meter: BackfillMeter, tell: () => void): Io {
  return {
    ...io,
    async read(query) {
      const answer = await io.read(query);
      meter.asked(answer.cost.requests);
      return answer;
    },
    async commit(page, range, cursor) {
      await io.commit(page, range, cursor);
      meter.page(page, range, cursor);
    },
    proved(tasks) {
      io.proved(tasks);
      meter.proved(tasks);
      tell();
    },
  };
}
