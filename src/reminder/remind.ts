import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { deadlineOf } from '../model/deadline.ts';
import { mayLoseData } from '../model/task.ts';
import type { Route } from '../poll/route.ts';
import type { Store } from '../store/store.ts';
import { dueRung } from './due-rung.ts';

export interface ReminderDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly route: Route;
  readonly rungsMs: readonly number[];
  readonly wake: () => void;
}

/**
 * Makes the reminders that are due: one per (task, deadline, rung), whatever restarts happen around it. The deadline is the one that was
 * told: one that drifts by seconds is the same, and would be reminded of at each drift. Returns how many.
 */
export async function remindDue({ store, clock, log, route, rungsMs, wake }: ReminderDeps): Promise<number> {
  const now = clock.now();
  let made = 0;
  for (const { account, task, toldAuthTime, changedAt } of await store.openTasks({ pendingOnly: true })) {
    const deadline = deadlineOf({ ...task, authTime: toldAuthTime }).at;
    if (deadline === null) continue;
    const rungMs = dueRung(deadline, rungsMs, changedAt, now);
    if (rungMs === null) continue;
    const event = { event: 'reminder', at: now, rungMs } as const;
    const { channels } = route(account, task, 'reminder');
    const alert = { taskId: task.taskId, event, dataLoss: mayLoseData(task), firstRun: false, channels };
    if (!(await store.remind(account, task.taskId, deadline, rungMs, alert, now))) continue;
    made += 1;
    log.info('reminder-made', { account, task: task.taskId, rungMs });
  }
  if (made > 0) wake();
  return made;
}
