import { type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import { PENDING, type RepairTask } from './task.ts';

/**
 * When the vendor starts a pending task if nobody acts, and how sure that is:
 * `stated`: the API gave an AuthTime; `estimated`: CreateTime + 48 h; `none`: no automatic start is documented (disk tasks).
 */
export type Deadline =
  | { readonly certainty: 'stated' | 'estimated'; readonly at: EpochMs }
  | { readonly certainty: 'none'; readonly at: null };

/** AuthTime must move by this much, from what was last told, to be worth a message. */
export const AUTH_TIME_TOLERANCE_MS = 5 * MINUTE_MS;

const DEFAULT_START_AFTER_MS = 48 * HOUR_MS;
/** An estimate that passed this long ago was wrong: the vendor did not keep to it. */
const ESTIMATE_HOLDS_MS = 4 * HOUR_MS;
const DISK_TASK_TYPES: readonly number[] = [103, 106];

export function deadlineOf(task: Pick<RepairTask, 'authTime' | 'createTime' | 'taskTypeId'>): Deadline {
  if (task.authTime !== null) return { certainty: 'stated', at: task.authTime };
  if (task.taskTypeId !== null && DISK_TASK_TYPES.includes(task.taskTypeId)) return { certainty: 'none', at: null };
  return { certainty: 'estimated', at: task.createTime + DEFAULT_START_AFTER_MS };
}

/**
 * From when on the deadline of a task that waits says nothing any more, so that the task is to be checked and not hurried: some hours after an estimate.
 * Null: never, since the API gave the deadline, none is known, or the task does not wait.
 */
export function lapsesAt(
  task: Pick<RepairTask, 'authTime' | 'createTime' | 'taskTypeId' | 'taskStatus'>,
): EpochMs | null {
  const { certainty, at } = deadlineOf(task);
  return task.taskStatus === PENDING && certainty === 'estimated' ? at + ESTIMATE_HOLDS_MS : null;
}

/** True where the task waits though its estimated deadline passed hours ago. */
export function hasLapsed(task: Parameters<typeof lapsesAt>[0], now: EpochMs): boolean {
  const at = lapsesAt(task);
  return at !== null && at <= now;
}
