import type { EpochMs } from '../lib/clock.ts';
import type { Silence } from './silence.ts';
import { PENDING, type RepairTask } from './task.ts';

/** The events of design: what a route may ask for. `operator` goes to the operator's channels whatever the routes say. */
export const TASK_EVENTS = ['pending', 'changed', 'left', 'reminder'] as const;
export type TaskEventName = (typeof TASK_EVENTS)[number];

/** The fields whose change, while a task is in status 1, is worth a message. */
export type WatchedField = 'authTime' | 'authType' | 'taskTypeId' | 'instanceId' | 'product' | 'taskSubType';

export interface FieldChange {
  readonly field: WatchedField;
  /** As in `RepairTask`: `authTime` is epoch milliseconds. */
  readonly before: string | number | null;
  readonly after: string | number | null;
}

/** How a task left status 1. `unlisted`: the API no longer lists it; that is all we know, it does not mean resolved. */
export type LeftHow = 'processing' | 'scheduled' | 'ended' | 'cancelled' | 'avoided' | 'unlisted' | 'other';

/** One thing that happened to a pending task and is worth telling. */
export type TaskEvent =
  | {
      readonly event: 'pending';
      readonly at: EpochMs;
      readonly again: boolean;
      /** Told only now, or once more, because a silence that held something back is over. */
      readonly after?: { readonly over: 'mute' | 'ack'; readonly firstSeenAt: EpochMs };
    }
  | { readonly event: 'changed'; readonly at: EpochMs; readonly changes: readonly FieldChange[] }
  | {
      readonly event: 'left';
      readonly at: EpochMs;
      readonly how: LeftHow;
      /** The new TaskStatus; null when the task is no longer listed. */
      readonly status: number | null;
      /** AuthSource at that moment. */
      readonly by: string | null;
      /** The deadline that was told, where the repair began noticeably before it and no person began it. */
      readonly expectedAt?: EpochMs;
    }
  | {
      readonly event: 'reminder';
      readonly at: EpochMs;
      /** The rung of the ladder, e.g. 4 h, in milliseconds before the deadline; 0 or less: overdue, or no deadline is known. */
      readonly rungMs: number;
      /** The deadline that it reminds of; null or absent where none is known. */
      readonly deadline?: EpochMs | null;
      /** False where the channel's ladder has a later rung before the deadline. */
      readonly last?: boolean;
      /** The end of the account's last complete reading where that is no longer recent; null: it was never read. */
      readonly readAt?: EpochMs | null;
    };

/** What the operator is told; each has an episode: said once when it begins, once when it is over. */
export const OPERATOR_CODES = [
  'account-blocked',
  'poll-stale',
  'tasks-vanished',
  'rows-set-aside',
  'unknown-value',
  'unrouted',
  'message-dead',
  'lane-down',
  'messages-waiting',
  'store-unwritable',
  'recipient-refused',
  'channel-removed',
  'reload-refused',
  'clock-off',
  'late-task',
  'audit-found',
] as const;
export type OperatorCode = (typeof OPERATOR_CODES)[number];

export interface OperatorNotice {
  readonly event: 'operator';
  readonly at: EpochMs;
  readonly code: OperatorCode;
  /** What it is about: an account's, a channel's, a field's name. Together with the code it names the episode. */
  readonly subject: string;
  /** True for the message that ends the episode. */
  readonly over: boolean;
  /** Values that the text needs, by name; text from outside is hostile until escaped. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** A task together with its account and what has happened to it: the unit of every message, list and digest. */
export interface TaskEntry {
  readonly account: string;
  readonly task: RepairTask;
  readonly events: readonly TaskEvent[];
  /** Of the task's state, when the message was made: what an acknowledgement refers to. */
  readonly revision?: number;
  /** Who has taken it on, and what keeps it silent; in digests. */
  readonly silence?: Silence;
}

/** True where the task no longer waits for authorization, as its status or the last that happened to it says. */
export function hasPassed({ task, events }: TaskEntry): boolean {
  return task.taskStatus !== PENDING || events.at(-1)?.event === 'left';
}
