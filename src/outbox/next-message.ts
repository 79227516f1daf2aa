import type { MessageLimits } from '../channels/channel.ts';
import type { EpochMs } from '../lib/clock.ts';
import { hasPassed, type TaskEntry } from '../model/alert.ts';
import { byListOrder } from '../model/list-order.ts';
import type { MessageFacts, Outage, RollUpTotals } from '../model/message.ts';
import { listedFacts, mayLoseData } from '../model/task.ts';
import type { MessagePlan, WaitingAlert } from '../store/store.ts';
import { groupInto } from './roll-up-groups.ts';

/** More waiting tasks than this become one roll-up: a storm, a first run, a backlog. */
const SINGLES_AT_MOST = 8;
/** Roll-ups of up to this many messages tell each task on a line; longer ones count. */
const LINE_MESSAGES_AT_MOST = 2;
/** A channel that takes a roll-up whole (mail, with its CSV) gets so many tasks a message: more would not fit into memory. */
const MAIL_LINES_AT_MOST = 2_000;
const NOTICES_PER_MESSAGE = 15;

type Why = Pick<Extract<MessageFacts, { kind: 'roll-up' }>, 'reason' | 'outage'>;

/** A task that waits to be told, with the alerts that telling it settles. */
interface WaitingTask {
  readonly entry: TaskEntry;
  readonly alertIds: number[];
  firstRun: boolean;
}

/**
 * What a lane says next, decided when it is free to say it: the message, or the parts of a roll-up, for the channel whose alert has waited
 * longest. All waiting alerts of a task go together, so that nothing newer about it can overtake something older. After an outage all that
 * waits for the channel becomes one roll-up, however little it is. Pure.
 */
export function nextMessage(
  waiting: readonly WaitingAlert[],
  limitsOf: (channel: string) => MessageLimits,
  now: EpochMs,
  outage: Outage | null = null,
): readonly MessagePlan[] {
  const first = waiting[0];
  if (first === undefined) return [];
  const { channel } = first;
  const mine = waiting.filter((alert) => alert.channel === channel);
  if (outage !== null) return afterOutage(mine, channel, limitsOf(channel), now, outage);
  if (first.subject.kind === 'operator') return [operatorMessage(mine, channel, now)];
  const tasks = byTask(mine);
  const firstRun = tasks.filter((task) => task.firstRun);
  if (firstRun.length > 0) return rollUp(firstRun, { reason: 'first-run' }, channel, limitsOf(channel), now);
  if (tasks.length > SINGLES_AT_MOST) return rollUp(tasks, { reason: 'many' }, channel, limitsOf(channel), now);
  const next = tasks.find((task) => mayLoseData(task.entry.task)) ?? tasks[0];
  if (next === undefined) return [];
  return [plan(channel, { kind: 'task', madeAt: now, entry: next.entry }, next.alertIds)];
}

function afterOutage(
  mine: readonly WaitingAlert[],
  channel: string,
  limits: MessageLimits,
  now: EpochMs,
  outage: Outage,
): MessagePlan[] {
  const notices = chunks(
    mine.filter(({ subject }) => subject.kind === 'operator'),
    NOTICES_PER_MESSAGE,
  );
  const tasks = byTask(mine);
  const isFirst = tasks.every(({ firstRun }) => firstRun);
  const why: Why = isFirst ? { reason: 'first-run' } : { reason: 'returned', outage };
  return [
    ...notices.map((part) => operatorMessage(part, channel, now)),
    ...(tasks.length === 0 ? [] : rollUp(tasks, why, channel, limits, now)),
  ];
}

function operatorMessage(mine: readonly WaitingAlert[], channel: string, now: EpochMs): MessagePlan {
  const notices = mine.flatMap(({ id, subject }) =>
    subject.kind === 'operator' ? [{ id, notice: subject.notice }] : [],
  );
  const told = notices.slice(0, NOTICES_PER_MESSAGE);
  const facts: MessageFacts = { kind: 'operator', madeAt: now, notices: told.map(({ notice }) => notice) };
  return plan(
    channel,
    facts,
    told.map(({ id }) => id),
  );
}

