import type { AccountConfig } from '../config/config.ts';
import { type Clock, type EpochMs, MINUTE_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { OperatorNotice } from '../model/alert.ts';
import type { SetName, SetReport } from '../model/poll.ts';
import type { RepairTask } from '../model/task.ts';
import type { AccountState, NewAlert, OpenPoll, PageDecision, PollEnd, Store, StoredTask } from '../store/store.ts';
import { type DiffContext, decidePage, type PageVerdict } from './diff.ts';
import type { Route } from './route.ts';
import type { Page, PageQuery, Priority, ReadFailure, ReadResult, TaskReader } from './task-reader.ts';
import type { ApiLimits, Narrowing } from './walk.ts';

/** An account as the poller holds it: its settings, its way to the API, and what this process learnt about the API's limits. */
export interface PolledAccount {
  readonly config: AccountConfig;
  readonly reader: TaskReader & { clockOffsetMs(): number | null };
  /** The longest TaskIds list is also kept in the store; the widest window is found anew by each process. */
  readonly limits: ApiLimits;
}

export interface PollDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly route: Route;
  readonly operatorChannels: readonly string[];
  readonly poll: { readonly lookbackMs: number; readonly overlapMs: number; readonly sinceMs: number };
  /** Called when alerts may have become deliverable, so that an idle lane looks at once. */
  readonly wake: () => void;
}

/** One poll's reading of one account: counts what it costs, commits what it sees, tells the operator what is odd. */
export interface PollReading {
  readonly narrowing: Narrowing;
  read(query: PageQuery, priority: Priority): Promise<ReadResult>;
  commit(set: SetName, page: Page, progress?: { range: number; cursor: EpochMs }): Promise<void>;
  /** Runs one set and reports it; whatever `run` returns as a problem makes the set incomplete. */
  set(name: SetName, run: () => Promise<{ reason: string; failure: ReadFailure | null } | null>): Promise<SetReport>;
  raise(code: OperatorNotice['code'], subject: string, facts: OperatorNotice['facts']): Promise<void>;
  /** Ends the account's own episode of this code, if there is one. */
  over(code: OperatorNotice['code']): Promise<void>;
  /** Writes what `decide` makes of what is known of these tasks, and tells of alerts that no route matched; returns what it decided. */
  write<V extends PageDecision & { readonly unrouted: readonly NewAlert[] }>(
    set: SetName,
    taskIds: readonly string[],
    decide: (known: ReadonlyMap<string, StoredTask>, context: DiffContext) => V,
    progress?: { range: number; cursor: EpochMs },
  ): Promise<V>;
  /** The poll's last entry in the ledger; its alerts may go. */
  end(end: Pick<PollEnd, 'result' | 'reason' | 'sets' | 'checkpoint'>): Promise<void>;
  serverNow(): EpochMs;
  readonly seen: {
    /** Tasks seen in two states that must be asked for again: id → CreateTime. */
    readonly contradicted: Map<string, EpochMs>;
    /** The server's Date at the first answer. */
    startedAt: EpochMs | null;
    greatestCreateTime: EpochMs | null;
    throttles: number;
    retries: number;
    firstFailure: ReadFailure | null;
  };
}

