import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import { judgePage } from './judge-page.ts';
import type { Page, PageQuery } from './task-reader.ts';
import type { Problem, WalkIo } from './walk.ts';

/**
 * Whether a bound's own second belongs to its window, which is undocumented: true once an answer has shown a row of it. Known for one reading
 * only, and used only where a second overfills a page.
 */
export interface BoundsSeen {
  start: boolean;
  end: boolean;
}

/** The narrowest window that is sure to hold the second; without the status filter, since ids never leave a second while statuses move. */
export function secondWindow(second: EpochMs, { narrowing, limits, bounds }: WalkIo): Omit<PageQuery, 'offset'> {
  const { taskStatus: _moves, ...still } = narrowing;
  return {
    ...still,
    limit: limits.pageLimit,
    startDate: bounds.start ? second : second - SECOND_MS,
    endDate: bounds.end ? second : second + SECOND_MS,
  };
}

/** A page that can be taken for an answer, or why there is none. */
export async function readOfSecond(query: PageQuery, io: WalkIo): Promise<Page | Problem> {
  const answer = await io.read(query);
  if (!answer.ok) return { reason: answer.failure.message, failure: answer.failure };
  const problem = judgePage(answer.page, query);
  return problem === null ? answer.page : { reason: problem, failure: null };
}

/** Notes which bounds a page has shown to belong to its window; true if one of them was news. */
export function seeBounds(
  { rows }: Page,
  { startDate, endDate }: Pick<PageQuery, 'startDate' | 'endDate'>,
  bounds: BoundsSeen,
): boolean {
  const { start, end } = bounds;
  bounds.start ||= rows[0]?.createTime === startDate;
  bounds.end ||= endDate !== undefined && rows.at(-1)?.createTime === endDate;
  return bounds.start !== start || bounds.end !== end;
}
