import { createHash } from 'node:crypto';
import { calendarLine, calendarText, calendarTime } from '../lib/calendar-text.ts';
import { type EpochMs, MINUTE_MS } from '../lib/clock.ts';
import { deadlineOf } from '../model/deadline.ts';
import { mayLoseData, PENDING, type RepairTask } from '../model/task.ts';
import { taskPageLink } from './page-link.ts';
import type { Speaker } from './speak.ts';
import { placeName } from './task-row.ts';

/** A stored task as far as a calendar shows it. */
export interface CalendarTask {
  readonly account: string;
  readonly task: RepairTask;
  /** null while it is open. */
  readonly ending: 'closed' | 'unlisted' | 'unwatched' | null;
  readonly changedAt: EpochMs;
  /** Grows when its state or its time moves; what waits may wobble by less than five minutes. */
  readonly revision: number;
}

/** Cancelled, avoided: what was planned does not happen. */
export const CANCELLED: readonly number[] = [5, 6];
const LATEST_MS = 8.64e15;

/** What stands before the events. Programs ask again every quarter of an hour where they follow the hint. */
export const CALENDAR_HEAD = [
  calendarLine('BEGIN', 'VCALENDAR'),
  calendarLine('VERSION', '2.0'),
  calendarLine('PRODID', '-//repairwatch//repairwatch//EN'),
  calendarLine('CALSCALE', 'GREGORIAN'),
  calendarLine('METHOD', 'PUBLISH'),
  calendarLine('X-WR-CALNAME', 'repairwatch'),
  calendarLine('REFRESH-INTERVAL;VALUE=DURATION', 'PT15M'),
  calendarLine('X-PUBLISHED-TTL', 'PT15M'),
].join('');

export const CALENDAR_END = calendarLine('END', 'VCALENDAR');

/**
 * A task as an event at its planned start; empty where no start is known. The same task gives the same bytes.
 * `alarmMs`: an alarm so long before the start of what waits for authorization; null: none.
 */
export function calendarEvent(stored: CalendarTask, speaker: Speaker, alarmMs: number | null): string {
  const { account, task, ending, changedAt, revision } = stored;
  const start = deadlineOf(task).at;
  if (start === null || !isWritable(start)) return '';
  const { endTime } = task;
  const link = taskPageLink(account, task.taskId, speaker);
  const waits = ending === null && task.taskStatus === PENDING;
  return [
    calendarLine('BEGIN', 'VEVENT'),
    calendarLine('UID', `${uidOf(stored)}@repairwatch`),
    calendarLine('DTSTAMP', calendarTime(changedAt)),
    calendarLine('LAST-MODIFIED', calendarTime(changedAt)),
    calendarLine('SEQUENCE', String(revision)),
    calendarLine('DTSTART', calendarTime(start)),
    endTime !== null && endTime > start && isWritable(endTime) ? calendarLine('DTEND', calendarTime(endTime)) : '',
    calendarLine('STATUS', statusOf(stored)),
    calendarLine('TRANSP', 'TRANSPARENT'),
    calendarLine('SUMMARY', calendarText(summary(stored, speaker))),
    calendarLine('DESCRIPTION', calendarText(description(stored, speaker))),
    calendarLine('LOCATION', calendarText(placeName(task, speaker) ?? '')),
    link === null ? '' : calendarLine('URL', link.url),
    waits && alarmMs !== null ? alarm(summary(stored, speaker), alarmMs) : '',
    calendarLine('END', 'VEVENT'),
  ].join('');
}

function isWritable(at: EpochMs): boolean {
  return Number.isFinite(at) && at >= 0 && at <= LATEST_MS && new Date(at).getUTCFullYear() <= 9999;
}

/** Of the account and the id, so that it stays whatever else becomes of the task. */
function uidOf({ account, task }: CalendarTask): string {
  return createHash('sha256')
    .update(JSON.stringify([account, task.taskId]))
    .digest('hex')
    .slice(0, 32);
}

function statusOf({ task, ending }: CalendarTask): 'CANCELLED' | 'TENTATIVE' | 'CONFIRMED' {
  if (CANCELLED.includes(task.taskStatus)) return 'CANCELLED';
  return ending === 'unlisted' || deadlineOf(task).certainty === 'estimated' ? 'TENTATIVE' : 'CONFIRMED';
}

function summary({ task, ending }: CalendarTask, speaker: Speaker): string {
  const mark = mayLoseData(task) ? `${speaker.words.lists.tag.toUpperCase()} · ` : '';
  const name =
    speaker.outside(task.alias ?? '') || speaker.outside(task.instanceId ?? '') || speaker.outside(task.taskId);
  return `${mark}${name} · ${speaker.typeName(task)} · ${statusName(task, ending, speaker)}`;
}

function description({ account, task, ending }: CalendarTask, speaker: Speaker): string {
  const { labels, frame, lists } = speaker.words;
  const facts: readonly (readonly [string, string])[] = [
    [labels.account, speaker.outside(account)],
    [labels.task, speaker.outside(task.taskId)],
    [labels.instanceId, speaker.outside(task.instanceId ?? '')],
    [labels.type, speaker.typeName(task)],
    [labels.status, statusName(task, ending, speaker)],
    [labels.certainty, task.taskStatus === PENDING ? lists.certainty[deadlineOf(task).certainty] : ''],
    [labels.allows, speaker.authTypeName(task.authType)],
  ];
  const lines = facts.filter(([, says]) => says !== '').map(([label, says]) => `${label}${frame.colon}${says}`);
  return [...lines, ...(speaker.consoleUrl === null ? [] : [speaker.consoleUrl])].join('\n');
}

function statusName(task: RepairTask, ending: CalendarTask['ending'], speaker: Speaker): string {
  return speaker.statusName(ending === 'unlisted' ? null : task.taskStatus);
}

function alarm(says: string, alarmMs: number): string {
  return [
    calendarLine('BEGIN', 'VALARM'),
    calendarLine('ACTION', 'DISPLAY'),
    calendarLine('TRIGGER', `-PT${Math.round(alarmMs / MINUTE_MS)}M`),
    calendarLine('DESCRIPTION', calendarText(says)),
    calendarLine('END', 'VALARM'),
  ].join('');
}
