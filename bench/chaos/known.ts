import { type EpochMs, SECOND_MS } from '../../src/lib/clock.ts';
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
  /** The other fields whose change in status 1 is told. */
  readonly watched: string;
}

export interface Step {
  readonly known: Known;
  readonly event: EventKind | null;
}

export const UNKNOWN: Known = { status: null, open: false, absent: 0, toldAuthTime: null, watched: '' };

const PENDING = 1;
const OPEN: readonly number[] = [1, 2, 4];
const ABSENT_POLLS = 2;

/** A row of the task is committed. */
export function seen(before: Known, row: VendorRow): Step {
  const status = Number(row.TaskStatus);
  const authTime = timeOf(row.AuthTime);
  const { AuthType, TaskTypeId, InstanceId, Product, TaskSubType } = row;
  const watched = JSON.stringify([AuthType, TaskTypeId, InstanceId, Product, TaskSubType]);
  const event = eventOf(before, status, authTime, watched);
  const told = event !== null || before.status === null || status !== PENDING;
  const toldAuthTime = told ? authTime : before.toldAuthTime;
  return { event, known: { status, open: OPEN.includes(status), absent: 0, toldAuthTime, watched } };
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

/** All times of a world are in one zone, so its offset does not matter. */
function timeOf(text: string | null): EpochMs | null {
  const second = text === null ? null : vendorSecond(text);
  return second === null ? null : second * SECOND_MS;
}
