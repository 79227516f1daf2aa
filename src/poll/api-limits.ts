import { DAY_MS } from '../lib/clock.ts';
import type { PollKind } from '../model/poll.ts';
import type { ReadFailure } from './task-reader.ts';

/** Limits of the API that are undocumented, so found by trying; kept for later reads of an account until the daily audit forgets them. */
export interface ApiLimits {
  /** The widest window by CreateTime, in milliseconds. */
  spanMs: number;
  /** The longest TaskIds list. */
  taskIdsMax: number;
  /** Rows of a page, as many as are asked for. */
  pageLimit: number;
  /** What `pageLimit` is until the API answers fewer: `PAGE_LIMIT`; the property reads smaller pages, to meet more of their edges in a second. */
  readonly pageMost: number;
}

/** A limit that was just found: a value was refused (of a page: not reached), a smaller one was taken. Spans in milliseconds, lists and pages by their length. */
export type LearntLimit = { readonly refused: number; readonly taken: number } & (
  | { readonly limit: 'span' | 'task-ids'; readonly code: string }
  | { readonly limit: 'page' }
);

/** Rows of a page, as documented. */
export const PAGE_LIMIT = 100;
/** What is assumed until the API refuses it. */
const TASK_IDS_MAX = 100;

/** What is known of an API that was not asked yet. */
export function assumedLimits(): ApiLimits {
  return { spanMs: Number.POSITIVE_INFINITY, taskIdsMax: TASK_IDS_MAX, pageLimit: PAGE_LIMIT, pageMost: PAGE_LIMIT };
}

/** One odd refusal must not cost for ever: from now on everything is tried again. */
export function forgetLimits(limits: ApiLimits): void {
  limits.spanMs = Number.POSITIVE_INFINITY;
  limits.taskIdsMax = TASK_IDS_MAX;
  limits.pageLimit = limits.pageMost;
}

/**
 * The limits as one reading goes by them: an audit that ends beside it does not forget a window or a page under its feet. What a poll finds is shared.
 * A background reading keeps these two to itself: it ends after the lookback, so it cannot tell a limit from a refusal that passed, and `live` would
 * be read in hundreds of such windows.
 */
export function limitsOfReading(shared: ApiLimits, kind: PollKind): ApiLimits {
  let { spanMs, pageLimit } = shared;
  return {
    pageMost: shared.pageMost,
    get pageLimit() {
      return pageLimit;
    },
    set pageLimit(found) {
      pageLimit = found;
      if (kind === 'poll') shared.pageLimit = Math.min(shared.pageLimit, found);
    },
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
export function limitSentence(learnt: LearntLimit): string {
  const { refused, taken } = learnt;
  if (learnt.limit === 'page')
    return `the API answers at most ${taken} rows where ${refused} are asked for; ${taken} are asked from now on`;
  return learnt.limit === 'span'
    ? `the API refused a window of ${days(refused)} days (${learnt.code}); windows of at most ${days(taken)} days are asked from now on`
    : `the API refused a list of ${refused} TaskIds (${learnt.code}); lists of at most ${taken} are asked from now on`;
}

function days(ms: number): string {
  return String(Math.round((ms / DAY_MS) * 10) / 10);
}
