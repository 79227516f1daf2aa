import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import { judgePage } from './judge-page.ts';
import type { BadRow, Page, PageQuery } from './task-reader.ts';
import type { WalkIo, WalkProblem } from './walk.ts';

/** Passes over one overfull second. Each sees a random part of it; 60 passes see all of 2,000 rows in practice. */
const SECOND_PASSES = 60;

/** What the passes over one second have seen; nothing is in two of the three. */
interface Seen {
  /** Id → CreateTime: the window has its neighbours in it, since it is undocumented whether bounds belong to it. */
  readonly readable: Map<string, EpochMs>;
  /** Rows that could not be read, by their ids. */
  readonly named: Map<string, BadRow>;
  /** Those without an id, by their raw text and its number among equal ones of a page. */
  readonly nameless: Map<string, BadRow>;
}

/**
 * All rows of one second that overfills a page: by offset, without the status filter, since ids never leave a second while statuses move.
 * Proven when the distinct rows equal a TotalCount that did not move, every readable one answers when asked by id, and the count still
 * holds then. Rows that cannot be read are counted by their raw text where they have no id, and set aside.
 */
export async function readSecond(second: EpochMs, io: WalkIo): Promise<WalkProblem> {
  const { taskStatus: _moves, ...narrowing } = io.narrowing;
  const { pageLimit } = io.limits;
  const window = { ...narrowing, limit: pageLimit, startDate: second - SECOND_MS, endDate: second + SECOND_MS };
  let seen = nothing();
  let total: number | null = null;
  let offset = 0;
  for (let pages = 0; pages < SECOND_PASSES * Math.max(1, Math.ceil((total ?? 0) / pageLimit)); pages += 1) {
    io.signal.throwIfAborted();
    const answer = await io.read({ ...window, offset });
    if (!answer.ok) return { reason: answer.failure.message, failure: answer.failure };
    const problem = judgePage(answer.page, offset, io.limits);
    if (problem !== null) return { reason: problem, failure: null };
    // A row that could not be read once and then could would count twice, so too many are no better than a count that moved.
    if (answer.page.totalCount !== total || countOf(seen) > total) seen = nothing();
    total = answer.page.totalCount;
    add(seen, answer.page);
    if (countOf(seen) === total) {
      const settled = await settleSecond(seen, second, window, io);
      if (settled === 'proven') return null;
      if (settled !== 'moved') return settled;
      total = null;
    }
    offset = offset + pageLimit >= (total ?? 0) ? 0 : offset + pageLimit;
  }
  const text = new Date(second).toISOString();
  return { reason: `the ${total ?? 0} tasks created around ${text} kept moving while they were read`, failure: null };
}

async function settleSecond(
  seen: Seen,
  second: EpochMs,
  window: Omit<PageQuery, 'offset'>,
  io: WalkIo,
): Promise<'proven' | 'moved' | NonNullable<WalkProblem>> {
  const dated = (taskId: string) => ({ taskId, createTime: window.startDate });
  const readable = await io.commitByIds([...seen.readable.keys()].map(dated));
  if (readable.failure !== null) return { reason: readable.failure.message, failure: readable.failure };
  if (!readable.ok) return 'moved';
  // Perhaps they can be read now; what is not even answered is set aside as it was seen.
  const named = await io.commitByIds([...seen.named.keys()].map(dated));
  if (named.failure !== null) return { reason: named.failure.message, failure: named.failure };
  const again = await io.read({ ...window, offset: 0 });
  if (!again.ok) return { reason: again.failure.message, failure: again.failure };
  if (again.page.totalCount !== countOf(seen)) return 'moved';
  const unanswered = new Set(named.unanswered);
  const rest = [...seen.named].filter(([taskId]) => unanswered.has(taskId)).map(([, row]) => row);
  await io.setAside([...rest, ...seen.nameless.values()], again.page.requestId);
  io.proved([...seen.readable.values()].filter((createTime) => createTime === second).length);
  return 'proven';
}

function nothing(): Seen {
  return { readable: new Map(), named: new Map(), nameless: new Map() };
}

function countOf({ readable, named, nameless }: Seen): number {
  return readable.size + named.size + nameless.size;
}

function add(seen: Seen, page: Page): void {
  for (const { taskId, createTime } of page.rows) {
    seen.readable.set(taskId, createTime);
    seen.named.delete(taskId);
  }
  const equal = new Map<string, number>();
  for (const row of page.bad) {
    if (row.taskId !== null && row.taskId !== '') {
      if (!seen.readable.has(row.taskId)) seen.named.set(row.taskId, row);
      continue;
    }
    const number = equal.get(row.raw) ?? 0;
    equal.set(row.raw, number + 1);
    seen.nameless.set(`${number} ${row.raw}`, row);
  }
}
