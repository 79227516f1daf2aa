import type { EpochMs } from '../lib/clock.ts';
import type { FieldChange, LeftHow, TaskEvent, WatchedField } from '../model/alert.ts';
import { AUTH_TIME_TOLERANCE_MS } from '../model/deadline.ts';
import type { SetName } from '../model/poll.ts';
import { isOpen, mayLoseData, PENDING, type RepairTask } from '../model/task.ts';
import type { Change, NewAlert, PageDecision, StoredTask } from '../store/store.ts';
import type { Route } from './route.ts';
import { startedEarly } from './started-early.ts';

/** What a decision about a sighting depends on besides the sighting and what is known. */
export interface DiffContext {
  readonly account: string;
  readonly pollId: number;
  readonly set: SetName;
  readonly now: EpochMs;
  /** The API's clock at that moment, by which tasks start. */
  readonly serverNow: EpochMs;
  /** When this poll began. */
  readonly startedAt: EpochMs;
  /** The account has had no complete `live` yet: what is pending was so before we looked. */
  readonly firstRun: boolean;
  readonly route: Route;
}

export interface PageVerdict extends PageDecision {
  /** Tasks that this poll saw in two different states; nothing is written for them until they were asked for again. */
  readonly contradicted: readonly RepairTask[];
  /** Alerts that no route matched. */
  readonly unrouted: readonly NewAlert[];
  /** Tasks that nobody had seen before. */
  readonly firstSeen: readonly RepairTask[];
  /** Tasks of this page that the store does not say this poll has seen before; without those that a background reading leaves to the polls. */
  readonly sighted: readonly string[];
  /** Those of them of which it will not say so after this page either: they are sighted again by the next page that holds them. */
  readonly unmarked: readonly string[];
}

/** What one page of sightings means, given what is known. Pure. */
export function decidePage(
  rows: readonly RepairTask[],
  known: ReadonlyMap<string, StoredTask>,
  context: DiffContext,
): PageVerdict {
  const { distinct, contradicted } = sightings(rows, isLastWord(context.set));
  // The polls know better what is the account's own; what it has from a retired account may have moved while nobody read it.
  const leaves = (taskId: string): boolean =>
    isBackground(context.set) && known.get(taskId)?.account === context.account;
  const verdict = {
    write: [] as Omit<StoredTask, 'seenPoll'>[],
    touch: [] as string[],
    changes: [] as Change[],
    alerts: [] as NewAlert[],
    unrouted: [] as NewAlert[],
    contradicted: contradicted.filter(({ taskId }) => !leaves(taskId)),
    firstSeen: [] as RepairTask[],
    sighted: [] as string[],
    unmarked: [] as string[],
  };
  const sight = (taskId: string, marked: boolean): void => {
    const seenPoll = known.get(taskId)?.seenPoll ?? 0;
    if (seenPoll === context.pollId) return;
    verdict.sighted.push(taskId);
    // A younger reading's mark stays.
    if (!marked || seenPoll > context.pollId) verdict.unmarked.push(taskId);
  };
  for (const { taskId } of verdict.contradicted) sight(taskId, false);
  for (const seen of distinct.values()) {
    if (leaves(seen.taskId)) continue;
    const before = known.get(seen.taskId);
    const contradictory = before !== undefined && contradicts(before, seen, context);
    sight(seen.taskId, !contradictory);
    if (contradictory) {
      verdict.contradicted.push(seen);
      continue;
    }
    if (before === undefined) verdict.firstSeen.push(seen);
    const event = eventOf(before, seen, context);
    if (before !== undefined && event === null && sameFacts(before, seen)) {
      if (!isMarked(before, context)) verdict.touch.push(seen.taskId);
      continue;
    }
    verdict.write.push(nextRow(before, seen, event, context));
    const change = changeOf(before, seen, event, context);
    if (change !== null) verdict.changes.push(change);
    if (event !== null) addAlert(verdict, seen, event, context);
  }
  return verdict;
}

/** True where a page of this poll has left all that another touch would: mostly `new` shows what `live` has just shown. */
function isMarked({ account, seenPoll }: StoredTask, context: DiffContext): boolean {
  return account === context.account && seenPoll === context.pollId;
}

