import { type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import type { FieldChange, TaskEntry, TaskEvent } from '../model/alert.ts';
import { deadlineOf } from '../model/deadline.ts';
import type { LaterStep } from '../model/message.ts';
import type { Silence } from '../model/silence.ts';
import { PENDING, type RepairTask } from '../model/task.ts';
import type { ReminderTier } from './catalogue.ts';
import type { Speaker } from './speak.ts';

const FIRM_BELOW_MS = 12 * HOUR_MS;
const URGENT_BELOW_MS = 2 * HOUR_MS;
const LATE_AFTER_MS = 15 * MINUTE_MS;
const REASON_MAX = 200;
const BY_DEFAULT = 'System_mandatory_auth';
const WAITING = 'Waiting_auth';
/** TaskStatus processing and ended. */
const STARTED: readonly number[] = [2, 3];

export type LeftEvent = Extract<TaskEvent, { event: 'left' }>;
export type ReminderEvent = Extract<TaskEvent, { event: 'reminder' }>;

/** A task's events, the newest first; of the same moment, the later in the list first. */
export function newestFirst(events: readonly TaskEvent[]): TaskEvent[] {
  return events
    .map((event, order) => ({ event, order }))
    .sort((a, b) => b.event.at - a.event.at || b.order - a.order)
    .map(({ event }) => event);
}

/** True where Tencent Cloud's own default started or booked the repair, without a decision of the customer's. */
export function isByDefault(event: TaskEvent): boolean {
  return event.event === 'left' && event.by === BY_DEFAULT && beginsRepair(event);
}

/** The same for all that happened to a task; AuthSource may name the default only after the repair has begun. */
export function leftByDefault({ task, events }: TaskEntry): boolean {
  const saidLater = task.authSource === BY_DEFAULT && task.taskStatus !== PENDING;
  return events.some(
    (event) =>
      isByDefault(event) || (saidLater && event.event === 'left' && namesNobody(event.by) && beginsRepair(event)),
  );
}

/** True where the default had started the repair before anyone saw the task wait, as with types 102 and 104. */
export function startedUnseen({ task, from, to }: LaterStep): boolean {
  return from === null && to !== null && STARTED.includes(to) && task.authSource === BY_DEFAULT;
}

/** Official samples show the default beside tasks that still wait, so that a cancelled one may carry it, too. */
function beginsRepair({ how }: LeftEvent): boolean {
  return how !== 'unlisted' && how !== 'cancelled' && how !== 'avoided';
}

function namesNobody(by: string | null): by is null | '' | typeof WAITING {
  return by === null || by === '' || by === WAITING;
}

/** How pressing a reminder is at `now`, by its rung and the task's deadline. */
export function reminderTier(task: RepairTask, event: ReminderEvent, now: EpochMs): ReminderTier {
  const deadline = deadlineOf(task).at;
  if (deadline === null) return 'no-deadline';
  if (deadline <= now) return 'overdue';
  if (event.rungMs < URGENT_BELOW_MS) return 'urgent';
  return event.rungMs < FIRM_BELOW_MS ? 'firm' : 'calm';
}

/** What is left until the deadline, or how long it has passed. */
export function timeLeft(task: RepairTask, now: EpochMs, speaker: Speaker): string {
  const deadline = deadlineOf(task).at;
  if (deadline === null) return '';
  return deadline > now ? speaker.duration(deadline - now) : speaker.relative(deadline, now);
}

/** When the rung was due, if the reminder is made noticeably later; else null. */
export function lateSince(task: RepairTask, event: ReminderEvent, now: EpochMs): EpochMs | null {
  const deadline = deadlineOf(task).at;
  if (deadline === null || deadline <= now || event.rungMs <= 0) return null;
  const due = deadline - event.rungMs;
  return now - due > LATE_AFTER_MS && due > task.createTime ? due : null;
}

/** One change in words: old → new. */
export function changeWords(change: FieldChange, speaker: Speaker): string {
  const value = (raw: string | number | null): string => valueWords(change.field, raw, speaker);
  return speaker.words.task.change(change.field, value(change.before), value(change.after));
}

function valueWords(field: FieldChange['field'], raw: string | number | null, speaker: Speaker): string {
  if (raw === null || raw === '') return speaker.words.names.none;
  if (typeof raw === 'string') return field === 'product' ? speaker.productName(raw) : speaker.outside(raw);
  if (field === 'authTime') return speaker.time(raw);
  if (field === 'authType') return speaker.authTypeName(raw);
  if (field === 'taskTypeId') return speaker.typeName({ taskTypeId: raw, taskTypeName: null });
  return String(raw);
}

/** One event as one sentence. */
export function eventSentence(entry: TaskEntry, event: TaskEvent, now: EpochMs, speaker: Speaker): string {
  const { task: words } = speaker.words;
  switch (event.event) {
    case 'pending':
      return event.after === undefined
        ? words.pending(speaker.time(event.at), event.again)
        : words.pendingAfter(event.after.over, speaker.time(event.after.firstSeenAt));
    case 'changed':
      return words.changed(event.changes.map((change) => changeWords(change, speaker)));
    case 'left':
      return words.left(event.how, speaker.statusName(event.status), authorizer(event, speaker));
    case 'reminder':
      return reminderSentence(entry.task, event, now, speaker);
  }
}

function reminderSentence(task: RepairTask, event: ReminderEvent, now: EpochMs, speaker: Speaker): string {
  const { task: words } = speaker.words;
  const { last = true, readAt } = event;
  const said = words.reminder(reminderTier(task, event, now), timeLeft(task, now, speaker), last);
  if (readAt === undefined) return said;
  return `${said} ${words.reminderReadAt(readAt === null ? null : speaker.time(readAt))}`;
}

/** Who has taken a task on and since when, and what keeps it silent: a line each. */
export function silenceLines({ ack, mute }: Silence, now: EpochMs, speaker: Speaker): string[] {
  const { task: words } = speaker.words;
  const lines: string[] = [];
  if (ack !== null) {
    const until = ack.until === null ? null : speaker.time(ack.until);
    lines.push(words.acknowledged(speaker.outside(ack.by), speaker.time(ack.at), speaker.relative(ack.at, now), until));
  }
  if (mute !== null) {
    const by = mute.by === null ? null : speaker.outside(mute.by);
    lines.push(words.muted(speaker.time(mute.until), by, speaker.outside(mute.reason, REASON_MAX)));
  }
  return lines;
}

/** Who authorized it, in words; null where AuthSource says nothing about that. */
function authorizer(event: LeftEvent, speaker: Speaker): string | null {
  if (namesNobody(event.by) || (event.by === BY_DEFAULT ? !beginsRepair(event) : event.how === 'unlisted')) return null;
  return speaker.authSourceName(event.by);
}
