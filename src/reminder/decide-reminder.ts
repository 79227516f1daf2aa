import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import type { TaskEvent } from '../model/alert.ts';
import { deadlineOf } from '../model/deadline.ts';
import type { AccountReading } from '../model/message.ts';
import { mayLoseData } from '../model/task.ts';
import type { ReminderDecision, StoredTask } from '../store/store.ts';
import { type Due, dueByDeadline, dueWithoutDeadline } from './due-rung.ts';
import type { Ladder } from './ladder.ts';

/** Whether a task still waits after its deadline is known only from a later reading. */
const LOOK_AGAIN_MS = 10 * SECOND_MS;

/**
 * The reminders that are due for a pending task, one for each rung with the channels whose last one it is, and when to look again. The deadline is the
 * one that was told: one that drifts by seconds is the same, and would be reminded of at each drift. Pure.
 */
export function decideReminder(
  { account, task, toldAuthTime, changedAt }: StoredTask,
  ladder: Ladder,
  reading: AccountReading,
  now: EpochMs,
): ReminderDecision {
  const deadline = deadlineOf({ ...task, authTime: toldAuthTime }).at;
  const channelsByRung = new Map<number, string[]>();
  const lastRungs: number[] = [];
  let nextAt: EpochMs | null = null;
  for (const [channel, rungsMs] of ladder(account, task)) {
    const due = dueFor(deadline, rungsMs, changedAt, reading, now);
    nextAt = Math.min(nextAt ?? due.nextAt, due.nextAt);
    if (due.rungMs === null) continue;
    channelsByRung.set(due.rungMs, [...(channelsByRung.get(due.rungMs) ?? []), channel]);
    if (due.rungMs === Math.min(...rungsMs)) lastRungs.push(due.rungMs);
  }
  const readAt = reading.known ? undefined : reading.lastCompleteAt;
  const reminders = [...channelsByRung].map(([rungMs, channels]) => {
    const facts = { ...(readAt !== undefined && { readAt }), ...(rungMs > 0 && { last: lastRungs.includes(rungMs) }) };
    const event: TaskEvent = { event: 'reminder', at: now, rungMs, deadline, ...facts };
    return { rungMs, alert: { taskId: task.taskId, event, dataLoss: mayLoseData(task), firstRun: false, channels } };
  });
  return { anchor: deadline ?? changedAt, reminders, nextAt };
}

function dueFor(
  deadline: EpochMs | null,
  rungsMs: readonly number[],
  changedAt: EpochMs,
  reading: AccountReading,
  now: EpochMs,
): Due {
  if (deadline === null) return dueWithoutDeadline(changedAt, now);
  const due = dueByDeadline(deadline, rungsMs, changedAt, now);
  if (due.rungMs === null || due.rungMs > 0 || mayStillWait(deadline, reading)) return due;
  return { rungMs: null, nextAt: now + LOOK_AGAIN_MS };
}

/** Read since, or not read for so long that the age of the reading is what must be said. */
function mayStillWait(deadline: EpochMs, { lastCompleteAt, known }: AccountReading): boolean {
  return !known || (lastCompleteAt ?? 0) > deadline;
}
