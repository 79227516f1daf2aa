import type { EpochMs } from '../../lib/clock.ts';
import type { TaskEventName } from '../../model/alert.ts';
import type { Ack, Mute, Silences } from '../../model/silence.ts';
import type { NewAlert, StoredTask } from './known.ts';

/** Why an alert was not sent. `left`: the task no longer waits; `superseded`: something newer says more. */
export type WithheldWhy = 'muted' | 'acknowledged' | 'left' | 'superseded';

/** A waiting alert that is not sent through this channel, and why. */
export interface Withheld {
  readonly alertId: number;
  readonly channel: string;
  readonly why: WithheldWhy;
}

/** What came of an acknowledgement; where it was refused, the task as it is now. */
export type AckOutcome =
  | { readonly kind: 'acknowledged' | 'moved' | 'not-pending'; readonly stored: StoredTask }
  | { readonly kind: 'unknown' };

/** A pending task whose alerts were held back, once a silence has ended. */
export interface HeldBackTask {
  readonly stored: StoredTask;
  /** The channels that were sent nothing about it since. */
  readonly channels: readonly string[];
  /** True when a mute held something back, not only an acknowledgement. */
  readonly muted: boolean;
}

/** What the end of a silence means for such a task: still silent, nothing more to say, or one alert. */
export type AfterSilence = 'keep' | 'close' | NewAlert;

export interface SilenceStory {
  readonly acks: readonly Ack[];
  /** Of the task itself, and every match that ended after `since`; `ended`: taken back before its end. */
  readonly mutes: readonly (Mute & { readonly ended: { readonly at: EpochMs; readonly by: string | null } | null })[];
  readonly withheld: readonly {
    readonly at: EpochMs;
    readonly channel: string;
    readonly event: TaskEventName;
    readonly why: WithheldWhy;
  }[];
}

export interface SilenceStore {
  /** Acknowledges a pending task as it is at `revision` (null: now); refused when it is no longer so. It replaces an earlier one. */
  acknowledge(
    ack: Omit<Ack, 'revision' | 'at'> & { readonly revision: number | null },
    at: EpochMs,
  ): Promise<AckOutcome>;
  mute(mute: Omit<Mute, 'id' | 'at'>, at: EpochMs): Promise<Mute>;
  /** Ends mutes before their time; returns those that were ended by this call. */
  unmute(ids: readonly number[], by: string | null, at: EpochMs): Promise<readonly Mute[]>;
  /** What holds now. */
  silences(now: EpochMs): Promise<Silences>;
  /** Alerts that are held back until a silence ends. */
  heldBack(): Promise<number>;
  /** What was ever acknowledged, muted and held back of a task, oldest first. */
  silenceStory(account: string, taskId: string, since: EpochMs): Promise<SilenceStory>;
  /**
   * Ends the silences whose time is over and, where any ended, asks of every task with alerts held back what that means.
   * Returns how many alerts were made.
   */
  endSilences(now: EpochMs, decide: (task: HeldBackTask, silences: Silences) => AfterSilence): Promise<number>;
}
