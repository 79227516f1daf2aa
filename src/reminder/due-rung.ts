import { DAY_MS, type EpochMs, MINUTE_MS } from '../lib/clock.ts';

/** A task that starts on time is seen as started by the next poll, so "overdue" waits a little. */
export const OVERDUE_AFTER_MS = 10 * MINUTE_MS;

/** What is due for one channel, and when something can be due next. */
export interface Due {
  /** Milliseconds before the deadline; 0: overdue; −n days: n days later. Null: nothing is due. */
  readonly rungMs: number | null;
  /** After `now`. */
  readonly nextAt: EpochMs;
}

/**
 * The rung of the deadline ladder that is due for a task: the last of those that passed since something about the task was last told.
 * Rungs that had passed by then were part of that message. Null when none is due, or when the deadline itself is over.
 */
export function dueRung(deadline: EpochMs, rungsMs: readonly number[], toldAt: EpochMs, now: EpochMs): number | null {
  if (now >= deadline) return null;
  const passed = rungsMs.filter((rung) => deadline - rung > toldAt && deadline - rung <= now);
  return passed.length === 0 ? null : Math.min(...passed);
}

/** Before the deadline its rungs, after it "overdue" once, then each day. */
export function dueByDeadline(deadline: EpochMs, rungsMs: readonly number[], toldAt: EpochMs, now: EpochMs): Due {
  const overdueAt = deadline + OVERDUE_AFTER_MS;
  if (now >= overdueAt) return daily(overdueAt, toldAt, now);
  const ahead = rungsMs.map((rung) => deadline - rung).filter((at) => at > now);
  return { rungMs: dueRung(deadline, rungsMs, toldAt, now), nextAt: Math.min(overdueAt, ...ahead) };
}

/** Without a known deadline: each day after something about the task was last told. */
export function dueWithoutDeadline(toldAt: EpochMs, now: EpochMs): Due {
  return daily(toldAt, toldAt, now);
}

/** Day 0 is `from`; a day that had come when the task was last told is part of that message. */
function daily(from: EpochMs, toldAt: EpochMs, now: EpochMs): Due {
  const days = Math.max(0, Math.floor((now - from) / DAY_MS));
  const isDue = from + days * DAY_MS > toldAt && now >= from;
  return { rungMs: isDue ? 0 - days * DAY_MS : null, nextAt: from + (days + 1) * DAY_MS };
}
