import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import { dealIds } from './deal-ids.ts';
import { recallSecond } from './known-second.ts';
import { readOfSecond, secondWindow, seeBounds } from './second-window.ts';
import type { BadRow, Page } from './task-reader.ts';
import type { DatedId, Narrowing, Problem, WalkIo, WalkProblem } from './walk.ts';

/** Passes over one overfull second. Each sees a random part of it; 60 passes see all of 2,000 rows in practice. */
const SECOND_PASSES = 60;
/**
 * So many passes must agree. No answer holds all rows, so no moment is seen whole: where one row goes as another comes the count holds, and a
 * lagging answer still shows what is gone. A row that was skipped shows itself in two of three later passes.
 */
const CONFIRMATIONS = 4;
/** Passes where rows have no id: one that can be read at times is counted twice, and hides another. */
const NAMELESS_CONFIRMATIONS = 12;

/** What the passes over one second have seen; nothing is in two of the three. */
interface Seen {
  /** Id → CreateTime: the window has its neighbours in it, since it is undocumented whether bounds belong to it. */
  readonly readable: Map<string, EpochMs>;
  /** Rows that could not be read, by their ids. */
  readonly named: Map<string, BadRow>;
  /** Those without an id, by their raw text and its number among equal ones of a page. */
  readonly nameless: Map<string, BadRow>;
}

interface Pass {
  readonly seen: Seen;
  readonly total: number;
  /** Something came, or the count was another: passes before it prove nothing any more. */
  readonly moved: boolean;
  readonly requestId: string;
}

/**
 * All rows of one second that overfills a page: by offset, without the status filter, since ids never leave a second while statuses move.
 * Proven when pass after pass the distinct rows equal a TotalCount that did not move, and after each of the last four every readable one answers
 * when asked by id under the same filters, in other company each time. Rows that cannot be read are counted by their raw text where they have no id, and set aside.
 */
export async function readSecond(second: EpochMs, io: WalkIo): Promise<WalkProblem> {
  const sighted = new Set<string>();
  const read: WalkIo['read'] = async (query) => {
    const answer = await io.read(query);
    if (answer.ok) for (const { taskId } of answer.page.rows) sighted.add(taskId);
    return answer;
  };
  const problem = await proveSecond(second, { ...io, read });
  // It is not proven, but what it showed is there.
  if (problem?.failure === null) await io.commitByIds([...sighted].map(datedIn(second)), {});
  return problem;
}

async function proveSecond(second: EpochMs, io: WalkIo): Promise<WalkProblem> {
  const { taskStatus: _moves, ...narrowing } = io.narrowing;
  const recalled = await recallSecond(second, io);
  if ('reason' in recalled) return recalled;
  if (recalled.whole) return null;
  let seen = nothing();
  for (const taskId of recalled.answered) seen.readable.set(taskId, second);
  let total = seen.readable.size;
  let confirmed = 0;
  for (let passes = 0; passes < SECOND_PASSES; passes += 1) {
    const pass = await readPass(seen, total, second, io);
    if ('reason' in pass) return pass;
    if (pass.moved) confirmed = 0;
    ({ seen, total } = pass);
    if (countOf(seen) < total) continue;
    const settled = countOf(seen) > total ? 'moved' : await settle(pass, second, confirmed + 1, narrowing, io);
    if (typeof settled === 'object') return settled;
    confirmed = settled === 'moved' ? 0 : confirmed + 1;
    if (settled === 'moved') seen = nothing();
    if (confirmed < needed(seen)) continue;
    io.proved([...seen.readable.values()].filter((createTime) => createTime === second).length);
    return null;
  }
  const text = new Date(second).toISOString();
  return { reason: `the ${total} tasks created around ${text} kept moving while they were read`, failure: null };
}

/** Once through all offsets. A count that moves begins anew with what is seen from then on. */
async function readPass(before: Seen, countBefore: number, second: EpochMs, io: WalkIo): Promise<Pass | Problem> {
  const window = secondWindow(second, io);
  let seen = before;
  let total = countBefore;
  let requestId = '';
  const whole = countOf(before);
  for (let offset = 0; offset === 0 || offset < total; offset += window.limit) {
    io.signal.throwIfAborted();
    const query = { ...window, offset };
    const page = await readOfSecond(query, io);
    if ('reason' in page) return page;
    // Its neighbours are in this window: once asked without them, it is smaller.
    if (seeBounds(page, query, io.bounds))
      return { seen: nothing(), total: -1, requestId: page.requestId, moved: true };
    if (page.totalCount !== total) seen = nothing();
    total = page.totalCount;
    add(seen, page);
    requestId = page.requestId;
  }
  return { seen, total, requestId, moved: seen !== before || countOf(seen) !== whole };
}

/** Whether every readable row is still there. Rows that could be read by then are read; the others are set aside as they were seen. */
async function settle(
  { seen, requestId }: Pass,
  second: EpochMs,
  round: number,
  narrowing: Narrowing,
  io: WalkIo,
): Promise<'same' | 'moved' | Problem> {
  // Passes alone tell a row that is counted twice; whether every one is still there is what the last rounds ask, as many as elsewhere.
  if (round + CONFIRMATIONS <= needed(seen)) return 'same';
  const dated = datedIn(second);
  const readable = await io.commitByIds(dealIds([...seen.readable.keys()], round).map(dated), narrowing);
  if (readable.failure !== null) return { reason: readable.failure.message, failure: readable.failure };
  if (!readable.ok) return 'moved';
  if (round < needed(seen)) return 'same';
  const named = await io.commitByIds([...seen.named.keys()].map(dated), narrowing);
  if (named.failure !== null) return { reason: named.failure.message, failure: named.failure };
  const unanswered = new Set(named.unanswered);
  const rest = [...seen.named].filter(([taskId]) => unanswered.has(taskId)).map(([, row]) => row);
  await io.setAside([...rest, ...seen.nameless.values()], requestId);
  return 'same';
}

/** Neighbours of the second are in its window, too. */
function datedIn(second: EpochMs): (taskId: string) => DatedId {
  return (taskId) => ({ taskId, createTime: second - SECOND_MS });
}

function needed({ nameless }: Seen): number {
  return nameless.size > 0 ? NAMELESS_CONFIRMATIONS : CONFIRMATIONS;
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
