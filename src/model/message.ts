import type { EpochMs } from '../lib/clock.ts';
import type { OperatorNotice, TaskEntry, TaskEventName } from './alert.ts';
import type { Deadline } from './deadline.ts';

/**
 * Why many alerts became one message. `first-run`: they were pending before repairwatch first looked at the account. `returned`: nothing could
 * be sent for a while.
 */
export type RollUpReason = 'first-run' | 'many' | 'returned';

/** Why nothing was sent for a while: the hook was gone or the login failed; or nobody ran, or an old copy of the store was put back. */
export interface Outage {
  readonly since: EpochMs;
  readonly why: 'down' | 'absent';
}

/** Tasks that share account, type, zone and event, told as a count that names each of them as far as there is room. */
export interface RollUpGroup {
  readonly account: string;
  readonly event: TaskEventName;
  /** What else of these tasks it settles, with how many of each; absent: nothing. */
  readonly also?: readonly (readonly [event: TaskEventName, count: number])[];
  /** The rungs of its reminders; absent: it has none. */
  readonly rungsMs?: readonly number[];
  readonly taskTypeId: number | null;
  readonly taskTypeName: string | null;
  readonly zone: string | null;
  readonly count: number;
  /** The nearest deadline of the group. */
  readonly earliest: Deadline;
  /** The ids that this message names; fewer than `count` only where the full list is said to be elsewhere. */
  readonly taskIds: readonly string[];
}

/** How many tasks are told, of which how many may lose data; so that each part of a roll-up can say the whole. */
export interface RollUpTotals {
  readonly tasks: number;
  /** Of those that still wait for authorization. */
  readonly dataLoss: number;
  /** After an outage: how many of them no longer wait for authorization. */
  readonly passed?: number;
}

export interface AccountReading {
  readonly account: string;
  /** The end of the account's last complete poll; null if there was none. */
  readonly lastCompleteAt: EpochMs | null;
  /** False when there was no complete poll for three intervals or yet, and where it is blocked: then what is pending in the account is not known. */
  readonly known: boolean;
}

export interface DigestFacts {
  readonly kind: 'digest';
  readonly name: string;
  readonly madeAt: EpochMs;
  readonly scheduledAt: EpochMs;
  /** Where the covered period begins: the previous digest of this name, or its first setting up. */
  readonly coversFrom: EpochMs;
  /** True when it was due while nobody was running. */
  readonly late: boolean;
  /** What waits now, data-loss tasks first, then by deadline. */
  readonly pending: readonly TaskEntry[];
  /** Since the last digest of this name: tasks first seen pending, tasks changed, tasks that left status 1. */
  readonly fresh: readonly TaskEntry[];
  readonly changed: readonly TaskEntry[];
  readonly left: readonly TaskEntry[];
  /** Later steps (4→2, 2→3, …) as "from" and "to" status. */
  readonly later: readonly LaterStep[];
  readonly accounts: readonly AccountReading[];
  /** Messages that could not be delivered and wait for `requeue`. */
  readonly deadMessages: number;
  /** How many each list leaves out, because a message must fit into memory and into a mail; absent: nothing. Never data-loss tasks. */
  readonly more?: Readonly<Record<DigestList, number>>;
}

export type DigestList = 'pending' | 'fresh' | 'changed' | 'left' | 'later';

export interface LaterStep {
  readonly account: string;
  readonly task: TaskEntry['task'];
  readonly at: EpochMs;
  /** null when the task was first seen in the later status. */
  readonly from: number | null;
  /** null when the task is no longer listed. */
  readonly to: number | null;
}

/** What a message says, frozen when it is made: the same facts give the same bytes however often it must be sent. */
export type MessageFacts =
  | { readonly kind: 'task'; readonly madeAt: EpochMs; readonly entry: TaskEntry }
  | {
      readonly kind: 'roll-up';
      readonly madeAt: EpochMs;
      readonly reason: RollUpReason;
      /** Where the reason is `returned`. */
      readonly outage?: Outage;
      /** True: the data-loss roll-up, where every task has its own line. */
      readonly dataLoss: boolean;
      readonly totals: RollUpTotals;
      /** Tasks told one by one. */
      readonly lines: readonly TaskEntry[];
      /** Tasks told as counts. */
      readonly groups: readonly RollUpGroup[];
      /** Tasks that other messages of this roll-up tell, so that a table of it can be whole; absent: none, or too many. */
      readonly elsewhere?: readonly TaskEntry[];
    }
  | { readonly kind: 'operator'; readonly madeAt: EpochMs; readonly notices: readonly OperatorNotice[] }
  | DigestFacts
  /** `send-test`: says that it is a sample and wraps what it samples. */
  | { readonly kind: 'sample'; readonly madeAt: EpochMs; readonly of: Exclude<MessageFacts, { kind: 'sample' }> };

/** A message on its way through a channel. */
export interface Message {
  /** Short, stable, unique: `rw-` and ten characters; shown in Slack, part of the Message-ID in mail. A repeat carries the same one. */
  readonly key: string;
  readonly facts: MessageFacts;
  /** Part `part` of `parts`, from 1. */
  readonly part: number;
  readonly parts: number;
  /** True when the channel refused the rich form and the plain one is to be tried. */
  readonly plain: boolean;
  /** What the channel asked to be given back at the next try (e.g. the recipients that are left); null at the first. */
  readonly resume: string | null;
}
