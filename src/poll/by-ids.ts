import { DAY_MS, type EpochMs, SECOND_MS, wholeSecond } from '../lib/clock.ts';
import type { SetName } from '../model/poll.ts';
import { type ApiLimits, mayBeALimit } from './api-limits.ts';
import { isBackground } from './diff.ts';
import { findPageLimit } from './find-page-limit.ts';
import { judgePage } from './judge-page.ts';
import type { PollReading } from './reading.ts';
import type { Page, PageQuery, Priority, ReadFailure } from './task-reader.ts';
import type { DatedId, Narrowing } from './walk.ts';

export interface ByIdsResult {
  /** The ids that the API did not answer. */
  readonly unanswered: readonly string[];
  /** Whether an answer differs from what was stored before. */
  readonly changed: boolean;
  /** Rows that could not be read and had no id: each may be one of the unanswered. */
  readonly nameless: number;
  /** Why the reading stopped; null when it went through. */
  readonly reason: string | null;
  readonly failure: ReadFailure | null;
}

/**
 * Asks for tasks by id, under filters only where these are asked about, and commits what is answered. A StartDate is always sent: without it the API
 * would only look at today. A refused list is halved; the limit is remembered and told once a shorter one was taken, since what is refused
 * alone too is refused for another reason.
 */
export async function readByIds(
  reading: PollReading,
  set: SetName,
  tasks: readonly DatedId[],
  limits: ApiLimits,
  priority: Priority,
  narrowing: Narrowing = {},
): Promise<ByIdsResult> {
  const queue = [...tasks].sort((a, b) => a.createTime - b.createTime);
  const unanswered: string[] = [];
  let nameless = 0;
  let changed = false;
  let most = limits.taskIdsMax;
  let refused: { length: number; code: string } | null = null;
  const io = {
    limits,
    read: (query: PageQuery) => reading.read(query, priority),
    learnt: isBackground(set) ? () => undefined : reading.learnt,
  };
  let at = 0;
  while (at < queue.length) {
    const batch = nextBatch(queue, at, { ...limits, taskIdsMax: most });
    const query = { ...narrowing, ...queryOf(batch, limits, reading.serverNow()) };
    const answer = await io.read(query);
    if (!answer.ok) {
      if (batch.length > 1 && mayBeALimit(answer.failure)) {
        most = Math.floor(batch.length / 2);
        refused ??= { length: batch.length, code: answer.failure.code };
        continue;
      }
      return { unanswered, changed, nameless, failure: answer.failure, reason: answer.failure.message };
    }
    if (refused !== null) {
      limits.taskIdsMax = most;
      reading.learnt({ limit: 'task-ids', refused: refused.length, taken: most, code: refused.code });
      refused = null;
    }
    if (await reading.commit(set, answer.page)) changed = true;
    const problem = judgePage(answer.page, query) ?? judgeIds(answer.page, batch);
    if (problem !== null && (await findPageLimit(answer.page, query, io))) continue;
    if (problem !== null) return { unanswered, changed, nameless, failure: null, reason: problem };
    const answered = new Set([...answer.page.rows, ...answer.page.bad].map((row) => row.taskId));
    unanswered.push(...batch.filter((task) => !answered.has(task.taskId)).map((task) => task.taskId));
    nameless += answer.page.bad.filter(({ taskId }) => taskId === null || taskId === '').length;
    at += batch.length;
  }
  return { unanswered, changed, nameless, failure: null, reason: null };
}

/** What is not in an answer that does not go by the ids may still be there. */
function judgeIds({ rows, requestId }: Page, asked: readonly DatedId[]): string | null {
  const ids = new Set(asked.map(({ taskId }) => taskId));
  return rows.every(({ taskId }) => ids.has(taskId))
    ? null
    : `the API answered tasks that were not in the TaskIds that were asked for (RequestId ${requestId})`;
}

/** As many as the API takes in one list, and no more than one window holds. */
function nextBatch(queue: readonly DatedId[], at: number, limits: ApiLimits): readonly DatedId[] {
  const first = queue[at]?.createTime ?? 0;
  const batch = queue.slice(at, at + Math.min(limits.taskIdsMax, limits.pageLimit));
  // A second less, since the window's bounds may not belong to it.
  const widest = limits.spanMs - before(limits) - 2 * SECOND_MS;
  const beyond = batch.findIndex((task) => task.createTime - first > widest);
  return beyond > 0 ? batch.slice(0, beyond) : batch;
}

/** The window begins so long before its first task: a day, since only the day of a bound is sure; less where the API takes no window of two days. */
function before(limits: ApiLimits): number {
  return Math.min(DAY_MS, wholeSecond(limits.spanMs / 2));
}

function queryOf(batch: readonly DatedId[], limits: ApiLimits, serverNow: EpochMs): PageQuery {
  const first = batch[0]?.createTime ?? serverNow;
  const startDate = wholeSecond(first - before(limits));
  const query = { limit: limits.pageLimit, offset: 0, startDate, taskIds: batch.map((task) => task.taskId) };
  if (!Number.isFinite(limits.spanMs)) return query;
  // Without an end it would go to the API's now, which a wrong zone may put beyond the widest window.
  const last = batch.at(-1)?.createTime ?? first;
  return { ...query, endDate: Math.min(startDate + limits.spanMs, last + DAY_MS) };
}
