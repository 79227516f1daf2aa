import { type Clock, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { BackfillProgress, OnBackfill } from './backfill-progress.ts';

const EVERY_MS = 5 * SECOND_MS;

/** Says in the log how far each backfill is, every five seconds; one that is over sooner says nothing. */
export function createBackfillLog(log: Log, clock: Clock): OnBackfill {
  const saidAt = new Map<string, number>();
  return (progress) => {
    const { account, over } = progress;
    const now = clock.monotonic();
    const last = saidAt.get(account);
    if (over) saidAt.delete(account);
    else if (last === undefined) saidAt.set(account, now);
    else if (now - last >= EVERY_MS) {
      saidAt.set(account, now);
      log.info('backfill-progress', fieldsOf(progress));
    }
  };
}

function fieldsOf({ over: _over, ...progress }: BackfillProgress) {
  const { tasks, total } = progress;
  const rounded = (rate: number): number => Math.round(rate * 10) / 10;
  return {
    ...progress,
    share: total === null || total === 0 ? null : Math.round((tasks / total) * 1000) / 1000,
    requestsPerSecond: rounded(progress.requestsPerSecond),
    tasksPerSecond: rounded(progress.tasksPerSecond),
  };
}
