import type { EpochMs } from '../../lib/clock.ts';
import type { OperatorNotice, TaskEvent } from '../../model/alert.ts';
import type { Message, MessageFacts, Outage } from '../../model/message.ts';
import type { Silences } from '../../model/silence.ts';
import type { RepairTask } from '../../model/task.ts';
import type { Withheld } from './silence-store.ts';

/** A released alert that waits for one channel and belongs to no message yet. */
export interface WaitingAlert {
  readonly id: number;
  readonly channel: string;
  readonly at: EpochMs;
  readonly firstRun: boolean;
  readonly dataLoss: boolean;
  readonly subject:
    | {
        readonly kind: 'task';
        readonly account: string;
        readonly task: RepairTask;
        readonly revision: number;
        /** False once the task has left status 1 or is no longer listed. */
        readonly waits: boolean;
        readonly event: TaskEvent;
      }
    | { readonly kind: 'operator'; readonly notice: OperatorNotice };
}

/** A message to be frozen, with the alerts that it settles. */
export interface MessagePlan {
  readonly channel: string;
  readonly facts: MessageFacts;
  readonly part: number;
  readonly parts: number;
  readonly alertIds: readonly number[];
}

export interface ClaimedMessage {
  readonly id: number;
  readonly channel: string;
  readonly message: Message;
  /** Tries begun, this one included. */
  readonly attempt: number;
  /** Tries that ended in trouble of the channel, which is what the pause goes by; a try that was cut off is none of them. */
  readonly failures: number;
  readonly madeAt: EpochMs;
  /** True when an earlier try may have been accepted. */
  readonly mayRepeat: boolean;
  /** Lane-up time it has waited, in milliseconds, up to the last try. */
  readonly upAgeMs: number;
  readonly lastTryAt: EpochMs | null;
}

export type Claim =
  | { readonly kind: 'message'; readonly claimed: ClaimedMessage }
  /** Nothing may be sent now; `nextAt` is when the oldest message of the lane is due, null when none waits. */
  | { readonly kind: 'nothing'; readonly nextAt: EpochMs | null };

/** What became of a claimed message. */
export type Settlement =
  | {
      readonly state: 'delivered';
      readonly at: EpochMs;
      readonly receipt: string;
      /** What stays undone nevertheless, e.g. recipients who are refused for good; absent: nothing. */
      readonly reason?: string;
    }
  | {
      readonly state: 'waiting';
      readonly at: EpochMs;
      readonly nextAt: EpochMs;
      readonly reason: string;
      readonly plain: boolean;
      readonly resume: string | null;
      readonly mayRepeat: boolean;
      readonly upAgeMs: number;
      readonly failures: number;
      /** Nothing can be delivered until someone acts; a start is a sign that someone did. */
      readonly down: boolean;
    }
  | UnknownSettlement
  | { readonly state: 'dead'; readonly at: EpochMs; readonly reason: string };

/** It may have been accepted, and is repeated as it was. */
export interface UnknownSettlement {
  readonly state: 'unknown';
  readonly at: EpochMs;
  /** The repeat waits until then, and with `keepsLease` until the lease of the try has ended. */
  readonly nextAt: EpochMs;
  readonly keepsLease: boolean;
  readonly reason: string;
  readonly upAgeMs: number;
  readonly failures: number;
}

export interface DeliveryRecord {
  readonly id: number;
  readonly key: string;
  readonly channel: string;
  readonly kind: MessageFacts['kind'];
  /** `unknown`: the last try may have been accepted; it is repeated at `nextAt`. */
  readonly state: 'waiting' | 'sending' | 'unknown' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly madeAt: EpochMs;
  readonly settledAt: EpochMs | null;
  readonly nextAt: EpochMs | null;
  readonly reason: string | null;
  readonly receipt: string | null;
  readonly taskIds: readonly string[];
}

/** A message whose tasks are not as it says any more. */
export interface MovedOn {
  readonly key: string;
  readonly taskIds: readonly string[];
  /** True: somebody may have received it, so that it stays as it was made whatever happens; false: after an outage `claim` tells things as they are then. */
  readonly frozen: boolean;
}

export interface OutboxStore {
  /**
   * The next message of a lane, its lease taken: the oldest that is made and due, else those that `compose` makes of all waiting alerts of the lane's channels.
   * The order of the lane is strict: while its oldest message is not due, nothing newer is claimed.
   * Of the waiting alerts those that `withhold` names are taken out first: they are not sent, and recorded with the reason.
   * After an outage what was made and can have reached nobody is taken apart first, so that it is told as things are now; at any time a message
   * of which `withhold` names something.
   */
  claim(
    lane: { readonly channels: readonly string[] },
    now: EpochMs,
    leaseMs: number,
    compose: (waiting: readonly WaitingAlert[], outage: Outage | null) => readonly MessagePlan[],
    withhold?: (waiting: readonly WaitingAlert[], silences: Silences) => readonly Withheld[],
  ): Promise<Claim>;
  renew(claimed: ClaimedMessage, leaseUntil: EpochMs): Promise<void>;
  settle(claimed: ClaimedMessage, settlement: Settlement): Promise<void>;
  /**
   * Ends the leases of a process that is gone: what it was sending may have been accepted and will be repeated. Returns how many. What waits
   * because its lane was down is due at once. All, or those of these channels.
   */
  recoverMessages(now: EpochMs, channels?: readonly string[]): Promise<number>;
  /**
   * Where no reading has begun for longer than that, its last moment is where an outage of these channels begins, and returned; null otherwise.
   */
  noteAbsence(channels: readonly string[], now: EpochMs, longerThanMs: number): Promise<EpochMs | null>;
  /**
   * What waits for channels that are no longer configured: alerts are routed anew, those of messages that were never settled too; a digest
   * becomes dead with the reason. Returns the removed channels' names.
   */
  dropChannels(
    configured: readonly string[],
    route: (account: string, task: RepairTask, event: TaskEvent) => readonly string[],
    operatorChannels: readonly string[],
    now: EpochMs,
  ): Promise<readonly string[]>;
  /** Newest first; `before`: only ids below it. */
  deliveries(filter: {
    readonly state?: DeliveryRecord['state'];
    readonly before?: number;
    readonly limit: number;
  }): Promise<readonly DeliveryRecord[]>;
  /**
   * Makes dead messages waiting again: one by key, or all of a channel, or all. Returns the keys. `tellOver`: through which channels it is told that
   * what died on a channel is no longer dead; none unless given.
   */
  requeue(
    which: { readonly key?: string; readonly channel?: string },
    now: EpochMs,
    tellOver?: (channel: string) => readonly string[],
  ): Promise<readonly string[]>;
  /** Of these messages' tasks, those that have changed since the message was made. */
  movedOn(keys: readonly string[]): Promise<readonly MovedOn[]>;
  /** Messages not delivered and alerts in no message, with the age of the oldest. */
  backlog(): Promise<{ readonly waiting: number; readonly dead: number; readonly oldestAt: EpochMs | null }>;
  /** Of each channel that anything waits for, the moment of the oldest alert or digest. */
  oldestWaiting(): Promise<readonly { readonly channel: string; readonly oldestAt: EpochMs }[]>;
}
