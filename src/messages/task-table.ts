import { csv } from '../lib/csv.ts';
import type { TaskEntry, TaskEvent } from '../model/alert.ts';
import { deadlineOf } from '../model/deadline.ts';
import { byListOrder } from '../model/list-order.ts';
import type { MessageFacts, RollUpGroup } from '../model/message.ts';
import { mayLoseData, PENDING } from '../model/task.ts';
import type { Speaker } from './speak.ts';
import { newestFirst } from './task-news.ts';

const CELL_MAX = 2_000;

type Row = readonly (string | number | null)[];

/** Every task of a roll-up or digest as CSV, data loss first; null for messages without a list. Times are in the speaker's zone. */
export function taskTable(facts: Exclude<MessageFacts, { kind: 'sample' }>, speaker: Speaker): string | null {
  if (facts.kind === 'roll-up') {
    const lines = [...(facts.elsewhere ?? []), ...facts.lines]
      .toSorted(byListOrder(facts.madeAt))
      .map((entry) => entryRow(entry, eventOf(entry, speaker), speaker));
    return csv([header(speaker), ...lines, ...facts.groups.flatMap((group) => groupRows(group, speaker))]);
  }
  if (facts.kind !== 'digest') return null;
  const { events } = speaker.words.names;
  const { fresh } = speaker.words.digest.figures;
  const rows = (entries: readonly TaskEntry[], event: string): Row[] =>
    entries.toSorted(byListOrder(facts.madeAt)).map((entry) => entryRow(entry, event, speaker));
  return csv([
    header(speaker),
    ...rows(facts.pending, events.pending),
    ...rows(facts.fresh, fresh),
    ...rows(facts.changed, events.changed),
    ...rows(facts.left, events.left),
  ]);
}

function header({ words: { labels } }: Speaker): Row {
  return [
    labels.dataLoss,
    labels.event,
    labels.account,
    labels.task,
    labels.instanceId,
    labels.alias,
    labels.type,
    labels.product,
    labels.status,
    labels.region,
    labels.zone,
    labels.lanIp,
    labels.deadline,
    labels.certainty,
    labels.allows,
    labels.created,
  ];
}

function entryRow({ account, task }: TaskEntry, event: string, speaker: Speaker): Row {
  const { words } = speaker;
  const outside = (text: string | null): string | null => (text === null ? null : speaker.outside(text, CELL_MAX));
  const deadline = task.taskStatus === PENDING ? deadlineOf(task) : null;
  return [
    mayLoseData(task) ? words.lists.tag : null,
    event,
    outside(account),
    outside(task.taskId),
    outside(task.instanceId),
    outside(task.alias),
    speaker.typeName(task),
    outside(task.product),
    speaker.statusName(task.taskStatus),
    outside(task.region),
    outside(task.zone),
    outside(task.lanIp),
    deadline === null || deadline.at === null ? null : speaker.time(deadline.at),
    deadline === null ? null : words.lists.certainty[deadline.certainty],
    speaker.authTypeName(task.authType),
    speaker.time(task.createTime),
  ];
}

/** A group knows less of its tasks than a line does; the cells it cannot fill stay empty. */
function groupRows(group: RollUpGroup, speaker: Speaker): Row[] {
  const { words } = speaker;
  const outside = (text: string | null): string | null => (text === null ? null : speaker.outside(text, CELL_MAX));
  return group.taskIds.map((taskId) => [
    null,
    words.names.events[group.event],
    outside(group.account),
    outside(taskId),
    null,
    null,
    speaker.typeName(group),
    null,
    null,
    null,
    outside(group.zone),
    null,
    null,
    null,
    null,
    null,
  ]);
}

function eventOf({ events }: TaskEntry, speaker: Speaker): string {
  const newest: TaskEvent | undefined = newestFirst(events)[0];
  return newest === undefined ? '' : speaker.words.names.events[newest.event];
}
