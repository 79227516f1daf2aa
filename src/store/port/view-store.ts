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
  /** What the model's `hasText` looks for. */
  readonly text?: string;
}

/** How many tasks are alike. */
export interface AlikeCount {
  readonly account: string;
  readonly status: number;
  readonly typeId: number | null;
  readonly zone: string | null;
  readonly product: string | null;
  readonly dataLoss: boolean;
  readonly tasks: number;
}

/** How many open tasks are alike, and the nearest deadline of those that wait; an estimate that has lapsed is none. */
export interface OpenCount extends AlikeCount {
  /** They wait though their estimated deadlines passed hours ago; see the model's `hasLapsed`. */
  readonly lapsed: boolean;
  readonly nearestDeadline: EpochMs | null;
}

/** A message that told of a task, with what it said about it there. */
export interface MessageOfTask extends Omit<DeliveryRecord, 'taskIds'> {
  /** Oldest first. */
  readonly events: readonly { readonly event: string; readonly at: EpochMs; readonly rungMs: number | null }[];
}

/** Repairs that are alike and began in the same span. */
export interface StartedRepairs {
  readonly account: string;
  readonly zone: string | null;
  readonly dataLoss: boolean;
  /** True: a poll saw them start. False: they were first seen later, so the moment is the API's AuthTime, that of the authorization. */
  readonly seen: boolean;
  readonly tasks: number;
  /** One of them. */
  readonly taskId: string;
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
  /**
   * Open tasks in the order of every list (data loss, then deadline); closed ones newest change first. A part of a narrowed list may have fewer tasks
   * than `limit`, or none, though more follow: it looks through a bounded number of them.
   */
  taskPart(query: TaskQuery, after: string | null, limit: number, now: EpochMs): Promise<Part<StoredTask>>;
  openCounts(now: EpochMs): Promise<readonly OpenCount[]>;
  /** Of the closed tasks that changed last, at most about `most`; `whole`: there are no others. */
  closedCounts(most: number): Promise<{ readonly counts: readonly AlikeCount[]; readonly whole: boolean }>;
  /** Of each account the nearest deadline of what waits and nobody has acknowledged, estimates that have lapsed aside; accounts without one are left out. */
  nearestUnacknowledged(now: EpochMs): Promise<readonly { readonly account: string; readonly at: EpochMs }[]>;
  /** Tasks that wait and start by themselves before `to`, the earliest first, those that are overdue but have not lapsed included. */
  startingTasks(now: EpochMs, to: EpochMs, limit: number): Promise<readonly StoredTask[]>;
  /** Repairs that began in [from, to) and are under way or over, counted. */
  startedRepairs(from: EpochMs, to: EpochMs): Promise<readonly StartedRepairs[]>;
  /** Every message that told of the task, oldest first. */
  messagesOf(account: string, taskId: string): Promise<readonly MessageOfTask[]>;
}
