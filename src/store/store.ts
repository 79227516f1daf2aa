import type { EpochMs } from '../lib/clock.ts';
import type { OperatorCode, OperatorNotice, TaskEvent } from '../model/alert.ts';
import type { DigestFacts, Message, MessageFacts } from '../model/message.ts';
import type { PollRecord, PollResult, SetReport } from '../model/poll.ts';
import type { RepairTask } from '../model/task.ts';

/**
 * The store's port, in the domain's verbs. Each verb is one transaction: it happened whole, durably, or not at all.
 * Decisions are pure functions handed in, so that they see exactly the rows that the transaction sees; they must not wait or throw.
 * One contract suite (`test/contract/store.ts`) runs for every engine.
 */
export interface Store extends PollStore, OutboxStore, DigestStore, OperatorStore, Journal {
  close(): Promise<void>;
}

// ─── what is known ───────────────────────────────────────────────────────────────────────────────────────────────

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

/** An alert and where it must go. With no channel it is told to the operator as unrouted by whoever decided. */
export interface NewAlert {
  readonly taskId: string;
  readonly event: TaskEvent;
  readonly dataLoss: boolean;
  /** Made before the account's first complete `live`. */
  readonly firstRun: boolean;
  readonly channels: readonly string[];
}

// ─── polls ───────────────────────────────────────────────────────────────────────────────────────────────────────

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
  readonly backfillDone: boolean;
  /** The longest TaskIds list that the API took. */
  readonly taskIdsMax: number;
}

/** A poll under way; the handle that every write of it carries. */
export interface OpenPoll {
  readonly id: number;
  readonly account: string;
  readonly startedAt: EpochMs;
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

/** A part of the first backfill: [cursor, until), both by CreateTime. */
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
  readonly endedAt: EpochMs;
  readonly result: PollResult;
  readonly reason: string | null;
  readonly sets: readonly SetReport[];
  readonly retries: number;
  readonly throttles: number;
  readonly clockOffsetMs: number | null;
  /** The checkpoint from now on; null leaves it where it is. */
  readonly checkpoint: EpochMs | null;
  readonly taskIdsMax: number;
}

export interface PollStore {
  /** The accounts of the configuration: others are retired (their tasks are no longer shown, nothing of them is stale), returning ones are taken up again. */
  syncAccounts(accounts: readonly { name: string; filterKey: string }[], now: EpochMs): Promise<void>;
  accounts(): Promise<readonly AccountState[]>;
  beginPoll(account: string, kind: PollRecord['kind'], now: EpochMs): Promise<{ poll: OpenPoll; state: AccountState }>;
  /**
   * One proven page. `decide` gets what is known of the page's tasks, by id: the account's own row or, where there is none, the row of a
   * retired account (a renamed one: its state is taken over). Alerts are held until `releaseAlerts` or `endPoll`.
   */
  commitPage(
    poll: OpenPoll,
    taskIds: readonly string[],
    decide: (known: ReadonlyMap<string, StoredTask>) => PageDecision,
    progress?: { readonly range: number; readonly cursor: EpochMs },
  ): Promise<PageDecision>;
  /** The end of a complete `live`: its alerts may go, and the first run is over. */
  finishLive(poll: OpenPoll, now: EpochMs): Promise<void>;
  /** Open tasks of the account that this poll has not seen, oldest CreateTime first. */
  unseenTasks(poll: OpenPoll): Promise<readonly StoredTask[]>;
  openTaskCount(account: string): Promise<number>;
  endPoll(poll: OpenPoll, end: PollEnd): Promise<void>;
  /** Polls that a killed process left open become `interrupted`, and the alerts they held are released. Returns how many. */
  recoverPolls(now: EpochMs): Promise<number>;
  /** The ranges of the account's first backfill that are not finished. */
  backfillRanges(account: string): Promise<readonly BackfillRange[]>;
  startBackfill(account: string, from: EpochMs, until: EpochMs): Promise<void>;
  /** Cuts a range in two at `at`; the new one ends where the old one did. */
  splitBackfill(account: string, range: number, at: EpochMs): Promise<BackfillRange>;
  finishBackfillRange(account: string, range: number): Promise<void>;
  setAside(poll: OpenPoll, rows: readonly SetAsideRow[], now: EpochMs): Promise<void>;
}

