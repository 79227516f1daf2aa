import type { EpochMs } from '../../lib/clock.ts';
import type { NewAlert, StoredTask } from './known.ts';
import type { AccountState } from './poll-store.ts';

/** What the deadline ladder says of one pending task. */
export interface ReminderDecision {
  /** What the rungs are counted from: the deadline, or the moment from which a task without one is reminded of. */
  readonly anchor: EpochMs;
  readonly reminders: readonly { readonly rungMs: number; readonly alert: NewAlert }[];
  /** When to look at the task again, unless it is written before; after `now`. Null: never. */
  readonly nextAt: EpochMs | null;
}

export interface ReminderStore {
  /** Every pending task is looked at again: the ladder may be another one now. */
  forgetReminderTimes(): Promise<void>;
  /**
   * Looks at up to `limit` pending tasks that were written since, or whose next moment has come. A rung is told once per (task, anchor), whoever
   * asks; its alert is written in the same transaction. Returns how many were looked at, and what was made.
   */
  remind(
    now: EpochMs,
    limit: number,
    decide: (stored: StoredTask, account: AccountState) => ReminderDecision,
  ): Promise<{
    readonly looked: number;
    readonly made: readonly { readonly account: string; readonly taskId: string; readonly rungMs: number }[];
  }>;
}
