import type { MessageLimits } from '../channels/channel.ts';
import { TASK_EVENTS, type TaskEntry, type TaskEvent, type TaskEventName } from '../model/alert.ts';
import { deadlineOf } from '../model/deadline.ts';
import type { RollUpGroup } from '../model/message.ts';

interface Counted {
  readonly entry: TaskEntry;
  readonly alertIds: readonly number[];
}

export interface GroupedPart {
  readonly groups: readonly RollUpGroup[];
  readonly alertIds: readonly number[];
}

/** The room that a group's heading takes, in ids. */
const HEADING_COST = 10;

/**
 * Tasks as counts by account, type, zone and event, each task named by its id as long as there is room, over at most
 * `messagesPerRollUp` messages; what goes beyond is counted in the last one. Every alert belongs to the part that tells of it.
 */
export function groupInto(tasks: readonly Counted[], limits: MessageLimits): GroupedPart[] {
  const parts: { groups: RollUpGroup[]; alertIds: number[] }[] = [];
  let room = 0;
  const nextPart = (): void => {
    parts.push({ groups: [], alertIds: [] });
    room = limits.idsPerMessage;
  };
  nextPart();
  for (const group of groups(tasks)) {
    let rest = group;
    while (rest.length > 0) {
      if (room < HEADING_COST + 1 && parts.length < limits.messagesPerRollUp) nextPart();
      const isLast = parts.length === limits.messagesPerRollUp;
      const named = Math.max(0, Math.min(rest.length, room - HEADING_COST));
      const told = isLast ? rest : rest.slice(0, named);
      const part = parts.at(-1);
      part?.groups.push(groupOf(told, named));
      for (const { alertIds } of told) part?.alertIds.push(...alertIds);
      room -= HEADING_COST + named;
      rest = rest.slice(told.length);
    }
  }
  return parts;
}

function groups(tasks: readonly Counted[]): Counted[][] {
  const byKey = new Map<string, Counted[]>();
  for (const counted of tasks) {
    const { account, task, events } = counted.entry;
    const key = JSON.stringify([account, task.taskTypeId, task.zone, eventOf(events)]);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [counted]);
    else group.push(counted);
  }
  return [...byKey.values()];
}

/** What a count says of a task: the newest event, but a task that nobody was told of yet is pending, not changed. */
function eventOf(events: readonly TaskEvent[]): TaskEventName {
  const newest = events.at(-1)?.event ?? 'pending';
  return newest !== 'left' && events.some(({ event }) => event === 'pending') ? 'pending' : newest;
}

/** What else happened to the tasks than what each is counted by, and to how many of them. */
function alsoOf(told: readonly Counted[]): [event: TaskEventName, count: number][] {
  return TASK_EVENTS.flatMap((event) => {
    const others = told.filter(({ entry }) => eventOf(entry.events) !== event);
    const count = others.filter(({ entry }) => entry.events.some((each) => each.event === event)).length;
    return count > 0 ? [[event, count]] : [];
  });
}

function rungsOf(told: readonly Counted[]): number[] {
  const events = told.flatMap(({ entry }) => entry.events);
  return [...new Set(events.flatMap((event) => (event.event === 'reminder' ? [event.rungMs] : [])))];
}

/** Tasks come sorted by deadline, so the first one's is the nearest. */
function groupOf(told: readonly Counted[], named: number): RollUpGroup {
  const first = told[0];
  if (first === undefined) throw new Error('a group of a roll-up has at least one task');
  const { account, task, events } = first.entry;
  const also = alsoOf(told);
  const rungsMs = rungsOf(told);
  return {
    account,
    event: eventOf(events),
    ...(also.length > 0 && { also }),
    ...(rungsMs.length > 0 && { rungsMs }),
    taskTypeId: task.taskTypeId,
    taskTypeName: task.taskTypeName,
    zone: task.zone,
    count: told.length,
    earliest: deadlineOf(task),
    taskIds: told.slice(0, named).map(({ entry }) => entry.task.taskId),
  };
}
