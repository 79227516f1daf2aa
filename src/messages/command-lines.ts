import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import { deadlineOf } from '../model/deadline.ts';
import { PENDING, type RepairTask } from '../model/task.ts';

/** A value that stands unquoted on a command line must be one of these; anything else leaves the line out. */
const ID = /^[a-z]+-[0-9a-z]+$/;
const ID_MAX = 64;
const PRODUCTS: readonly string[] = ['CVM', 'CDH', 'CPM2.0'];

/** The vendor takes bookings 5 minutes to 48 hours ahead, in Beijing time. */
const BOOK_AHEAD_MS = HOUR_MS;
const BOOK_STEP_MS = 30 * MINUTE_MS;
const BOOK_SOONEST_MS = 15 * MINUTE_MS;
const BOOK_LATEST_MS = 2 * DAY_MS;
const DEADLINE_STEP_MS = 5 * MINUTE_MS;
const BEIJING_OFFSET_MS = 8 * HOUR_MS;

export interface AuthorizeCommands {
  /** Starts the repair at a booked time. */
  readonly booked: string;
  /** Starts the repair at once; cannot be undone. */
  readonly immediate: string;
}

/** True for an id that may be shown in a command or as code. */
export function isSafeId(id: string | null): id is string {
  return id !== null && id.length <= ID_MAX && ID.test(id);
}

/** An hour ahead on a round time; before the deadline where that comes sooner and there is still time to book. */
export function bookingTime(task: RepairTask, now: EpochMs): EpochMs {
  const round = Math.ceil((now + BOOK_AHEAD_MS) / BOOK_STEP_MS) * BOOK_STEP_MS;
  const deadline = deadlineOf(task).at;
  if (deadline === null || round < deadline) return Math.min(round, now + BOOK_LATEST_MS);
  const before = Math.floor((deadline - 1) / DEADLINE_STEP_MS) * DEADLINE_STEP_MS;
  return before >= now + BOOK_SOONEST_MS ? before : round;
}

/** "YYYY-MM-DD HH:MM:SS" in Beijing time, as the API takes it. */
export function beijingTime(at: EpochMs): string {
  return new Date(at + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** The line that acknowledges a task as it is at `revision`; null where that or the id is not known to be safe. */
export function ackCommand(taskId: string, revision: number | undefined): string | null {
  if (revision === undefined || !isSafeId(taskId)) return null;
  return `repairwatch ack ${taskId} --revision ${revision} --by NAME`;
}

/** The lines that authorize a pending task; null where an id or the product is not known to be safe. Never the lossy form. */
export function authorizeCommands(task: RepairTask, now: EpochMs): AuthorizeCommands | null {
  if (task.taskStatus !== PENDING) return null;
  if (task.product === null || !PRODUCTS.includes(task.product)) return null;
  if (!isSafeId(task.instanceId) || !isSafeId(task.taskId)) return null;
  const immediate = `tccli cvm RepairTaskControl --Product ${task.product} --InstanceIds '["${task.instanceId}"]' --TaskId ${task.taskId} --Operate AuthorizeRepair`;
  return { booked: `${immediate} --OrderAuthTime '${beijingTime(bookingTime(task, now))}'`, immediate };
}