// ─── outbox ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A released alert that waits for one channel and belongs to no message yet. */
export interface WaitingAlert {
  readonly id: number;
  readonly channel: string;
  readonly at: EpochMs;
  readonly firstRun: boolean;
  readonly dataLoss: boolean;
  readonly subject:
    | { readonly kind: 'task'; readonly account: string; readonly task: RepairTask; readonly event: TaskEvent }
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
  | { readonly state: 'delivered'; readonly at: EpochMs; readonly receipt: string }
  | {
      readonly state: 'waiting';
      readonly at: EpochMs;
      readonly nextAt: EpochMs;
      readonly reason: string;
      readonly plain: boolean;
      readonly resume: string | null;
      readonly mayRepeat: boolean;
      readonly upAgeMs: number;
    }
  | { readonly state: 'dead'; readonly at: EpochMs; readonly reason: string };

export interface DeliveryRecord {
  readonly id: number;
  readonly key: string;
  readonly channel: string;
  readonly kind: MessageFacts['kind'];
  readonly state: 'waiting' | 'sending' | 'delivered' | 'dead';
  readonly attempts: number;
  readonly madeAt: EpochMs;
  readonly settledAt: EpochMs | null;
  readonly nextAt: EpochMs | null;
  readonly reason: string | null;
  readonly receipt: string | null;
  readonly taskIds: readonly string[];
}

export interface OutboxStore {
  /**
   * The next message of a lane, its lease taken: the oldest that is made and due, else those that `compose` makes of all waiting alerts of the lane's channels.
   * The order of the lane is strict: while its oldest message is not due, nothing newer is claimed.
   */
  claim(
    lane: { readonly channels: readonly string[] },
    now: EpochMs,
    leaseMs: number,
    compose: (waiting: readonly WaitingAlert[]) => readonly MessagePlan[],
  ): Promise<Claim>;
  renew(claimed: ClaimedMessage, leaseUntil: EpochMs): Promise<void>;
  settle(claimed: ClaimedMessage, settlement: Settlement): Promise<void>;
  /** Ends the leases of a process that is gone: what it was sending may have been accepted and will be repeated. Returns how many. */
  recoverMessages(now: EpochMs): Promise<number>;
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
  deliveries(filter: {
    readonly state?: DeliveryRecord['state'];
    readonly limit: number;
  }): Promise<readonly DeliveryRecord[]>;
  /** Makes dead messages waiting again: one by key, or all of a channel, or all. Returns the keys. */
  requeue(which: { readonly key?: string; readonly channel?: string }, now: EpochMs): Promise<readonly string[]>;
  /** Messages not delivered and alerts in no message, with the age of the oldest. */
  backlog(): Promise<{ readonly waiting: number; readonly dead: number; readonly oldestAt: EpochMs | null }>;
}

// ─── digests ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface DigestInput {
  readonly coversFrom: EpochMs;
  readonly pending: readonly StoredTask[];
  readonly changes: readonly { readonly change: Change; readonly stored: StoredTask }[];
  readonly accounts: readonly AccountState[];
  readonly deadMessages: number;
}

export interface DigestStore {
  /** Remembers when each digest is due next; a name seen for the first time covers from now on. Names that are gone are forgotten. */
  syncDigests(digests: readonly { name: string; scheduleKey: string; nextAt: EpochMs }[], now: EpochMs): Promise<void>;
  /** The digests whose time has come: name and the scheduled time that was missed or is now. */
  dueDigests(now: EpochMs): Promise<readonly { readonly name: string; readonly scheduledAt: EpochMs }[]>;
  /**
   * Inserts the digest's row, takes every change that no earlier digest of that name took, freezes the facts and makes one message per channel.
   * False when that (name, scheduled time) was made before.
   */
  makeDigest(
    digest: {
      readonly name: string;
      readonly scheduledAt: EpochMs;
      readonly nextAt: EpochMs;
      readonly channels: readonly string[];
    },
    now: EpochMs,
    compose: (input: DigestInput) => DigestFacts,
  ): Promise<boolean>;
  /** What `makeDigest` would hand to `compose`, without writing. */
  previewDigest(name: string, now: EpochMs): Promise<DigestInput>;
}

// ─── the operator ────────────────────────────────────────────────────────────────────────────────────────────────

export interface OperatorStore {
  /** Begins an episode and its alert unless the same one is under way; true if it began. */
  raise(notice: Omit<OperatorNotice, 'event' | 'over'>, channels: readonly string[]): Promise<boolean>;
  /** Ends an episode, with an "over" alert where it was under way; true if it was. */
  over(code: OperatorCode, subject: string, at: EpochMs, channels: readonly string[]): Promise<boolean>;
  episodes(): Promise<readonly { readonly code: OperatorCode; readonly subject: string; readonly since: EpochMs }[]>;
}

// ─── the journal: what is shown and watched ──────────────────────────────────────────────────────────────────────

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