export function openReading(
  account: PolledAccount,
  poll: OpenPoll,
  state: AccountState,
  deps: PollDeps,
  signal: AbortSignal,
): PollReading {
  const { store, clock, log } = deps;
  const name = account.config.name;
  const openedAt = clock.monotonic();
  const seen: PollReading['seen'] = {
    contradicted: new Map(),
    startedAt: null,
    greatestCreateTime: null,
    throttles: 0,
    retries: 0,
    firstFailure: null,
  };
  let current = { requests: 0, distinct: 0, setAside: 0, totalCount: null as number | null };

  const serverNow = (): EpochMs => clock.now() + (account.reader.clockOffsetMs() ?? 0);
  const raise: PollReading['raise'] = async (code, subject, facts) => {
    const began = await store.raise({ at: clock.now(), code, subject, facts }, deps.operatorChannels);
    if (began) deps.wake();
  };

  const over: PollReading['over'] = async (code) => {
    if (await store.over(code, name, clock.now(), deps.operatorChannels)) deps.wake();
  };

  const read: PollReading['read'] = async (query, priority) => {
    const result = await account.reader.read(query, priority, signal);
    current.requests += result.cost.requests;
    seen.retries += Math.max(0, result.cost.requests - 1);
    seen.throttles += result.cost.throttles;
    if (!result.ok) {
      seen.firstFailure ??= result.failure;
      return result;
    }
    seen.startedAt ??= result.page.serverDate ?? clock.now();
    current.totalCount ??= result.page.totalCount;
    return result;
  };

  /** Once for an account, with the first alert as its example: the alerts themselves go to the operator too. */
  const raiseUnrouted = async ([first]: readonly NewAlert[]): Promise<void> => {
    if (first === undefined) return;
    await raise('unrouted', name, { account: name, taskId: first.taskId, event: first.event.event });
  };

  const note = async (set: SetName, page: Page, verdict: PageVerdict): Promise<void> => {
    current.distinct += verdict.distinct;
    for (const task of verdict.contradicted) seen.contradicted.set(task.taskId, task.createTime);
    for (const row of page.rows)
      seen.greatestCreateTime = Math.max(seen.greatestCreateTime ?? row.createTime, row.createTime);
    for (const value of page.unknownValues) await raise('unknown-value', `${name} ${value}`, { account: name, value });
    const early = page.rows.find((row) => row.createTime > serverNow() + FUTURE_TOLERANCE_MS);
    if (early !== undefined) await raise('late-task', name, { account: name, taskId: early.taskId, kind: 'future' });
    if (page.bad.length > 0) await setAside(page);
    if (verdict.alerts.length > 0)
      log.debug('alerts-made', { account: name, poll: poll.id, set, alerts: verdict.alerts.length });
  };

  const setAside = async (page: Page): Promise<void> => {
    current.setAside += page.bad.length;
    await store.setAside(poll, page.bad, clock.now());
    const example = page.bad[0]?.problem ?? '';
    log.warn('rows-set-aside', {
      account: name,
      poll: poll.id,
      rows: page.bad.length,
      problem: example,
      requestId: page.requestId,
    });
    await raise('rows-set-aside', name, { account: name, count: page.bad.length, example });
  };

  const write: PollReading['write'] = async (set, taskIds, decide, progress) => {
    const firstRun = state.firstLiveAt === null;
    const context = { account: name, pollId: poll.id, set, now: clock.now(), firstRun, route: deps.route };
    const verdict = await store.commitPage(poll, taskIds, (known) => decide(known, context), progress);
    await raiseUnrouted(verdict.unrouted);
    return verdict;
  };

  return {
    narrowing: narrowingOf(account.config),
    seen,
    serverNow,
    raise,
    over,
    read,
    write,
    async commit(set, page, progress) {
      const { rows } = page;
      const verdict = await write(set, idsOf(rows), (known, context) => decidePage(rows, known, context), progress);
      await note(set, page, verdict);
    },
    async end(end) {
      await store.endPoll(poll, {
        ...end,
        endedAt: clock.now(),
        tookMs: Math.round(clock.monotonic() - openedAt),
        retries: seen.retries,
        throttles: seen.throttles,
        clockOffsetMs: account.reader.clockOffsetMs(),
        taskIdsMax: account.limits.taskIdsMax,
      });
      deps.wake();
    },
    async set(set, run) {
      current = { requests: 0, distinct: 0, setAside: 0, totalCount: null };
      const problem = await run();
      return { set, complete: problem === null, reason: problem?.reason ?? null, ...current };
    },
  };
}

/** Clocks differ by a little; a task from further in the future is a sign of a wrong offset. */
const FUTURE_TOLERANCE_MS = 10 * MINUTE_MS;

function idsOf(rows: readonly RepairTask[]): string[] {
  return [...new Set(rows.map((row) => row.taskId))];
}

function narrowingOf({ filter }: AccountConfig): Narrowing {
  return {
    ...(filter.product !== null && { product: filter.product }),
    ...(filter.taskTypes.length > 0 && { taskTypeIds: filter.taskTypes }),
    ...(filter.instanceIds.length > 0 && { instanceIds: filter.instanceIds }),
    ...(filter.aliases.length > 0 && { aliases: filter.aliases }),
  };
}

/** True where the account's filter lets the task through; the API's own reading of it, repeated for stored tasks. */
export function isWatched(task: RepairTask, { filter }: AccountConfig): boolean {
  const allows = <T>(allowed: readonly T[], value: T | null): boolean =>
    allowed.length === 0 || (value !== null && allowed.includes(value));
  return (
    (filter.product === null || task.product === filter.product) &&
    allows(filter.taskTypes, task.taskTypeId) &&
    allows(filter.instanceIds, task.instanceId) &&
    allows(filter.aliases, task.alias)
  );
}

/** Names the filter, so that a changed one starts anew. */
export function filterKeyOf({ filter }: AccountConfig): string {
  return JSON.stringify([filter.product, filter.taskTypes, filter.instanceIds, filter.aliases]);
}
