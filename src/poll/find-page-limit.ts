import type { ApiLimits, LearntLimit } from './api-limits.ts';
import type { Page, PageQuery, ReadResult } from './task-reader.ts';

/** Smaller pages than a tenth of what was asked for are an API in trouble, and would cost more than the pace allows. */
const LEAST_SHARE = 0.1;
/** A page of one row proves no second. */
const FEWEST = 2;

/**
 * Called with a page that is shorter than its TotalCount allows: true where the API answers no more rows than that, whatever the Limit, and it is worth
 * asking again. It must answer as many to the same request once more, go on at that offset with as many as are due, and give that many where no
 * more are asked for. Rows that were lost or are kept back fail one of the three, and leave the page what it was: no proof. What is then asked for in
 * smaller pages is judged as ever.
 */
export async function findPageLimit(
  page: Page,
  query: PageQuery,
  io: {
    readonly limits: ApiLimits;
    read(query: PageQuery): Promise<ReadResult>;
    learnt(limit: LearntLimit): void;
  },
): Promise<boolean> {
  const { limits } = io;
  const rows = countRows(page);
  const isClamped = rows < Math.min(query.limit, page.totalCount);
  if (query.offset > 0 || !isClamped || rows < Math.max(FEWEST, LEAST_SHARE * limits.pageMost)) return false;
  // Another range has found it while this page was on its way.
  if (limits.pageLimit < query.limit) return true;
  const again = await io.read(query);
  if (!again.ok || countRows(again.page) !== rows || again.page.totalCount <= rows) return false;
  const next = await io.read({ ...query, offset: rows });
  if (!next.ok || !goesOn(page, next.page)) return false;
  const smaller = await io.read({ ...query, limit: rows });
  if (!smaller.ok || countRows(smaller.page) !== rows) return false;
  limits.pageLimit = Math.min(limits.pageLimit, rows);
  io.learnt({ limit: 'page', refused: query.limit, taken: rows });
  return true;
}

function goesOn(page: Page, next: Page): boolean {
  const rows = countRows(page);
  const last = page.rows.at(-1)?.createTime ?? Number.NEGATIVE_INFINITY;
  return (
    countRows(next) === Math.min(rows, next.totalCount - rows) &&
    next.rows.every(({ createTime }) => createTime >= last)
  );
}

function countRows({ rows, bad }: Page): number {
  return rows.length + bad.length;
}
