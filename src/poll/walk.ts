import { DAY_MS, type EpochMs, SECOND_MS } from '../lib/clock.ts';
import type { Page, PageQuery, ReadFailure, ReadResult } from './task-reader.ts';

/** What is walked: the seconds [cursor, until) of CreateTime, under filters that do not depend on time. */
export interface Range {
  readonly id: number;
  /** The first second that is not proven yet; grows. */
  cursor: EpochMs;
  /** null: without an end, so that a wrong zone or a task of this very second cannot hide. */
  until: EpochMs | null;
}

export type Narrowing = Pick<PageQuery, 'taskStatus' | 'taskTypeIds' | 'instanceIds' | 'aliases' | 'product'>;

/** Limits of the API that are undocumented, so found by trying, and kept for all later reads of an account. */
export interface ApiLimits {
  /** The widest window by CreateTime, in milliseconds. */
  spanMs: number;
  /** The longest TaskIds list. */
  taskIdsMax: number;
  /** Rows of a page: `PAGE_LIMIT`, which is documented; the property reads smaller pages, to meet more of their edges in a second. */
  readonly pageLimit: number;
}

/** A task to ask for by id. The time says which window must hold it: no later than its CreateTime, and within a second of it. */
export interface DatedId {
  readonly taskId: string;
  readonly createTime: EpochMs;
}

/** What the walk needs from the world. */
export interface WalkIo {
  readonly narrowing: Narrowing;
  read(query: PageQuery): Promise<ReadResult>;
  /** Commits the rows of a page; afterwards every second of the range before `cursor` is proven. */
  commit(page: Page, range: Range, cursor: EpochMs): Promise<void>;
  /** Reads these tasks anew and commits them; not `ok` where not every one was answered. */
  commitByIds(tasks: readonly DatedId[]): Promise<{ readonly ok: boolean; readonly failure: ReadFailure | null }>;
  /** Cuts a range: it now ends at `at`, the returned one goes on from there. */
  split(range: Range, at: EpochMs): Promise<Range>;
  readonly limits: ApiLimits;
  readonly serverNow: () => EpochMs;
  readonly signal: AbortSignal;
}

/** Why a range was not proven to its end; null when it was. */
export type WalkProblem = { readonly reason: string; readonly failure: ReadFailure | null } | null;

export const PAGE_LIMIT = 100;
const MAX_RANGES = 64;
/** A range is cut only while it has this many pages to go: every cut costs about one short page. */
const PAGES_WORTH_A_CUT = 10;
const NARROWEST_SPAN_MS = DAY_MS;
/** Passes over one overfull second. Each sees a random part of it; 60 passes see all of 2,000 rows in practice. */
const SECOND_PASSES = 60;

/**
 * Reads every row of the ranges, or says why not. Always asks with Offset 0, ascending, from one second before the cursor: a full page
 * proves all seconds before its last one, whatever moves meanwhile. Long ranges are cut and walked side by side; the pace orders them.
 * A range that the API fails does not stop the others; a throw (the store's trouble, a stop) stops all, and is thrown once none of them acts any more.
 */
export async function walk(ranges: readonly Range[], io: WalkIo): Promise<WalkProblem> {
  const problems: NonNullable<WalkProblem>[] = [];
  const thrown: unknown[] = [];
  const read: WalkIo['read'] = (query) => (thrown.length > 0 ? Promise.reject(thrown[0]) : io.read(query));
  let made = ranges.length;
  const walkOne = async (range: Range): Promise<void> => {
    const cuts: Promise<void>[] = [];
    const maybeCut = async (remaining: number): Promise<void> => {
      if (made >= MAX_RANGES || remaining < PAGES_WORTH_A_CUT * io.limits.pageLimit) return;
      const at = middle(range, io.serverNow());
      if (at === null) return;
      made += 1;
      cuts.push(walkOne(await io.split(range, at)));
    };
    try {
      const problem = await walkRange(range, { ...io, read }, maybeCut);
      if (problem !== null) problems.push(problem);
    } catch (error) {
      thrown.push(error);
    }
    await Promise.all(cuts);
  };
  await Promise.all(ranges.map(walkOne));
  if (thrown.length > 0) throw thrown[0];
  return problems[0] ?? null;
}

async function walkRange(
  range: Range,
  io: WalkIo,
  maybeCut: (remaining: number) => Promise<void>,
): Promise<WalkProblem> {
  while (range.until === null || range.cursor < range.until) {
    io.signal.throwIfAborted();
    const window = nextWindow(range, io);
    const answer = await io.read(windowQuery(window, io));
    if (!answer.ok) {
      if (narrowSpan(window, answer.failure, io)) continue;
      return { reason: answer.failure.message, failure: answer.failure };
    }
    const problem = judgePage(answer.page, 0, io.limits);
    if (problem !== null) return { reason: problem, failure: null };
    const { page } = answer;
    if (page.totalCount <= io.limits.pageLimit) {
      const proven = window.end ?? lastSecond(page) ?? range.cursor;
      await io.commit(page, range, proven);
      range.cursor = proven;
      if (window.end === null) return null;
      continue;
    }
    const last = lastSecond(page);
    if (last === null)
      return { reason: `not one row of a page of ${page.rows.length + page.bad.length} could be read`, failure: null };
    if (last <= range.cursor) {
      const overfull = await readSecond(range.cursor, io);
      if (overfull !== null) return overfull;
      range.cursor += SECOND_MS;
      continue;
    }
    await io.commit(page, range, last);
    range.cursor = last;
    await maybeCut(page.totalCount - page.rows.length);
  }
  return null;
}

