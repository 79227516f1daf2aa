import type { EpochMs } from '../../lib/clock.ts';
import type { TaskEvent } from '../../model/alert.ts';
import type { RepairTask } from '../../model/task.ts';

/** Why a task is no longer watched; null while it is open. `unlisted`: the API stopped listing it. `unwatched`: outside the account's filter now. */
export type Ending = 'closed' | 'unlisted' | 'unwatched';

export interface StoredTask {
  readonly account: string;
  readonly task: RepairTask;
  readonly ending: Ending | null;
  readonly firstSeenAt: EpochMs;
  /** When a field that matters last moved. */
  readonly changedAt: EpochMs;
  /** The poll that last saw it. */
  readonly seenPoll: number;
  /** Polls in a row in which it was asked for alone and not answered. */
  readonly absentPolls: number;
  /** The AuthTime that was last told; small drifts are measured against it, so that they add up. */
  readonly toldAuthTime: EpochMs | null;
  /** Grows when status, told deadline or AuthType moves. */
  readonly revision: number;
}

/** A step in a task's life, for digests and its story. */
export interface Change {
  readonly taskId: string;
  readonly at: EpochMs;
  /** TaskStatus before and after; `from` null when first seen, `to` null when no longer listed. Equal when only fields moved. */
  readonly from: number | null;
  readonly to: number | null;
  /** What was told about it; null for later steps. */
  readonly event: TaskEvent | null;
}

/** An alert and where it must go. With no channel nobody wants to hear of it, and it is not written. */
export interface NewAlert {
  readonly taskId: string;
  readonly event: TaskEvent;
  readonly dataLoss: boolean;
  /** Made before the account's first complete `live`. */
  readonly firstRun: boolean;
  readonly channels: readonly string[];
}
