import type { EpochMs } from '../../lib/clock.ts';
import type { StoredTask } from './known.ts';
import type { DeliveryRecord } from './outbox-store.ts';

/** Which tasks of configured accounts; every condition that is given must hold, a list holds if one of its values does. */
export interface TaskQuery {
  /** `pending`: waits for authorization; `open`: that, processing and scheduled; `closed`: over, or no longer watched. */
  readonly state: 'pending' | 'open' | 'closed';
  readonly accounts?: readonly string[];
  readonly statuses?: readonly number[];
  readonly types?: readonly number[];
  readonly zones?: readonly string[];
  readonly products?: readonly string[];
}

/** How many open tasks are alike, and the nearest deadline of those that wait. */
export interface OpenCount {
  readonly account: string;
  readonly status: number;
  readonly typeId: number | null;
  readonly zone: string | null;
  readonly product: string | null;
  readonly dataLoss: boolean;
  readonly tasks: number;
  readonly nearestDeadline: EpochMs | null;
}

/** A message that told of a task, with what it said about it there. */
export interface MessageOfTask extends Omit<DeliveryRecord, 'taskIds'> {
  /** Oldest first. */
  readonly events: readonly { readonly event: string; readonly at: EpochMs; readonly rungMs: number | null }[];
}

/** The moment at which the vendor began a repair, as far as it was seen. */
export interface StartedRepair {
  readonly account: string;
  readonly taskId: string;
  readonly at: EpochMs;
  readonly dataLoss: boolean;
  readonly zone: string | null;
}

/** A part of a long list; `next` asks for what follows, null at the end. Text of ours: another's is refused with a RangeError. */
export interface Part<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** What people look at. Each verb reads a bounded part, so that no reader holds up anything else for long. */
export interface ViewStore {
  /** A text that differs once anything that is shown may have changed. */
  version(): Promise<string>;
  /** Open tasks in the order of every list (data loss, then deadline); closed ones newest change first. */
  taskPart(query: TaskQuery, after: string | null, limit: number): Promise<Part<StoredTask>>;
  openCounts(): Promise<readonly OpenCount[]>;
  /** Of each account the nearest deadline of what waits and nobody has acknowledged; accounts without one are left out. */
  nearestUnacknowledged(now: EpochMs): Promise<readonly { readonly account: string; readonly at: EpochMs }[]>;
  /** Tasks that wait and start by themselves before `to`, the earliest first, those that are overdue included. */
  startingTasks(to: EpochMs, limit: number): Promise<readonly StoredTask[]>;
  /** Repairs that began in [from, to), newest first. */
  startedRepairs(from: EpochMs, to: EpochMs, limit: number): Promise<readonly StartedRepair[]>;
  /** Every message that told of the task, oldest first. */
  messagesOf(account: string, taskId: string): Promise<readonly MessageOfTask[]>;
}
