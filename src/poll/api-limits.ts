import { DAY_MS } from '../lib/clock.ts';
import type { PollKind } from '../model/poll.ts';
import type { ReadFailure } from './task-reader.ts';

/** Limits of the API that are undocumented, so found by trying; kept for later reads of an account until the daily audit forgets them. */
export interface ApiLimits {
  /** The widest window by CreateTime, in milliseconds. */
  spanMs: number;
  /** The longest TaskIds list. */
  taskIdsMax: number;
  /** Rows of a page: `PAGE_LIMIT`, which is documented; the property reads smaller pages, to meet more of their edges in a second. */
  readonly pageLimit: number;
}

/** A limit that was just found: a value was refused, a smaller one was taken. Spans in milliseconds, lists by their length. */
export interface LearntLimit {
  readonly limit: 'span' | 'task-ids';
  readonly refused: number;
  readonly taken: number;
  readonly code: string;
}

/** Rows of a page, as documented. */
export const PAGE_LIMIT = 100;
/** What is assumed until the API refuses it. */
const TASK_IDS_MAX = 100;

/** What is known of an API that was not asked yet. */
export function assumedLimits(): ApiLimits {
  return { spanMs: Number.POSITIVE_INFINITY, taskIdsMax: TASK_IDS_MAX, pageLimit: PAGE_LIMIT };
}

/** One odd refusal must not cost for ever: from now on everything is tried again. */
export function forgetLimits(limits: ApiLimits): void {
  limits.spanMs = Number.POSITIVE_INFINITY;
  limits.taskIdsMax = TASK_IDS_MAX;
}

/**
 * The limits as one reading goes by them: an audit that ends beside it does not forget a window under its feet. What a poll finds is shared. A
 * background reading keeps the window that it found to itself: it ends after the lookback, so it cannot tell a limit from a refusal that passed,
 * and `live` would be read in hundreds of such windows.
 */
export function limitsOfReading(shared: ApiLimits, kind: PollKind): ApiLimits {
  let { spanMs } = shared;
  return {
    pageLimit: shared.pageLimit,
    get spanMs() {
      return spanMs;
    },
    set spanMs(found) {
      spanMs = found;
      if (kind === 'poll') shared.spanMs = Math.min(shared.spanMs, found);
    },
    get taskIdsMax() {
      return shared.taskIdsMax;
    },
    set taskIdsMax(found) {
      shared.taskIdsMax = found;
    },
  };
}

/** True where the API refused a value: perhaps because it passes one of the limits that are found by trying. */
export function mayBeALimit(failure: ReadFailure): boolean {
  return failure.kind === 'refused' && failure.code.startsWith('InvalidParameter');
}

/** The ledger's sentence for a limit. */
export function limitSentence({ limit, refused, taken, code }: LearntLimit): string {
  return limit === 'span'
    ? `the API refused a window of ${days(refused)} days (${code}); windows of at most ${days(taken)} days are asked from now on`
    : `the API refused a list of ${refused} TaskIds (${code}); lists of at most ${taken} are asked from now on`;
}

function days(ms: number): string {
  return String(Math.round((ms / DAY_MS) * 10) / 10);
}
