import type { TaskEvent } from '../../src/model/alert.ts';
import type { DigestFacts } from '../../src/model/message.ts';
import type { RepairTask } from '../../src/model/task.ts';
import type {
  Claim,
  ClaimedMessage,
  DigestInput,
  MessagePlan,
  NewAlert,
  OpenPoll,
  PageDecision,
  PollEnd,
  Settlement,
  Store,
  StoredTask,
  WaitingAlert,
} from '../../src/store/store.ts';
import { repairTask } from './repair-task.ts';

/** When the tests' world begins. */
export const T0 = Date.UTC(2026, 10, 24, 4);
export const LEASE_MS = 60_000;
export const LANE = { channels: ['slack'] };

export function taskRow(
  task: Partial<RepairTask> & { taskId: string },
  overrides: Partial<StoredTask> = {},
): Omit<StoredTask, 'seenPoll'> {
  return {
    account: 'prod',
    task: repairTask(task),
    ending: null,
    firstSeenAt: T0,
    changedAt: T0,
    absentPolls: 0,
    toldAuthTime: null,
    revision: 1,
    ...overrides,
  };
}

export function pendingAlert(taskId: string, overrides: Partial<NewAlert> = {}): NewAlert {
  const event: TaskEvent = { event: 'pending', at: T0, again: false };
  return { taskId, event, dataLoss: false, firstRun: false, channels: ['slack'], ...overrides };
}

export function page(decision: Partial<PageDecision>): PageDecision {
  return { write: [], touch: [], changes: [], alerts: [], ...decision };
}

/** Commits a page that writes new pending tasks, each with a change and an alert to `channels`. */
export async function commitPending(
  store: Store,
  poll: OpenPoll,
  ids: readonly string[],
  channels = ['slack'],
): Promise<void> {
  await store.commitPage(poll, ids, () =>
    page({
      write: ids.map((taskId) => taskRow({ taskId })),
      changes: ids.map((taskId) => ({ taskId, at: T0, from: null, to: 1, event: null })),
      alerts: ids.map((taskId) => pendingAlert(taskId, { channels })),
    }),
  );
}

export function pollEnd(overrides: Partial<PollEnd> = {}): PollEnd {
  return {
    endedAt: T0 + 1000,
    result: 'complete',
    reason: null,
    sets: [],
    retries: 0,
    throttles: 0,
    clockOffsetMs: null,
    checkpoint: null,
    taskIdsMax: 100,
    ...overrides,
  };
}

/** One whole poll of `prod` that finds these tasks pending and alerts them. */
export async function pollThatFinds(store: Store, ids: readonly string[], channels = ['slack']): Promise<void> {
  const { poll } = await store.beginPoll('prod', 'poll', T0);
  await commitPending(store, poll, ids, channels);
  await store.endPoll(poll, pollEnd());
}

/** What waits for a channel and may go now, in the order in which it was made; none of it is claimed. */
export async function waitingAlerts(
  store: Pick<Store, 'claim'>,
  channel: string,
  now = T0,
): Promise<readonly WaitingAlert[]> {
  let alerts: readonly WaitingAlert[] = [];
  await store.claim({ channels: [channel] }, now, LEASE_MS, (waiting) => {
    alerts = waiting;
    return [];
  });
  return alerts;
}

/** A message for each alert. */
export function oneEach(waiting: readonly WaitingAlert[]): MessagePlan[] {
  return waiting.map((alert) => planOf(alert.channel, [alert], 1, 1));
}

/** One message per channel for all of its alerts. */
export function planOf(
  channel: string,
  alerts: readonly WaitingAlert[],
  part: number,
  parts: number,
  at = T0,
): MessagePlan {
  const notices = alerts.map((alert) => ({
    event: 'operator' as const,
    at,
    code: 'unrouted' as const,
    subject: String(alert.id),
    over: false,
    facts: {},
  }));
  const alertIds = alerts.map((alert) => alert.id);
  return { channel, facts: { kind: 'operator', madeAt: at, notices }, part, parts, alertIds };
}

export function claimedOf(claim: Claim): ClaimedMessage {
  if (claim.kind === 'nothing') throw new Error(`Nothing was claimed; next at ${claim.nextAt}.`);
  return claim.claimed;
}

export function waits(overrides: Partial<Extract<Settlement, { state: 'waiting' }>> = {}): Settlement {
  return {
    state: 'waiting',
    at: T0 + 10,
    nextAt: T0 + 5000,
    reason: 'HTTP 503',
    plain: false,
    resume: null,
    mayRepeat: false,
    upAgeMs: 10,
    failures: 1,
    down: false,
    ...overrides,
  };
}

export function digestFacts(input: DigestInput): DigestFacts {
  return {
    kind: 'digest',
    name: 'morning',
    madeAt: T0,
    scheduledAt: T0,
    coversFrom: input.coversFrom,
    late: false,
    pending: [],
    fresh: input.changes.map(({ stored }) => ({ account: stored.account, task: stored.task, events: [] })),
    changed: [],
    left: [],
    later: [],
    accounts: [],
    deadMessages: input.deadMessages,
  };
}

/** Looks at every pending task, and reminds of the alert's task at this rung; true if that was told now for the first time. */
export async function remindOf(store: Store, anchor: number, rungMs: number, alert: NewAlert): Promise<boolean> {
  await store.forgetReminderTimes();
  const { made } = await store.remind(T0, 100, ({ task }) => ({
    anchor,
    reminders: task.taskId === alert.taskId ? [{ rungMs, alert }] : [],
    nextAt: null,
  }));
  return made.length > 0;
}