interface Window {
  readonly start: EpochMs;
  readonly end: EpochMs | null;
}

/** From one second before the cursor, since it is undocumented whether bounds belong to the window; not wider than the API takes. */
function nextWindow(range: Range, io: WalkIo): Window {
  const start = range.cursor - SECOND_MS;
  const furthest = start + io.limits.spanMs;
  if (range.until === null) return { start, end: furthest >= io.serverNow() ? null : furthest };
  return { start, end: Math.min(range.until, furthest) };
}

function windowQuery(window: Window, { narrowing, limits }: WalkIo): PageQuery {
  const query = { ...narrowing, limit: limits.pageLimit, offset: 0, startDate: window.start };
  return window.end === null ? query : { ...query, endDate: window.end };
}

/** True where the API refused a value: perhaps because it passes one of the limits that are found by trying. */
export function mayBeALimit(failure: ReadFailure): boolean {
  return failure.kind === 'refused' && failure.code.startsWith('InvalidParameter');
}

/** A refused wide window may be too wide: halve it and try again, down to a day. True if it was narrowed. */
function narrowSpan(window: Window, failure: ReadFailure, io: WalkIo): boolean {
  if (!mayBeALimit(failure)) return false;
  const span = (window.end ?? io.serverNow()) - window.start;
  if (span <= NARROWEST_SPAN_MS) return false;
  const half = Math.ceil(span / 2 / SECOND_MS) * SECOND_MS;
  io.limits.spanMs = Math.min(io.limits.spanMs, Math.max(NARROWEST_SPAN_MS, half));
  return true;
}

/** What is wrong with a page that must not be taken for an answer; null when nothing is. */
export function judgePage(page: Page, offset: number, { pageLimit }: ApiLimits): string | null {
  const got = page.rows.length + page.bad.length;
  const due = Math.min(pageLimit, Math.max(0, page.totalCount - offset));
  if (got < due)
    return `the API said TotalCount ${page.totalCount} and answered ${got} rows where ${due} were due (RequestId ${page.requestId})`;
  if (got > pageLimit)
    return `the API answered ${got} rows where at most ${pageLimit} were asked for (RequestId ${page.requestId})`;
  const descends = page.rows.some((row, at) => row.createTime < (page.rows[at - 1]?.createTime ?? row.createTime));
  return descends ? `the API answered a page that does not ascend by CreateTime (RequestId ${page.requestId})` : null;
}

function lastSecond(page: Page): EpochMs | null {
  return page.rows.at(-1)?.createTime ?? null;
}

function middle(range: Range, now: EpochMs): EpochMs | null {
  const end = range.until ?? now;
  const at = range.cursor + Math.floor((end - range.cursor) / 2 / SECOND_MS) * SECOND_MS;
  return at > range.cursor && at < end ? at : null;
}

/**
 * All rows of one second that overfills a page: by offset, without the status filter, since ids never leave a second while statuses move.
 * Proven when the distinct ids equal a TotalCount that did not move, every one of them answers when asked by id, and the count still holds then.
 */
async function readSecond(second: EpochMs, io: WalkIo): Promise<WalkProblem> {
  const { taskStatus: _moves, ...narrowing } = io.narrowing;
  const { pageLimit } = io.limits;
  const window = { ...narrowing, limit: pageLimit, startDate: second - SECOND_MS, endDate: second + SECOND_MS };
  let seen = new Set<string>();
  let total: number | null = null;
  let offset = 0;
  for (let pages = 0; pages < SECOND_PASSES * Math.max(1, Math.ceil((total ?? 0) / pageLimit)); pages += 1) {
    io.signal.throwIfAborted();
    const answer = await io.read({ ...window, offset });
    if (!answer.ok) return { reason: answer.failure.message, failure: answer.failure };
    const problem = judgePage(answer.page, offset, io.limits);
    if (problem !== null) return { reason: problem, failure: null };
    if (answer.page.totalCount !== total) {
      total = answer.page.totalCount;
      seen = new Set();
    }
    for (const row of answer.page.rows) seen.add(row.taskId);
    for (const row of answer.page.bad) seen.add(row.taskId ?? row.raw);
    if (seen.size === total) {
      const settled = await settleSecond(seen, window, io);
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
  seen: ReadonlySet<string>,
  window: Omit<PageQuery, 'offset'>,
  io: WalkIo,
): Promise<'proven' | 'moved' | NonNullable<WalkProblem>> {
  const byIds = await io.commitByIds([...seen].map((taskId) => ({ taskId, createTime: window.startDate })));
  if (byIds.failure !== null) return { reason: byIds.failure.message, failure: byIds.failure };
  if (!byIds.ok) return 'moved';
  const again = await io.read({ ...window, offset: 0 });
  if (!again.ok) return { reason: again.failure.message, failure: again.failure };
  return again.page.totalCount === seen.size ? 'proven' : 'moved';
}
