import type { Page, PageQuery } from './task-reader.ts';

/** What is wrong with a page that must not be taken for an answer; null when nothing is. */
export function judgePage(page: Page, { offset, limit }: Pick<PageQuery, 'offset' | 'limit'>): string | null {
  const got = page.rows.length + page.bad.length;
  const tasks = countTasks(page);
  const due = Math.min(limit, Math.max(0, page.totalCount - offset));
  if (got < due)
    return `the API said TotalCount ${page.totalCount} and answered ${got} rows where ${due} were due (RequestId ${page.requestId})`;
  // Which task is repeated may be chance: another one was left out for it.
  if (tasks < due)
    return `the API said TotalCount ${page.totalCount} and answered ${got} rows of only ${tasks} tasks where ${due} were due (RequestId ${page.requestId})`;
  if (got > limit)
    return `the API answered ${got} rows where at most ${limit} were asked for (RequestId ${page.requestId})`;
  const descends = page.rows.some((row, at) => row.createTime < (page.rows[at - 1]?.createTime ?? row.createTime));
  return descends ? `the API answered a page that does not ascend by CreateTime (RequestId ${page.requestId})` : null;
}

/** Distinct ids; each row without one may be a task of its own. */
function countTasks({ rows, bad }: Page): number {
  const ids = [...rows, ...bad].map(({ taskId }) => taskId).filter((taskId) => taskId !== null && taskId !== '');
  return new Set(ids).size + rows.length + bad.length - ids.length;
}
