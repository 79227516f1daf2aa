import type { AccountConfig } from '../config/config.ts';
import type { Clock, EpochMs } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { OperatorNotice } from '../model/alert.ts';
import type { SetName, SetReport } from '../model/poll.ts';
import type { RepairTask } from '../model/task.ts';
import type { BegunPoll, NewAlert, PageDecision, PollEnd, Store, StoredTask } from '../store/store.ts';
import type { HostClock } from '../watch/host-clock.ts';
import { type ApiLimits, type LearntLimit, limitSentence } from './api-limits.ts';
import { type DiffContext, decidePage, type PageVerdict } from './diff.ts';
import { createFreshRows } from './fresh-rows.ts';
import type { Route } from './route.ts';
import type { BoundsSeen } from './second-window.ts';
import { provenSeconds } from './signs.ts';
import { createTally, type Seen } from './tally.ts';
import type { BadRow, Page, PageQuery, Priority, ReadResult, TaskReader } from './task-reader.ts';
import type { Narrowing, WalkIo, WalkProblem } from './walk.ts';

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
  /** Hears what each poll shows of this machine's clock. */
  readonly hostClock?: Pick<HostClock, 'saw'>;
}

/** One poll's reading of one account: counts what it costs, commits what it sees, tells the operator what is odd. */
export interface PollReading {
  readonly narrowing: Narrowing;
  read(query: PageQuery, priority: Priority): Promise<ReadResult>;
  /** Resolves to whether something of it was news. */
  commit(set: SetName, page: Page, progress?: { range: number; cursor: EpochMs }): Promise<boolean>;
  readonly known: WalkIo['known'];
  readonly bounds: BoundsSeen;
  readonly wholeSeconds: WalkIo['wholeSeconds'];
  /** Keeps rows that cannot be read, equal ones of a poll once, and tells the operator. */
  setAside(rows: readonly BadRow[], requestId: string): Promise<void>;
  /** Counts the tasks of newly proven seconds: what a background reading saw, however little of it was news. */
  proved(tasks: number): void;
  /** Tells of a limit of the API that was just found: in the log and in the ledger. */
  learnt(limit: LearntLimit): void;
  /** Writes a sentence into the ledger, with the set under way. */
  note(sentence: string): void;
  /** Runs one set and reports it; whatever `run` returns as a problem makes the set incomplete. */
  set(name: SetName, run: () => Promise<WalkProblem>): Promise<SetReport>;
  /** Begins an episode or notes that it goes on; the same one at most once in a poll. */
  raise(code: OperatorNotice['code'], subject: string, facts: OperatorNotice['facts']): Promise<void>;
  /** Ends the episode of this code and subject (the account itself unless told), if there is one. */
  over(code: OperatorNotice['code'], subject?: string): Promise<void>;
  /** Writes what `decide` makes of what is known of these tasks, and tells of alerts that no route matched; returns what it decided. */
  write<V extends PageDecision & { readonly unrouted: readonly NewAlert[] }>(
    set: SetName,
    taskIds: readonly string[],
    decide: (known: ReadonlyMap<string, StoredTask>, context: DiffContext) => V,
    progress?: { range: number; cursor: EpochMs },
  ): Promise<V>;
  /** The lines of the sets that have ended. */
  readonly reports: readonly SetReport[];
  /** The poll's last entry in the ledger; its alerts may go. */
  end(end: Pick<PollEnd, 'result' | 'reason' | 'checkpoint' | 'left'>): Promise<void>;
  /**
   * The same after a throw, with what was done by then. What was committed is known, so its alerts may not wait for a poll that goes through: the
   * same trouble may meet every poll. `tell`: what the operator is to be told of it.
   */
  interrupted(tell?: () => Promise<void>): Promise<void>;
  serverNow(): EpochMs;
  readonly seen: Seen;
}

