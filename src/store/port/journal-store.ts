import type { EpochMs } from '../../lib/clock.ts';
import type { PollRecord } from '../../model/poll.ts';
import type { Change, StoredTask } from './known.ts';

export interface Beat {
  readonly loop: string;
  readonly at: EpochMs;
  /** The next beat is expected within this many milliseconds. */
  readonly withinMs: number;
}

/** A row of the API that could not be read, as it was set aside. */
export interface SetAsideRecord {
  readonly at: EpochMs;
  readonly taskId: string | null;
  /** The row as it came, at most 4,000 characters of it: hostile until escaped. */
  readonly raw: string;
  readonly problem: string;
}

export interface Journal {
  /** Open tasks of configured accounts, data-loss first, then by deadline. */
  openTasks(filter: { readonly pendingOnly: boolean }): Promise<readonly StoredTask[]>;
  task(taskId: string): Promise<readonly StoredTask[]>;
  changes(account: string, taskId: string): Promise<readonly Change[]>;
  /** Newest first; `before`: only ids below it. */
  polls(filter: {
    readonly account?: string;
    readonly before?: number;
    readonly limit: number;
  }): Promise<readonly PollRecord[]>;
  /** One row of the ledger; null where there is none, or none any more. */
  poll(id: number): Promise<PollRecord | null>;
  /** What a poll of the account set aside, oldest first; only the newest 1,000 of an account are kept. */
  setAsideRows(poll: { readonly account: string; readonly id: number }): Promise<readonly SetAsideRecord[]>;
  beat(beat: Beat): Promise<void>;
  beats(): Promise<readonly Beat[]>;
  /** Forgets the beats of an earlier process, whose loops may no longer exist; all, or those of these loops. */
  forgetBeats(loops?: readonly string[]): Promise<void>;
  /** Deletes closed tasks and ledger rows older than the given moments. Returns what went. */
  prune(before: {
    readonly closedTasks: EpochMs;
    readonly polls: EpochMs;
  }): Promise<{ readonly tasks: number; readonly polls: number }>;
}
