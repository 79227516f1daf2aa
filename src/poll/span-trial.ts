import { DAY_MS, SECOND_MS } from '../lib/clock.ts';
import { type ApiLimits, type LearntLimit, mayBeALimit } from './api-limits.ts';
import type { ReadFailure } from './task-reader.ts';

const NARROWEST_MS = DAY_MS;
/** The limit is found when so little of it is still open: each poll until the next audit reads as many windows more than it would have to. */
const CLOSE_ENOUGH = 1 / 16;

/** The search of one range for the widest window that the API takes; it begins with the first refusal. */
export interface SpanTrial {
  /** The window to ask for, in milliseconds. */
  most(): number;
  /** A window was refused. True if a narrower one is worth trying. */
  narrow(spanMs: number, failure: ReadFailure): boolean;
  /** A window was taken. One that the range's end made narrower than the trial proves nothing. */
  taken(spanMs: number): void;
  /** The range is read; what was found by then is the limit. */
  over(): void;
}

/**
 * A refused window is halved down to a day, what is then taken is doubled until it is refused once more, and between these two the search goes on by
 * halves. What is taken is read, so that only refusals cost: about ten. A refusal that passes does not leave windows of a day behind; what is refused
 * however narrow it is, is refused for another reason and no limit.
 */
export function spanTrial({
  limits,
  learnt,
}: {
  readonly limits: ApiLimits;
  learnt(limit: LearntLimit): void;
}): SpanTrial {
  let trial = Number.POSITIVE_INFINITY;
  let refused: { spanMs: number; code: string } | null = null;
  let takenMs: number | null = null;
  /** Refused after something was taken. */
  let ceilingMs: number | null = null;
  const settle = (): void => {
    if (refused !== null && takenMs !== null) {
      if (takenMs < limits.spanMs) {
        limits.spanMs = takenMs;
        learnt({ limit: 'span', refused: refused.spanMs, taken: takenMs, code: refused.code });
      }
      trial = takenMs;
    }
    refused = null;
    takenMs = null;
    ceilingMs = null;
  };
  const approach = (low: number, high: number): void => {
    if (high - low <= CLOSE_ENOUGH * high) settle();
    else trial = wholeSecondsUp((low + high) / 2);
  };
  return {
    most: () => Math.min(trial, limits.spanMs),
    narrow(spanMs, failure) {
      if (!mayBeALimit(failure)) return false;
      if (takenMs !== null) {
        ceilingMs = spanMs;
        approach(takenMs, spanMs);
        return true;
      }
      if (spanMs <= NARROWEST_MS) return false;
      trial = Math.max(NARROWEST_MS, wholeSecondsUp(spanMs / 2));
      refused ??= { spanMs, code: failure.code };
      return true;
    },
    taken(spanMs) {
      if (refused === null || spanMs < trial) return;
      takenMs = trial;
      if (ceilingMs === null) trial = 2 * trial;
      else approach(takenMs, ceilingMs);
    },
    over: settle,
  };
}

function wholeSecondsUp(ms: number): number {
  return Math.ceil(ms / SECOND_MS) * SECOND_MS;
}