export function openReading(
  account: PolledAccount,
  begun: BegunPoll,
  deps: PollDeps,
  signal: AbortSignal,
): PollReading {
  const { poll, state } = begun;
  const { store, clock, log } = deps;
  const name = account.config.name;
  const openedAt = clock.monotonic();
  /** Those that go on, by what was known at the beginning: nobody else tells of this account meanwhile what this reading ends. */
  const told = new Set(begun.episodes.map(({ code, subject }) => `${code} ${subject}`));
  const raised = new Set<string>();
  const sentWhole = isSentWhole(account.config);
  const aside = createFreshRows();

  const serverNow = (): EpochMs => clock.now() + (account.reader.clockOffsetMs() ?? 0);
  const tally = createTally(provenSeconds(begun, deps.poll, serverNow()));
  /** The beginning of the newest complete poll under this filter, by our clock, as tasks' changes are. */
  const quietSince = (): EpochMs =>
    state.checkpoint === null || begun.provenUntil === null
      ? Number.NEGATIVE_INFINITY
      : begun.provenUntil - (account.reader.clockOffsetMs() ?? 0);
  const raise: PollReading['raise'] = async (code, subject, facts) => {
    const episode = `${code} ${subject}`;
    if (raised.has(episode)) return;
    raised.add(episode);
    told.add(episode);
    const began = await store.raise({ at: clock.now(), code, subject, facts }, deps.operatorChannels);
    if (began) deps.wake();
  };

  const over: PollReading['over'] = async (code, subject = name) => {
    if (!told.delete(`${code} ${subject}`)) return;
    if (await store.over(code, subject, clock.now(), deps.operatorChannels)) deps.wake();
  };

  const read: PollReading['read'] = async (query, priority) => {
    const result = await account.reader.read(query, priority, signal, tally.spent);
    tally.answer(result, clock.now());
    return result;
  };

  /** Once for an account, with the first alert as its example: the alerts themselves go to the operator too. */
  const raiseUnrouted = async ([first]: readonly NewAlert[]): Promise<void> => {
    if (first === undefined) return;
    await raise('unrouted', name, { account: name, taskId: first.taskId, event: first.event.event });
  };

  /** Once for an account, with the first task as its example: a wrong offset shifts them all. */
  const raiseStartedEarly = async (alerts: readonly NewAlert[]): Promise<void> => {
    const first = alerts.find(({ event }) => event.event === 'left' && event.expectedAt !== undefined);
    if (first === undefined) return;
    const facts = { account: name, taskId: first.taskId, kind: 'started-early' };
    await raise('late-task', `${name} started-early`, facts);
  };

  const note = async (set: SetName, page: Page, verdict: PageVerdict): Promise<void> => {
    tally.page(set, page, verdict);
    for (const value of page.unknownValues) await raise('unknown-value', `${name} ${value}`, { account: name, value });
    await setAside(page.bad, page.requestId);
    if (verdict.alerts.length > 0)
      log.debug('alerts-made', { account: name, poll: poll.id, set, alerts: verdict.alerts.length });
  };

  const setAside: PollReading['setAside'] = async (bad, requestId) => {
    const rows = aside.fresh(bad);
    const [first] = rows;
    if (first === undefined) return;
    tally.setAside(rows.length);
    await store.setAside(poll, rows, clock.now());
    const example = first.problem;
    log.warn('rows-set-aside', { account: name, poll: poll.id, rows: rows.length, problem: example, requestId });
    const subject = tally.set === 'audit' ? auditSubject(name) : name;
    await raise('rows-set-aside', subject, { account: name, count: rows.length, example });
  };

  const write: PollReading['write'] = async (set, taskIds, decide, progress) => {
    const firstRun = state.firstLiveAt === null;
    const { id: pollId, startedAt } = poll;
    const times = { now: clock.now(), serverNow: serverNow(), startedAt };
    const context = { account: name, pollId, set, ...times, firstRun, route: deps.route };
    const verdict = await store.commitPage(poll, taskIds, (known) => decide(known, context), progress);
    await raiseUnrouted(verdict.unrouted);
    await raiseStartedEarly(verdict.alerts);
    return verdict;
  };

  const endWith = async (how: Pick<PollEnd, 'result' | 'reason' | 'sets' | 'checkpoint' | 'left'>): Promise<void> => {
    await store.endPoll(poll, {
      ...how,
      endedAt: clock.now(),
      tookMs: Math.round(clock.monotonic() - openedAt),
      retries: tally.seen.retries,
      throttles: tally.seen.throttles,
      clockOffsetMs: account.reader.clockOffsetMs(),
      taskIdsMax: account.limits.taskIdsMax,
    });
    deps.wake();
  };

  return {
    narrowing: narrowingOf(account.config),
    seen: tally.seen,
    serverNow,
    raise,
    over,
    read,
    write,
    setAside,
    proved: tally.proved,
    note: tally.note,
    learnt(limit) {
      log.warn('api-limit-found', { account: name, poll: poll.id, ...limit });
      tally.note(limitSentence(limit));
    },
    async commit(set, read, progress) {
      // What is only read because the filter was not sent whole is not ours. A known task that left the filter is still read by its id.
      const narrow = !sentWhole && set !== 'departed';
      const rows = narrow ? read.rows.filter((task) => isWatched(task, account.config)) : read.rows;
      const page = { ...read, rows };
      const verdict = await write(set, idsOf(rows), (known, context) => decidePage(rows, known, context), progress);
      await note(set, page, verdict);
      return verdict.write.length > 0 || verdict.contradicted.length > 0;
    },
    async known(second) {
      const tasks = await store.tasksCreatedAt(name, second);
      return {
        taskIds: tasks.map(({ taskId }) => taskId),
        quiet: tasks.every(({ changedAt }) => changedAt < quietSince()),
      };
    },
    bounds: { start: false, end: false },
    wholeSeconds: new Set(),
    reports: tally.reports,
    end: (how) => endWith({ ...how, sets: tally.reports }),
    async interrupted(tell) {
      const reason = whyInterrupted(signal);
      try {
        await endWith({ result: 'interrupted', reason, sets: tally.soFar(reason), checkpoint: null });
        await tell?.();
      } catch (error) {
        log.warn('poll-not-ended', { account: name, poll: poll.id, error });
      }
    },
    async set(set, run) {
      tally.begin(set);
      return tally.report(await run());
    },
  };
}

