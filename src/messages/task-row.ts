import type { EpochMs } from '../lib/clock.ts';
import type { TaskEntry } from '../model/alert.ts';
import { type Deadline, deadlineOf } from '../model/deadline.ts';
import { mayLoseData, PENDING, type RepairTask } from '../model/task.ts';
import type { TaskRow } from './document.ts';
import type { Speaker } from './speak.ts';
import { eventSentence, newestFirst, silenceLines } from './task-news.ts';

const ALIAS_MAX = 60;
const NEWS_MAX = 3;

/** Alias and id of a task's instance; the task's id where there is none. */
export function instanceName(task: RepairTask, speaker: Speaker, aliasMax = ALIAS_MAX): string {
  const id = speaker.outside(task.instanceId ?? task.taskId);
  const alias = task.alias === null ? '' : speaker.outside(task.alias, aliasMax);
  return alias === '' || alias === id ? id : speaker.words.names.instance(alias, id);
}

/** The zone, or the region where no zone is given. */
export function placeName(task: RepairTask, speaker: Speaker): string | null {
  const place = speaker.outside(task.zone ?? task.region ?? '');
  return place === '' ? null : place;
}

/** A deadline for a list: when, how far, or that none is known. */
export function deadlinePhrase(deadline: Deadline, now: EpochMs, speaker: Speaker): string {
  const { task: words } = speaker.words;
  if (deadline.certainty === 'none') return words.startsNever;
  const phrase = deadline.at > now ? words.startsBy : words.wasDue;
  return phrase(speaker.time(deadline.at), speaker.relative(deadline.at, now), deadline.certainty === 'estimated');
}

/** The shortest form that still says when and how sure. */
export function deadlineShort(deadline: Deadline, speaker: Speaker): string {
  const { task: words } = speaker.words;
  return deadline.certainty === 'none'
    ? words.deadlineShortNone
    : words.deadlineShort(speaker.time(deadline.at), deadline.certainty === 'estimated');
}

/** A task as a row of a list. `told`: whether its events are worth repeating there. */
export function taskRow(entry: TaskEntry, now: EpochMs, speaker: Speaker, told = true): TaskRow {
  const { task } = entry;
  const waits = task.taskStatus === PENDING;
  const deadline = deadlineOf(task);
  const held = entry.silence === undefined ? [] : silenceLines(entry.silence, now, speaker);
  const events = newestFirst(told ? entry.events : []);
  const where = [speaker.outside(entry.account), placeName(task, speaker), speaker.outside(task.lanIp ?? '')];
  return {
    key: JSON.stringify([entry.account, task.taskId]),
    dataLoss: mayLoseData(task),
    taskId: speaker.outside(task.taskId),
    instanceId: speaker.outside(task.instanceId ?? ''),
    instance: instanceName(task, speaker),
    type: [speaker.typeName(task), speaker.outside(task.product ?? '')].filter((text) => text !== '').join(' · '),
    where: where.filter((text) => text !== null && text !== '').join(' · '),
    deadline: waits ? deadlinePhrase(deadline, now, speaker) : null,
    deadlineShort: waits ? deadlineShort(deadline, speaker) : null,
    allows: speaker.authTypeName(task.authType),
    held: held[0] ?? null,
    news: [
      ...held,
      ...events.slice(0, NEWS_MAX).map((event) => eventSentence(entry, event, now, speaker)),
      ...(events.length > NEWS_MAX ? [speaker.words.lists.more(events.length - NEWS_MAX)] : []),
    ],
  };
}