/** A task that the API did not list when asked for it alone: known absent after the second poll in a row. */
export function decideAbsence(
  before: StoredTask,
  context: DiffContext,
): Omit<PageVerdict, 'contradicted' | 'firstSeen' | 'sighted' | 'unmarked'> {
  const absentPolls = before.absentPolls + 1;
  const { seenPoll: _seen, ...row } = before;
  if (absentPolls < 2) return { write: [{ ...row, absentPolls }], touch: [], changes: [], alerts: [], unrouted: [] };
  const from = before.task.taskStatus;
  const event: TaskEvent | null =
    from === PENDING ? { event: 'left', at: context.now, how: 'unlisted', status: null, by: null } : null;
  const verdict = {
    write: [
      { ...row, absentPolls, ending: 'unlisted' as const, changedAt: context.now, revision: before.revision + 1 },
    ],
    touch: [],
    changes: [{ taskId: before.task.taskId, at: context.now, from, to: null, event }],
    alerts: [] as NewAlert[],
    unrouted: [] as NewAlert[],
  };
  if (event !== null) addAlert(verdict, before.task, event, context);
  return verdict;
}

/**
 * One row per task. Two different rows of one task in one page contradict each other and are both left out; where nothing is asked after this page
 * the one that waits counts, since leaving out both would hide it in each poll.
 */
function sightings(
  rows: readonly RepairTask[],
  isLast: boolean,
): { distinct: Map<string, RepairTask>; contradicted: RepairTask[] } {
  const distinct = new Map<string, RepairTask>();
  const contradicted = new Map<string, RepairTask>();
  for (const row of rows) {
    const other = distinct.get(row.taskId);
    if (other !== undefined && !sameTask(other, row)) contradicted.set(row.taskId, row);
    distinct.set(row.taskId, isLast && other !== undefined ? moreUrgent(other, row) : row);
  }
  if (isLast) return { distinct, contradicted: [] };
  for (const taskId of contradicted.keys()) distinct.delete(taskId);
  return { distinct, contradicted: [...contradicted.values()] };
}

/** The same one of two in whichever order they come, so that a task does not seem to change from poll to poll. */
function moreUrgent(a: RepairTask, b: RepairTask): RepairTask {
  const rank = (task: RepairTask): string =>
    `${task.taskStatus === PENDING ? 0 : 1} ${isOpen(task) ? 0 : 1} ${JSON.stringify(task)}`;
  return rank(a) <= rank(b) ? a : b;
}

/** What is asked for by its id is asked for once more by nobody. */
function isLastWord(set: SetName): boolean {
  return set === 'recheck' || set === 'departed';
}

/** A set that is read beside the polls: it decides only about what they do not know, and its history is no news. */
export function isBackground(set: SetName): set is 'backfill' | 'audit' {
  return set === 'backfill' || set === 'audit';
}

/**
 * Two sightings of which nobody knows which one is newer: both of this poll, or the other one of a background reading that found the task
 * while this poll was under way.
 */
function contradicts(before: StoredTask, seen: RepairTask, context: DiffContext): boolean {
  if (isLastWord(context.set)) return false;
  const beside = before.seenPoll === context.pollId || before.firstSeenAt > context.startedAt;
  return beside && !sameTask(before.task, seen);
}

function eventOf(before: StoredTask | undefined, seen: RepairTask, context: DiffContext): TaskEvent | null {
  const at = context.now;
  const was =
    before === undefined || before.ending === 'unlisted' || before.ending === 'unwatched' ? null : before.task;
  if (seen.taskStatus === PENDING) {
    if (was?.taskStatus !== PENDING)
      return { event: 'pending', at, again: before?.ending !== 'unwatched' && before !== undefined };
    const changes = watchedChanges(was, seen, before?.toldAuthTime ?? null);
    return changes.length === 0 ? null : { event: 'changed', at, changes };
  }
  if (was?.taskStatus !== PENDING) return null;
  const left = {
    event: 'left',
    at,
    how: leftHow(seen.taskStatus),
    status: seen.taskStatus,
    by: seen.authSource,
  } as const;
  const expectedAt = before === undefined ? null : startedEarly(before, seen, context.serverNow);
  return expectedAt === null ? left : { ...left, expectedAt };
}

