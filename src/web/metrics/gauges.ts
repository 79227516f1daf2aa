import { Gauge, type Registry } from 'prom-client';
import type { Sample, StoreFacts } from './facts.ts';

/** Gauges of what is stored; the function that is returned shows these facts from now on, and nothing of the ones before. */
export function createGauges(registry: Registry): (facts: StoreFacts) => void {
  const gauge = (name: string, help: string, ...labelNames: string[]) => {
    const made = new Gauge({ name: `repairwatch_${name}`, help, labelNames, registers: [registry] });
    return (samples: readonly Sample[]): void => {
      made.reset();
      for (const { labels, value } of samples) made.set(labels, value);
    };
  };
  const openTasks = gauge('open_tasks', 'Tasks that are not over.', 'account', 'status', 'type', 'data_loss');
  const nearestDeadline = gauge(
    'nearest_deadline_seconds',
    'Until the nearest deadline of what waits for authorization, below 0 where it has passed; an estimate counts for 4 hours after. Absent where there is none.',
    'account',
  );
  const nearestUnacknowledged = gauge(
    'nearest_unacknowledged_deadline_seconds',
    'The same without the tasks that somebody has acknowledged.',
    'account',
  );
  const sinceCompletePoll = gauge(
    'complete_poll_age_seconds',
    'Since the last complete poll ended; absent where there was none.',
    'account',
  );
  const pollInterval = gauge(
    'poll_interval_seconds',
    'The longest time that the schedule leaves between two polls of the account.',
    'account',
  );
  const known = gauge('account_known', '1: read recently enough to say what waits in the account; 0: not.', 'account');
  const blocked = gauge(
    'account_blocked',
    '1: may not be read until somebody acts (key, permission); 0: may.',
    'account',
  );
  const waiting = gauge('messages_waiting', 'Messages that are not delivered yet, and alerts that are in none yet.');
  const dead = gauge('messages_dead', 'Messages that were given up and wait for `repairwatch requeue`.');
  const oldestWaiting = gauge(
    'oldest_waiting_seconds',
    'Age of the oldest that waits; 0 where nothing does.',
    'channel',
  );
  const laneDown = gauge('channel_down', '1: the operator was told that nothing can be delivered; 0: not.', 'channel');
  const silentLoops = gauge('silent_loops', 'Loops of the service that have not shown in time that they live.');
  const alone = (value: number): readonly Sample[] => [{ labels: {}, value }];
  return (facts) => {
    openTasks(facts.openTasks);
    nearestDeadline(facts.nearestDeadline);
    nearestUnacknowledged(facts.nearestUnacknowledged);
    sinceCompletePoll(facts.sinceCompletePoll);
    pollInterval(facts.pollInterval);
    known(facts.known);
    blocked(facts.blocked);
    waiting(alone(facts.waiting));
    dead(alone(facts.dead));
    oldestWaiting(facts.oldestWaiting);
    laneDown(facts.laneDown);
    silentLoops(alone(facts.silentLoops));
  };
}