function byTask(mine: readonly WaitingAlert[]): WaitingTask[] {
  const tasks = new Map<string, WaitingTask>();
  for (const alert of mine) {
    if (alert.subject.kind !== 'task') continue;
    const { account, task, revision, event } = alert.subject;
    const key = JSON.stringify([account, task.taskId]);
    const before = tasks.get(key);
    tasks.set(key, {
      entry: { account, task, revision, events: [...(before?.entry.events ?? []), event] },
      alertIds: [...(before?.alertIds ?? []), alert.id],
      firstRun: alert.firstRun || (before?.firstRun ?? false),
    });
  }
  return [...tasks.values()];
}

/** Data-loss tasks first, each on its own line, however many messages that takes; then the others, on lines or as counts. */
function rollUp(
  tasks: readonly WaitingTask[],
  why: Why,
  channel: string,
  limits: MessageLimits,
  now: EpochMs,
): MessagePlan[] {
  const inListOrder = byListOrder(now);
  const sorted = tasks.toSorted((a, b) => inListOrder(a.entry, b.entry));
  const passed = new Set(why.reason === 'returned' ? sorted.filter(({ entry }) => hasPassed(entry)) : []);
  const inOrder = [...sorted.filter((task) => !passed.has(task)), ...passed];
  const risky = inOrder.filter((task) => mayLoseData(task.entry.task));
  const others = inOrder.filter((task) => !mayLoseData(task.entry.task));
  const totals: RollUpTotals = {
    tasks: tasks.length,
    dataLoss: risky.filter((task) => !passed.has(task)).length,
    ...(why.reason === 'returned' && { passed: passed.size }),
  };
  const base = { kind: 'roll-up', madeAt: now, ...why, totals } as const;
  const perMessage = limits.messagesPerRollUp === 1 ? MAIL_LINES_AT_MOST : limits.linesPerMessage;
  const listedAll = (part: readonly WaitingTask[]) => part.map(({ entry }) => listed(entry));
  const lines = (part: readonly WaitingTask[], dataLoss: boolean, more = {}) => ({
    facts: { ...base, dataLoss, lines: listedAll(part), groups: [], ...more } satisfies MessageFacts,
    alertIds: part.flatMap(({ alertIds }) => alertIds),
  });
  const riskyParts = chunks(risky, perMessage).map((part) => lines(part, true));
  const inOneTable = limits.messagesPerRollUp === 1 && risky.length > 0 && tasks.length <= MAIL_LINES_AT_MOST;
  const more = inOneTable ? { elsewhere: listedAll(risky) } : {};
  const otherParts =
    others.length <= perMessage * LINE_MESSAGES_AT_MOST || limits.messagesPerRollUp === 1
      ? chunks(others, perMessage).map((part) => lines(part, false, more))
      : groupInto(others, limits).map(({ groups, alertIds }) => ({
          facts: { ...base, dataLoss: false, lines: [], groups } satisfies MessageFacts,
          alertIds,
        }));
  return [...numbered(channel, riskyParts), ...numbered(channel, otherParts)];
}

function listed({ task, ...entry }: TaskEntry): TaskEntry {
  return { ...entry, task: listedFacts(task) };
}

function numbered(
  channel: string,
  parts: readonly { facts: MessageFacts; alertIds: readonly number[] }[],
): MessagePlan[] {
  return parts.map(({ facts, alertIds }, at) => ({ channel, facts, alertIds, part: at + 1, parts: parts.length }));
}

function plan(channel: string, facts: MessageFacts, alertIds: readonly number[]): MessagePlan {
  return { channel, facts, alertIds, part: 1, parts: 1 };
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  if (all.length <= size) return all.length === 0 ? [] : [[...all]];
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
  return parts;
}
