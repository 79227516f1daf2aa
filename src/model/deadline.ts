import { type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import type { RepairTask } from './task.ts';

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
const DISK_TASK_TYPES: readonly number[] = [103, 106];

export function deadlineOf(task: Pick<RepairTask, 'authTime' | 'createTime' | 'taskTypeId'>): Deadline {
  if (task.authTime !== null) return { certainty: 'stated', at: task.authTime };
  if (task.taskTypeId !== null && DISK_TASK_TYPES.includes(task.taskTypeId)) return { certainty: 'none', at: null };
  return { certainty: 'estimated', at: task.createTime + DEFAULT_START_AFTER_MS };
}
