import type { EpochMs } from '../../lib/clock.ts';
import type { PollRecord } from '../../model/poll.ts';
import type { Change, NewAlert, StoredTask } from './known.ts';

export interface Beat {
  readonly loop: string;
  readonly at: EpochMs;
  /** The next beat is expected within this many milliseconds. */
  readonly withinMs: number;
}

export interface Journal {
  /** Open tasks of configured accounts, data-loss first, then by deadline. */
  openTasks(filter: { readonly pendingOnly: boolean }): Promise<readonly StoredTask[]>;
  task(taskId: string): Promise<readonly StoredTask[]>;
  changes(account: string, taskId: string): Promise<readonly Change[]>;
  polls(filter: { readonly account?: string; readonly limit: number }): Promise<readonly PollRecord[]>;
  /** A reminder's rung is told once per (task, deadline): true for the first to ask. Writes the alert in the same transaction. */
  remind(
    account: string,
    taskId: string,
    deadline: EpochMs,
    rungMs: number,
    alert: NewAlert,
    now: EpochMs,
  ): Promise<boolean>;
  beat(beat: Beat): Promise<void>;
  beats(): Promise<readonly Beat[]>;
  /** Forgets the beats of an earlier process, whose loops may no longer exist. */
  forgetBeats(): Promise<void>;
  /** Deletes closed tasks and ledger rows older than the given moments. Returns what went. */
  prune(before: {
    readonly closedTasks: EpochMs;
    readonly polls: EpochMs;
  }): Promise<{ readonly tasks: number; readonly polls: number }>;
}
