import type { EpochMs } from '../lib/clock.ts';
import type { TaskEntry, TaskEvent } from '../model/alert.ts';
import { deadlineOf } from '../model/deadline.ts';
import type { MessageFacts } from '../model/message.ts';
import { mayLoseData, PENDING, type RepairTask } from '../model/task.ts';
import { AUTH_TYPES } from '../model/vocabulary.ts';
import { type DocumentBody, type Fact, nonEmpty, type Part, sentences, type Tone } from './document.ts';
import { nextStep } from './next-step.ts';
import type { Speaker } from './speak.ts';
import {
  changeWords,
  eventSentence,
  isByDefault,
  lateSince,
  newestFirst,
  reminderTier,
  timeLeft,
} from './task-news.ts';
import { instanceName, placeName } from './task-row.ts';

const DETAIL_MAX = 500;

/** One task: its newest event as the head, then what, where, when, what if nobody acts, and what to do. */
export function taskDocument(facts: Extract<MessageFacts, { kind: 'task' }>, speaker: Speaker): DocumentBody {
  const { entry, madeAt } = facts;
  const { task } = entry;
  const { words } = speaker;
  const events = newestFirst(entry.events);
  const head = events[0] ?? null;
  const waits = isWaiting(task, head);
  const risky = waits && mayLoseData(task);
  const title = titleOf(entry, head, madeAt, speaker);
  return {
    tone: toneOf(entry, head, risky, madeAt),
    title: risky ? words.task.dataLossTitle(title) : title,
    summary: [
      words.labels.account,
      words.frame.colon,
      speaker.outside(entry.account),
      ' · ',
      summaryEnd(entry, head, waits, madeAt, speaker),
    ].join(''),
    warning: risky ? warningOf(task, speaker) : null,
    parts: nonEmpty([
      sentences(null, leadOf(entry, head, madeAt, speaker)),
      changesPart(head, speaker),
      { part: 'facts', facts: factsOf(entry, waits, madeAt, speaker) },
      sentences(words.task.headingIfNobodyActs, waits ? [nobodyActs(task, madeAt, speaker)] : []),
      ...(waits ? [nextStep(entry, risky, madeAt, speaker)] : []),
      eventsPart(entry, events, madeAt, speaker),
      ...(waits ? [detailPart(task, speaker)] : []),
    ]),
  };
}

/** A task waits unless its newest event says that it left; without events its status says so. */
function isWaiting(task: RepairTask, head: TaskEvent | null): boolean {
  return head === null ? task.taskStatus === PENDING : head.event !== 'left';
}

function titleOf(entry: TaskEntry, head: TaskEvent | null, now: EpochMs, speaker: Speaker): string {
  const { task: words } = speaker.words;
  const { task } = entry;
  const what = words.what(instanceName(task, speaker), speaker.typeName(task));
  if (head === null) return words.titlePending(what, false);
  if (head.event === 'pending')
    return head.after === undefined ? words.titlePending(what, head.again) : words.titleStillPending(what);
  if (head.event === 'changed') return words.titleChanged(what);
  if (head.event === 'left') return words.titleLeft(head.how, what, isByDefault(head));
  return words.titleReminder(reminderTier(task, head, now), what, timeLeft(task, now, speaker));
}

function toneOf({ task }: TaskEntry, head: TaskEvent | null, risky: boolean, now: EpochMs): Tone {
  if (risky) return 'danger';
  if (head?.event === 'left') return isByDefault(head) ? 'urgent' : 'calm';
  if (head?.event !== 'reminder') return 'notice';
  const tier = reminderTier(task, head, now);
  return tier === 'calm' || tier === 'no-deadline' ? 'notice' : 'urgent';
}

/** What must not be overlooked about a task that may lose data. */
export function warningOf(task: RepairTask, speaker: Speaker): string {
  const { task: words } = speaker.words;
  const known = task.authType !== null && Object.hasOwn(AUTH_TYPES, task.authType);
  return known ? words.dataLossWarning : words.unknownAuthTypeWarning(speaker.authTypeName(task.authType));
}

function summaryEnd(entry: TaskEntry, head: TaskEvent | null, waits: boolean, now: EpochMs, speaker: Speaker): string {
  const { labels, frame } = speaker.words;
  if (!waits && head !== null) return eventSentence(entry, head, now, speaker);
  return `${labels.deadline}${frame.colon}${speaker.deadline(deadlineOf(entry.task), now)}`;
}

function leadOf(entry: TaskEntry, head: TaskEvent | null, now: EpochMs, speaker: Speaker): string[] {
  if (head === null || head.event === 'changed') return [];
  const lead = [eventSentence(entry, head, now, speaker)];
  const late = head.event === 'reminder' ? lateSince(entry.task, head, now) : null;
  return late === null ? lead : [...lead, speaker.words.task.reminderLate(speaker.time(late))];
}

function changesPart(head: TaskEvent | null, speaker: Speaker): Part {
  const changes = head?.event === 'changed' ? head.changes.map((change) => changeWords(change, speaker)) : [];
  return sentences(speaker.words.task.headingChanges, changes);
}

function factsOf(entry: TaskEntry, waits: boolean, now: EpochMs, speaker: Speaker): Fact[] {
  const { task } = entry;
  const { labels } = speaker.words;
  const fact = (label: string, value: string | null, strong = false): Fact[] =>
    value === null || value === '' ? [] : [{ label, value, strong }];
  return [
    ...fact(labels.deadline, waits ? speaker.deadline(deadlineOf(task), now) : null, true),
    ...fact(labels.instance, instanceName(task, speaker), true),
    ...fact(labels.type, speaker.typeName(task)),
    ...fact(labels.product, task.product === null ? null : speaker.productName(task.product)),
    ...fact(labels.account, speaker.outside(entry.account)),
    ...fact(labels.place, placeName(task, speaker)),
    ...fact(labels.lanIp, task.lanIp === null ? null : speaker.outside(task.lanIp)),
    ...fact(labels.allows, speaker.authTypeName(task.authType)),
    ...fact(labels.created, waits ? speaker.time(task.createTime) : null),
    ...fact(labels.task, speaker.outside(task.taskId)),
  ];
}

/** What happens to a pending task, and when, if nobody acts. */
export function nobodyActs(task: RepairTask, now: EpochMs, speaker: Speaker): string {
  const { task: words } = speaker.words;
  const deadline = deadlineOf(task);
  if (deadline.certainty === 'none') return words.ifNobodyActsNone;
  return words.ifNobodyActs(deadline.certainty, speaker.time(deadline.at), deadline.at <= now);
}

/** Only where more than one thing happened: the head has already told the newest. */
function eventsPart(entry: TaskEntry, events: readonly TaskEvent[], now: EpochMs, speaker: Speaker): Part {
  const { task: words } = speaker.words;
  const lines = events.map((event) => {
    const sentence = eventSentence(entry, event, now, speaker);
    return event.event === 'pending' ? sentence : words.happened(speaker.time(event.at), sentence);
  });
  return { part: 'lines', heading: words.headingEvents, tone: 'calm', lines: lines.length > 1 ? lines : [] };
}

function detailPart({ taskDetail }: RepairTask, speaker: Speaker): Part {
  const text = taskDetail === null ? '' : speaker.outside(taskDetail, DETAIL_MAX);
  const heading = speaker.words.task.headingVendorSays;
  return { part: 'sentences', heading, sentences: text === '' ? [] : [text], quoted: true };
}
