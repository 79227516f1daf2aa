import type { EpochMs } from '../lib/clock.ts';
import { AUTH_TIME_TOLERANCE_MS, deadlineOf } from '../model/deadline.ts';
import { type SilenceOf, type Silences, silencesByTask } from '../model/silence.ts';
import type { RepairTask } from '../model/task.ts';
import type { WaitingAlert, Withheld, WithheldWhy } from '../store/store.ts';

/**
 * Which waiting alerts are not sent, by the state at the moment in which messages are made: everything about a muted task, and reminders of a
 * task that was acknowledged, has left status 1, has another deadline now or a later reminder. Pure.
 */
export function withhold(waiting: readonly WaitingAlert[], silences: Silences): readonly Withheld[] {
  const silenceOf = silencesByTask(silences);
  const newest = lastReminders(waiting);
  return waiting.flatMap((alert) => {
    const why = whyNot(alert, silenceOf, newest.get(keyOf(alert)) ?? 0);
    return why === null ? [] : [{ alertId: alert.id, channel: alert.channel, why }];
  });
}

/** What holds for a reminder anyway comes first: it is no news that a mute holds back and that its end would have to tell. */
function whyNot({ id, subject }: WaitingAlert, silenceOf: SilenceOf, lastReminder: number): WithheldWhy | null {
  if (subject.kind === 'operator') return null;
  const { ack, mute } = silenceOf(subject.account, subject.task, subject.revision);
  if (subject.event.event === 'reminder') {
    if (!subject.waits) return 'left';
    if (ack !== null) return 'acknowledged';
    if (id < lastReminder || hasMoved(subject.task, subject.event.deadline)) return 'superseded';
  }
  return mute === null ? null : 'muted';
}

/** Of each task and channel: several rungs passed while nothing could be sent. */
function lastReminders(waiting: readonly WaitingAlert[]): ReadonlyMap<string, number> {
  const reminders = waiting.filter(({ subject }) => subject.kind === 'task' && subject.event.event === 'reminder');
  return new Map(reminders.map((alert) => [keyOf(alert), alert.id]));
}

/** A deadline that moved is told as changed, and a reminder of the old one would be wrong. */
function hasMoved(task: RepairTask, remindedOf: EpochMs | null | undefined): boolean {
  if (remindedOf === undefined) return false;
  const deadline = deadlineOf(task).at;
  if (remindedOf === null) return deadline !== null;
  return deadline === null || Math.abs(deadline - remindedOf) >= AUTH_TIME_TOLERANCE_MS;
}

function keyOf({ channel, subject }: WaitingAlert): string {
  return subject.kind === 'operator' ? channel : `${channel} ${subject.task.taskId} ${subject.account}`;
}
