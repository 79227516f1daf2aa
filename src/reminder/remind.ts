import { readingOf } from '../digest/compose-digest.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';
import type { IntervalOf } from '../watch/poll-intervals.ts';
import { decideReminder } from './decide-reminder.ts';
import type { Ladder } from './ladder.ts';

export interface ReminderDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly ladder: Ladder;
  readonly intervalOf: IntervalOf;
  readonly wake: () => void;
}

/** Tasks of one transaction, so that a poll or a lane never waits long behind it. */
const BATCH = 200;

/** Makes the reminders that are due: one per (task, deadline, rung), whatever restarts happen around it. Returns how many. */
export async function remindDue({ store, clock, log, ladder, intervalOf, wake }: ReminderDeps): Promise<number> {
  const now = clock.now();
  let made = 0;
  for (;;) {
    const step = await store.remind(now, BATCH, (stored, account) =>
      decideReminder(stored, ladder, readingOf(account, now, intervalOf), now),
    );
    for (const { account, taskId, rungMs } of step.made) log.info('reminder-made', { account, task: taskId, rungMs });
    made += step.made.length;
    if (step.looked < BATCH) break;
  }
  if (made > 0) wake();
  return made;
}
