import { DAY_MS, type EpochMs, SECOND_MS } from '../../src/lib/clock.ts';
import { AUTH_TIME_TOLERANCE_MS } from '../../src/model/deadline.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';
import { vendorSecond } from '../../src/sandbox/vendor-time.ts';

export const EVENT_KINDS = ['pending', 'changed', 'left'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What the program must take a task for after what it has committed; written anew from the promises, not from the program. */
export interface Known {
  /** null: never seen, or no longer listed. */
  readonly status: number | null;
  readonly open: boolean;
  /** Polls in a row in which it was asked for alone and not answered. */
  readonly absent: number;
  readonly toldAuthTime: EpochMs | null;
  /** When Tencent starts it if nobody acts, by what was told; null: not pending, or no start is documented. In the world's own zone. */
  readonly deadline: EpochMs | null;
  /** The other fields whose change in status 1 is told. */
  readonly watched: string;
}

export interface Step {
  readonly known: Known;
  readonly event: EventKind | null;
}

export const UNKNOWN: Known = { status: null, open: false, absent: 0, toldAuthTime: null, deadline: null, watched: '' };

const PENDING = 1;
const OPEN: readonly number[] = [1, 2, 4];
const ABSENT_POLLS = 2;
const DISK_TYPES: readonly number[] = [103, 106];

/** A row of the task is committed. */
export function seen(before: Known, row: VendorRow): Step {
  const status = Number(row.TaskStatus);
  const authTime = timeOf(row.AuthTime);
  const { AuthType, TaskTypeId, InstanceId, Product, TaskSubType } = row;
  const watched = JSON.stringify([AuthType, TaskTypeId, InstanceId, Product, TaskSubType]);
  const event = eventOf(before, status, authTime, watched);
  const told = event !== null || before.status === null || status !== PENDING;
  const toldAuthTime = told ? authTime : before.toldAuthTime;
  const deadline = status === PENDING ? deadlineOf(row, toldAuthTime) : null;
  return { event, known: { status, open: OPEN.includes(status), absent: 0, toldAuthTime, deadline, watched } };
}

/** The time that was told, else two days after the creation; for a disk there is none. */
function deadlineOf({ TaskTypeId, CreateTime }: VendorRow, toldAuthTime: EpochMs | null): EpochMs | null {
  if (toldAuthTime !== null || DISK_TYPES.includes(Number(TaskTypeId))) return toldAuthTime;
  const created = timeOf(CreateTime);
  return created === null ? null : created + 2 * DAY_MS;
}

/** The task was asked for alone and is not listed. */
export function missed(before: Known): Step {
  if (!before.open) return { known: before, event: null };
  const absent = before.absent + 1;
  if (absent < ABSENT_POLLS) return { known: { ...before, absent }, event: null };
  return { known: UNKNOWN, event: before.status === PENDING ? 'left' : null };
}

function eventOf(before: Known, status: number, authTime: EpochMs | null, watched: string): EventKind | null {
  if (status !== PENDING) return before.status === PENDING ? 'left' : null;
  if (before.status !== PENDING) return 'pending';
  return watched !== before.watched || moved(before.toldAuthTime, authTime) ? 'changed' : null;
}

function moved(before: EpochMs | null, after: EpochMs | null): boolean {
  if (before === null || after === null) return before !== after;
  return Math.abs(after - before) >= AUTH_TIME_TOLERANCE_MS;
}

/** In the world's own zone: as if it were UTC. */
function timeOf(text: string | null): EpochMs | null {
  const second = text === null ? null : vendorSecond(text);
  return second === null ? null : second * SECOND_MS;
}
