import type { MessageLimits } from '../channels/channel.ts';
import type { EpochMs } from '../lib/clock.ts';
import type { TaskEntry } from '../model/alert.ts';
import { byListOrder } from '../model/list-order.ts';
import type { MessageFacts, RollUpTotals } from '../model/message.ts';
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

/** A task that waits to be told, with the alerts that telling it settles. */
interface WaitingTask {
  readonly entry: TaskEntry;
  readonly alertIds: number[];
  firstRun: boolean;
}

/**
 * What a lane says next, decided when it is free to say it: the message, or the parts of a roll-up, for the channel whose alert has waited
 * longest. All waiting alerts of a task go together, so that nothing newer about it can overtake something older. Pure.
 */
export function nextMessage(
  waiting: readonly WaitingAlert[],
  limitsOf: (channel: string) => MessageLimits,
  now: EpochMs,
): readonly MessagePlan[] {
  const first = waiting[0];
  if (first === undefined) return [];
  const { channel } = first;
  const mine = waiting.filter((alert) => alert.channel === channel);
  if (first.subject.kind === 'operator') return [operatorMessage(mine, channel, now)];
  const tasks = byTask(mine);
  const firstRun = tasks.filter((task) => task.firstRun);
  if (firstRun.length > 0) return rollUp(firstRun, 'first-run', channel, limitsOf(channel), now);
  if (tasks.length > SINGLES_AT_MOST) return rollUp(tasks, 'many', channel, limitsOf(channel), now);
  const next = tasks.find((task) => mayLoseData(task.entry.task)) ?? tasks[0];
  if (next === undefined) return [];
  return [plan(channel, { kind: 'task', madeAt: now, entry: next.entry }, next.alertIds)];
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
  reason: 'first-run' | 'many',
  channel: string,
  limits: MessageLimits,
  now: EpochMs,
): MessagePlan[] {
  const inOrder = tasks.toSorted((a, b) => byListOrder(a.entry, b.entry));
  const risky = inOrder.filter((task) => mayLoseData(task.entry.task));
  const others = inOrder.filter((task) => !mayLoseData(task.entry.task));
  const totals: RollUpTotals = { tasks: tasks.length, dataLoss: risky.length };
  const base = { kind: 'roll-up', madeAt: now, reason, totals } as const;
  const perMessage = limits.messagesPerRollUp === 1 ? MAIL_LINES_AT_MOST : limits.linesPerMessage;
  const lines = (part: readonly WaitingTask[], dataLoss: boolean) => ({
    facts: { ...base, dataLoss, lines: part.map(({ entry }) => listed(entry)), groups: [] } satisfies MessageFacts,
    alertIds: part.flatMap(({ alertIds }) => alertIds),
  });
  const riskyParts = chunks(risky, perMessage).map((part) => lines(part, true));
  const otherParts =
    others.length <= perMessage * LINE_MESSAGES_AT_MOST || limits.messagesPerRollUp === 1
      ? chunks(others, perMessage).map((part) => lines(part, false))
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
