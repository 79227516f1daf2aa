import { type EpochMs, SECOND_MS, wholeSecond } from '../lib/clock.ts';
import type { ApiLimits, LearntLimit } from './api-limits.ts';
import { findPageLimit } from './find-page-limit.ts';
import { judgePage } from './judge-page.ts';
import { readSecond } from './overfull-second.ts';
import { type BoundsSeen, seeBounds } from './second-window.ts';
import { createSideBySide } from './side-by-side.ts';
import { type SpanTrial, spanTrial } from './span-trial.ts';
import type { BadRow, Page, PageQuery, ReadFailure, ReadResult } from './task-reader.ts';

/** What is walked: the seconds [cursor, until) of CreateTime, under filters that do not depend on time. */
export interface Range {
  readonly id: number;
  /** The first second that is not proven yet; grows. */
  cursor: EpochMs;
  /** null: without an end, so that a wrong zone or a task of this very second cannot hide. */
  until: EpochMs | null;
}

export type Narrowing = Pick<PageQuery, 'taskStatus' | 'taskTypeIds' | 'instanceIds' | 'aliases' | 'product'>;

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
  /** Reads these tasks anew and commits them; not `ok` where not every one was answered under these filters. */
  commitByIds(
    tasks: readonly DatedId[],
    narrowing: Narrowing,
  ): Promise<{
    readonly ok: boolean;
    /** Whether an answer differs from what was stored. */
    readonly changed: boolean;
    readonly unanswered: readonly string[];
    readonly failure: ReadFailure | null;
  }>;
  /** The stored tasks of a second; `quiet` where nothing of them is news since the last complete poll began. */
  known(second: EpochMs): Promise<{ readonly taskIds: readonly string[]; readonly quiet: boolean }>;
  /** What this reading has seen of the API's bounds. */
  readonly bounds: BoundsSeen;
  /** Seconds that this reading has read whole, whatever their tasks' status. */
  readonly wholeSeconds: Set<EpochMs>;
  /** So many readable tasks lie in seconds that were just proven. */
  proved(tasks: number): void;
  /** Keeps rows that cannot be read and that no committed page holds. */
  setAside(rows: readonly BadRow[], requestId: string): Promise<void>;
  /** Cuts a range: it now ends at `at`, the returned one goes on from there. */
  split(range: Range, at: EpochMs): Promise<Range>;
  readonly limits: ApiLimits;
  /** Called when `limits` was narrowed, since the API took a smaller value only. */
  learnt(limit: LearntLimit): void;
  readonly serverNow: () => EpochMs;
  readonly signal: AbortSignal;
}

/** Why a range was not proven to its end. */
export interface Problem {
  readonly reason: string;
  readonly failure: ReadFailure | null;
}

/** Null: the range was proven. */
export type WalkProblem = Problem | null;

/** All that a walk makes, since every cut costs about one short page. */
const MAX_RANGES = 64;
/** A range is cut only while it has this many requests to go. */
const REQUESTS_WORTH_A_CUT = 10;

/**
 * Reads every row of the ranges, or says why not. Always asks with Offset 0, ascending, from one second before the cursor: a full page
 * proves all seconds before its last one, whatever moves meanwhile; one that is not full proves its window. Long ranges are cut and walked
 * side by side, as many as the API's slowness makes worth it; the pace orders them.
 * A range that the API fails does not stop the others; a throw (the store's trouble, a stop) stops all, and is thrown once none of them acts any more.
 */