const WATCHED: readonly Exclude<WatchedField, 'authTime'>[] = [
  'authType',
  'taskTypeId',
  'instanceId',
  'product',
  'taskSubType',
];

function watchedChanges(was: RepairTask, seen: RepairTask, told: EpochMs | null): FieldChange[] {
  const changes: FieldChange[] = [];
  if (movedNoticeably(told, seen.authTime)) changes.push({ field: 'authTime', before: told, after: seen.authTime });
  for (const field of WATCHED)
    if (was[field] !== seen[field]) changes.push({ field, before: was[field], after: seen[field] });
  return changes;
}

function movedNoticeably(before: EpochMs | null, after: EpochMs | null): boolean {
  if (before === null || after === null) return before !== after;
  return Math.abs(after - before) >= AUTH_TIME_TOLERANCE_MS;
}

function leftHow(status: number): LeftHow {
  const hows: Readonly<Record<number, LeftHow>> = {
    2: 'processing',
    3: 'ended',
    4: 'scheduled',
    5: 'cancelled',
    6: 'avoided',
  };
  return hows[status] ?? 'other';
}

function sameFacts(before: StoredTask, seen: RepairTask): boolean {
  return before.absentPolls === 0 && before.ending === endingOf(seen) && sameTask(before.task, seen);
}

function sameTask(a: RepairTask, b: RepairTask): boolean {
  const keys = Object.keys(b) as (keyof RepairTask)[]; // Object.keys forgets the type; every RepairTask has exactly these keys
  return keys.every((key) => a[key] === b[key]);
}

function endingOf(task: RepairTask): 'closed' | null {
  return isOpen(task) ? null : 'closed';
}

function nextRow(
  before: StoredTask | undefined,
  seen: RepairTask,
  event: TaskEvent | null,
  context: DiffContext,
): Omit<StoredTask, 'seenPoll'> {
  const ending = endingOf(seen);
  const told = event !== null || before === undefined || seen.taskStatus !== PENDING;
  const toldAuthTime = told ? seen.authTime : before.toldAuthTime;
  const moved =
    before === undefined ||
    event !== null ||
    before.task.taskStatus !== seen.taskStatus ||
    before.task.authType !== seen.authType ||
    before.ending !== ending ||
    (seen.taskStatus !== PENDING && isRescheduled(before.task, seen));
  return {
    account: context.account,
    task: seen,
    ending,
    firstSeenAt: before?.firstSeenAt ?? context.now,
    changedAt: moved ? context.now : before.changedAt,
    absentPolls: 0,
    toldAuthTime,
    revision: (before?.revision ?? 0) + (moved ? 1 : 0),
  };
}

/** What waits may wobble within its tolerance; what is booked or under way moves only when somebody or something moves it. */
function isRescheduled(before: RepairTask, seen: RepairTask): boolean {
  return before.authTime !== seen.authTime || before.endTime !== seen.endTime;
}

function changeOf(
  before: StoredTask | undefined,
  seen: RepairTask,
  event: TaskEvent | null,
  context: DiffContext,
): Change | null {
  const from = before === undefined || before.ending === 'unlisted' ? null : before.task.taskStatus;
  const to = seen.taskStatus;
  // History that a background reading brings is not news: nobody wants last month's closed tasks in the next digest.
  const history = context.set === 'backfill' || (context.set === 'audit' && !isOpen(seen));
  if (before === undefined && history && event === null) return null;
  if (event === null && from === to) return null;
  return { taskId: seen.taskId, at: context.now, from, to, event };
}

function addAlert(
  verdict: { alerts: NewAlert[]; unrouted: NewAlert[] },
  task: RepairTask,
  event: TaskEvent,
  context: DiffContext,
): void {
  const { matched, channels } = context.route(context.account, task, event.event);
  const firstRun = context.firstRun && event.event === 'pending';
  const alert: NewAlert = { taskId: task.taskId, event, dataLoss: mayLoseData(task), firstRun, channels };
  verdict.alerts.push(alert);
  if (!matched) verdict.unrouted.push(alert);
}
