import type { EpochMs } from '../../lib/clock.ts';
import type { PollKind, PollResult, SetReport } from '../../model/poll.ts';
import type { Change, NewAlert, StoredTask } from './known.ts';
import type { Episode } from './operator-store.ts';

export interface AccountState {
  readonly account: string;
  /** Names the filter that the checkpoint belongs to. */
  readonly filterKey: string;
  readonly checkpoint: EpochMs | null;
  /** End of the first complete `live` under this filter; null: the first run is not over. */
  readonly firstLiveAt: EpochMs | null;
  readonly lastCompleteAt: EpochMs | null;
  /** The server's time when the account was first read; the first backfill ends there. */
  readonly backfillUntil: EpochMs | null;
  /** How far back a backfill was told to read; null: none was, or none that says. */
  readonly backfillFrom: EpochMs | null;
  /** No backfill is under way, and there was one. */
  readonly backfillDone: boolean;
  /** Everything created since then was read whole by a backfill or the polls, and is kept; null while that cannot be said of any time. */
  readonly provenFrom: EpochMs | null;
  /** The longest TaskIds list that the API took. */
  readonly taskIdsMax: number;
  /** It may not be read until someone acts, and the operator was told: from the `account-blocked` notice to its end. */
  readonly blocked: boolean;
}

/** A poll under way; the handle that every write of it carries. */
export interface OpenPoll {
  readonly id: number;
  readonly account: string;
  readonly startedAt: EpochMs;
}

/** A reading as it begins, and what was known then. */
export interface BegunPoll {
  readonly poll: OpenPoll;
  readonly state: AccountState;
  /** When the account's newest complete poll began, by the server's clock: everything created before was proven then. null: there is none. */
  readonly provenUntil: EpochMs | null;
  /** What the operator was told of this account and that is not over: the subject is its name, alone or before a space. */
  readonly episodes: readonly Episode[];
}

/** A stored task by its name, and when something of it was last news. */
export interface KnownTask {
  readonly taskId: string;
  readonly changedAt: EpochMs;
}

/** What to write for one page; made by a pure function from what is known. */
export interface PageDecision {
  /** Rows whose content is new. `seenPoll` is set by the store. */
  readonly write: readonly Omit<StoredTask, 'seenPoll'>[];
  /** Ids that were seen unchanged. */
  readonly touch: readonly string[];
  readonly changes: readonly Change[];
  readonly alerts: readonly NewAlert[];
}

/** A part of a backfill: [cursor, until), both by CreateTime. */
export interface BackfillRange {
  readonly id: number;
  readonly cursor: EpochMs;
  /** null: without an EndDate. */
  readonly until: EpochMs | null;
}

export interface SetAsideRow {
  readonly taskId: string | null;
  /** The row as it came, at most 4,000 characters of it. */
  readonly raw: string;
  readonly problem: string;
}

export interface PollEnd {
  /** By the wall clock, which may have jumped meanwhile. */
  readonly endedAt: EpochMs;
  /** By the monotonic clock: what the ledger shows as its duration. Left out: by the wall clock. */
  readonly tookMs?: number;
  readonly result: PollResult;
  readonly reason: string | null;
  readonly sets: readonly SetReport[];
  readonly retries: number;
  readonly throttles: number;
  readonly clockOffsetMs: number | null;
  /** The checkpoint from now on; null leaves it where it is. */
  readonly checkpoint: EpochMs | null;
  readonly taskIdsMax: number;
  /** Tasks created in [from, until) that it did not read and that the checkpoint passes: from now on a part of the history that is not read. */
  readonly left?: { readonly from: EpochMs; readonly until: EpochMs };
}

export interface PollStore {
  /** The accounts of the configuration: others are retired (their tasks are no longer shown, nothing of them is stale), returning ones are taken up again. */
  syncAccounts(accounts: readonly { name: string; filterKey: string }[], now: EpochMs): Promise<void>;
  accounts(): Promise<readonly AccountState[]>;
  /** Polls of one account and kind never overlap: one that is still open had an end that could not be written, and becomes `interrupted`. */
  beginPoll(account: string, kind: PollKind, now: EpochMs): Promise<BegunPoll>;
  /**
   * One proven page. `decide` gets what is known of the page's tasks, by id: the account's own row or, where there is none, the row of a
   * retired account (a renamed one: its state is taken over). Alerts are held until `releaseAlerts` or `endPoll`.
   */
  commitPage<D extends PageDecision>(
    poll: OpenPoll,
    taskIds: readonly string[],
    decide: (known: ReadonlyMap<string, StoredTask>) => D,
    progress?: { readonly range: number; readonly cursor: EpochMs },
  ): Promise<D>;
  /** The end of a complete `live`: its alerts may go, and the first run is over. */
  finishLive(poll: OpenPoll, now: EpochMs): Promise<void>;
  /** Open tasks of the account that this poll has not seen, oldest CreateTime first. */
  unseenTasks(poll: OpenPoll): Promise<readonly StoredTask[]>;
  /** The account's tasks of one second of CreateTime that the API listed when it was last asked for them, whatever their status. */
  tasksCreatedAt(account: string, second: EpochMs): Promise<readonly KnownTask[]>;
  openTaskCount(account: string): Promise<number>;
  endPoll(poll: OpenPoll, end: PollEnd): Promise<void>;
  /** Polls that a killed process left open become `interrupted`, and the alerts they held are released; all, or those of the accounts that are meant. Returns how many. */
  recoverPolls(now: EpochMs, isMeant?: (account: string) => boolean): Promise<number>;
  /**
   * When the account's history was last read: the beginning of the newest complete audit (before the first one, of the newest complete
   * backfill), and of the newest audit whatever became of it; null where there is none.
   */
  lastAudit(account: string): Promise<{ readonly wholeAt: EpochMs | null; readonly triedAt: EpochMs | null }>;
  /** The ranges of the account's backfill that are not finished. */
  backfillRanges(account: string): Promise<readonly BackfillRange[]>;
  /** The history is to be read from there on, of which [from, until) is missing. Does nothing while a backfill is under way. */
  startBackfill(account: string, from: EpochMs, until: EpochMs): Promise<void>;
  /** Cuts a range in two at `at`; the new one ends where the old one did. */
  splitBackfill(account: string, range: number, at: EpochMs): Promise<BackfillRange>;
  finishBackfillRange(account: string, range: number): Promise<void>;
  setAside(poll: OpenPoll, rows: readonly SetAsideRow[], now: EpochMs): Promise<void>;
}