export async function walk(ranges: readonly Range[], io: WalkIo): Promise<WalkProblem> {
  const problems: Problem[] = [];
  const thrown: unknown[] = [];
  const sideBySide = createSideBySide(MAX_RANGES);
  const read: WalkIo['read'] = async (query) => {
    if (thrown.length > 0) throw thrown[0];
    const answer = await io.read(query);
    if (answer.ok) sideBySide.answered(answer.answeredInMs);
    return answer;
  };
  let made = ranges.length;
  let walked = 0;
  const walkOne = async (range: Range): Promise<void> => {
    const cuts: Promise<void>[] = [];
    const maybeCut = async (tasksLeft: number): Promise<void> => {
      if (
        made >= MAX_RANGES ||
        walked >= sideBySide.wanted() ||
        requestsLeft(range, tasksLeft, io) < REQUESTS_WORTH_A_CUT
      )
        return;
      const at = middle(range, io.serverNow());
      if (at === null) return;
      made += 1;
      cuts.push(walkOne(await io.split(range, at)));
    };
    walked += 1;
    try {
      const problem = await walkRange(range, { ...io, read }, maybeCut);
      if (problem !== null) problems.push(problem);
    } catch (error) {
      thrown.push(error);
    } finally {
      walked -= 1;
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
  maybeCut: (tasksLeft: number) => Promise<void>,
): Promise<WalkProblem> {
  const span = spanTrial(io);
  while (range.until === null || range.cursor < range.until) {
    io.signal.throwIfAborted();
    const step = await readWindow(range, io, span, maybeCut);
    if (step === 'end') break;
    if (step !== 'on') return step;
  }
  span.over();
  return null;
}

/** `on`: there may be more of the range; `end`: the API has no more of it. */
type Step = 'on' | 'end' | Problem;

/** Reads the range's next window and proves what its page proves. Not a part of the loop, whose frame would hold each page until the next one has come. */
async function readWindow(
  range: Range,
  io: WalkIo,
  span: SpanTrial,
  maybeCut: (tasksLeft: number) => Promise<void>,
): Promise<Step> {
  const window = nextWindow(range, span.most(), io);
  const query = windowQuery(window, io);
  const answer = await io.read(query);
  if (!answer.ok) {
    if (span.narrow((window.end ?? io.serverNow()) - window.start, answer.failure)) return 'on';
    return { reason: answer.failure.message, failure: answer.failure };
  }
  span.taken((window.end ?? io.serverNow()) - window.start);
  const { page } = answer;
  const problem = judgePage(page, query);
  if (problem !== null) {
    // It proves nothing, but what it shows is there.
    await io.commit(page, range, range.cursor);
    if (await findPageLimit(page, query, io)) return 'on';
    return { reason: problem, failure: null };
  }
  const last = lastSecond(page);
  // Not by TotalCount: it may have been counted a moment before or after the rows were read.
  if (page.rows.length + page.bad.length < query.limit) {
    await prove(range, page, window.end ?? last ?? range.cursor, window.end ?? Number.POSITIVE_INFINITY, io);
    if (window.end === null) return 'end';
    await maybeCut(0);
    return 'on';
  }
  if (last === null)
    return { reason: `not one row of a page of ${page.rows.length + page.bad.length} could be read`, failure: null };
  if (last <= range.cursor) return readCursorSecond(range, window, page, io);
  await prove(range, page, last, last, io);
  await maybeCut(page.totalCount - page.rows.length);
  return 'on';
}

/** A page that is full before the cursor's second is over: of seconds before it, or of that second itself. */
async function readCursorSecond(range: Range, window: Window, page: Page, io: WalkIo): Promise<Step> {
  // Tasks of the second before the cursor have filled it: once asked without them, there may be room.
  if (window.start < range.cursor && seeBounds(page, { startDate: window.start }, io.bounds)) return 'on';
  if (!io.wholeSeconds.has(range.cursor)) {
    const overfull = await readSecond(range.cursor, io);
    if (overfull !== null) return overfull;
    io.wholeSeconds.add(range.cursor);
  }
  range.cursor += SECOND_MS;
  return 'on';
}

/** Commits a page that proves every second of the range before `cursor`; its tasks before `before` are counted. */
async function prove(range: Range, page: Page, cursor: EpochMs, before: EpochMs, io: WalkIo): Promise<void> {
  await io.commit(page, range, cursor);
  io.proved(countBetween(page, range.cursor, before));
  range.cursor = cursor;
}

interface Window {
  readonly start: EpochMs;
  readonly end: EpochMs | null;
}

/** From one second before the cursor, since it is undocumented whether bounds belong to the window; not wider than `spanMs`. */
function nextWindow(range: Range, spanMs: number, io: WalkIo): Window {
  const serverNow = io.serverNow();
  const start = io.bounds.start ? range.cursor : range.cursor - SECOND_MS;
  const furthest = start + spanMs;
  if (range.until === null) return { start, end: furthest >= serverNow ? null : furthest };
  return { start, end: Math.min(range.until, furthest) };
}

function windowQuery(window: Window, { narrowing, limits }: WalkIo): PageQuery {
  const query = { ...narrowing, limit: limits.pageLimit, offset: 0, startDate: window.start };
  return window.end === null ? query : { ...query, endDate: window.end };
}

function lastSecond(page: Page): EpochMs | null {
  return page.rows.at(-1)?.createTime ?? null;
}

/** Neighbouring windows overlap by a second, so only what lies in the proven part counts. */
function countBetween({ rows }: Page, from: EpochMs, before: EpochMs): number {
  return rows.filter(({ createTime }) => createTime >= from && createTime < before).length;
}

/** As many as its tasks fill pages, or its seconds fill windows where the API limits these. */
function requestsLeft({ cursor, until }: Range, tasks: number, { limits, serverNow }: WalkIo): number {
  return Math.max(tasks / limits.pageLimit, ((until ?? serverNow()) - cursor) / limits.spanMs);
}

function middle(range: Range, now: EpochMs): EpochMs | null {
  const end = range.until ?? now;
  const at = range.cursor + wholeSecond((end - range.cursor) / 2);
  return at > range.cursor && at < end ? at : null;
}
