import { DAY_MS } from '../lib/clock.ts';
import type { BegunPoll } from '../store/store.ts';
import type { ApiLimits } from './api-limits.ts';
import type { History } from './missing-history.ts';
import type { PollReading } from './reading.ts';

/** Since the last complete poll began. What piles up sooner is read by the poll itself, and so is news for the digests. */
const LONG_MS = DAY_MS;
/** More than this would hold the next look at what is pending up: three seconds at the full pace. */
const PAGES = 50;

/**
 * Whether the tasks of a stretch that no poll has read are left to the background: returns it where they are, null where the poll reads them. Only
 * after long downtime is the API asked how many there are; where it does not say, they may be many.
 */
export async function leftToHistory(
  stretch: History,
  { state, provenUntil }: BegunPoll,
  reading: PollReading,
  { pageLimit }: ApiLimits,
): Promise<History | null> {
  const { from, until } = stretch;
  // What an account has before its first poll is the backfill's anyway.
  if (state.checkpoint === null || from >= until || until - (provenUntil ?? 0) < LONG_MS) return null;
  const count = { ...reading.narrowing, limit: 1, offset: 0, startDate: from, endDate: until };
  const answer = await reading.read(count, 'new');
  if (answer.ok && answer.page.totalCount <= PAGES * pageLimit) return null;
  const tasks = answer.ok ? `${answer.page.totalCount} tasks` : 'the tasks';
  reading.note(`${tasks} created from ${text(from)} to ${text(until)} are read in the background`);
  return stretch;
}

function text(at: number): string {
  return new Date(at).toISOString();
}