/** The ledger's reason for a poll that ended by a throw; what was thrown is in the log, which hides secrets. */
function whyInterrupted(signal: AbortSignal): string {
  return signal.aborted ? 'the service was stopped' : 'it failed; the log says why';
}

/** Under which the rows are told that only an audit reads: the polls never show them, so they cannot say that it is over. */
export function auditSubject(account: string): string {
  return `${account} audit`;
}

function idsOf(rows: readonly RepairTask[]): string[] {
  return [...new Set(rows.map((row) => row.taskId))];
}

/** The longest list of a filter that is sent: undocumented, and assumed as for TaskIds. */
const FILTER_MAX = 100;

/** What of the filter the API applies. A list that is too long for it is not sent, so that more is read than is ours. */
function narrowingOf({ filter }: AccountConfig): Narrowing {
  const sent = (list: readonly unknown[]): boolean => list.length > 0 && isSendable(list);
  return {
    ...(filter.product !== null && { product: filter.product }),
    ...(sent(filter.taskTypes) && { taskTypeIds: filter.taskTypes }),
    ...(sent(filter.instanceIds) && { instanceIds: filter.instanceIds }),
    ...(sent(filter.aliases) && { aliases: filter.aliases }),
  };
}

/** False where some list of the filter is too long to be sent. */
function isSentWhole({ filter: { taskTypes, instanceIds, aliases } }: AccountConfig): boolean {
  return [taskTypes, instanceIds, aliases].every(isSendable);
}

function isSendable(list: readonly unknown[]): boolean {
  return list.length <= FILTER_MAX;
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
