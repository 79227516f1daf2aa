import type { EpochMs } from '../lib/clock.ts';

/**
 * The rung of the deadline ladder that is due for a task: the last of those that passed since something about the task was last told.
 * Rungs that had passed by then were part of that message. Null when none is due, or when the deadline itself is over.
 */
export function dueRung(deadline: EpochMs, rungsMs: readonly number[], toldAt: EpochMs, now: EpochMs): number | null {
  if (now >= deadline) return null;
  const passed = rungsMs.filter((rung) => deadline - rung > toldAt && deadline - rung <= now);
  return passed.length === 0 ? null : Math.min(...passed);
}
