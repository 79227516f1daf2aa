import { type EpochMs, MINUTE_MS } from '../lib/clock.ts';
import { deadlineOf } from '../model/deadline.ts';
import { hasBegun, PENDING, type RepairTask } from '../model/task.ts';
import type { StoredTask } from '../store/store.ts';

const EARLY_BY_MS = 15 * MINUTE_MS;
/** A person started or booked it, and may do so whenever they like. A preset policy is none: nobody chose this moment. */
const BY_A_PERSON = 'Customer_auth';

/**
 * The deadline that was told of a task that waited, where the repair has begun more than 15 minutes before it and no person began it; else null: a sign
 * that shown deadlines are too late. It began at its authorization, where that is told, else at the latest now, by the API's clock. Pure.
 */
export function startedEarly(
  { task, toldAuthTime }: Pick<StoredTask, 'task' | 'toldAuthTime'>,
  seen: RepairTask,
  now: EpochMs,
): EpochMs | null {
  if (task.taskStatus !== PENDING || !hasBegun(seen) || seen.authSource === BY_A_PERSON) return null;
  const deadline = deadlineOf({ ...task, authTime: toldAuthTime }).at;
  const begunAt = Math.min(now, seen.authTime ?? now);
  return deadline !== null && deadline - begunAt > EARLY_BY_MS ? deadline : null;
}
