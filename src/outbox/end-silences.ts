import type { Clock, EpochMs } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type Silences, silencesByTask } from '../model/silence.ts';
import { stillWaits } from '../model/still-waits.ts';
import { mayLoseData } from '../model/task.ts';
import type { Route } from '../poll/route.ts';
import type { AfterSilence, HeldBackTask, Store } from '../store/store.ts';

export interface EndSilencesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly route: Route;
  /** Every configured channel. */
  readonly channels: readonly string[];
  readonly wake: () => void;
}

/** Works off the mutes and acknowledgements that have ended: what they held back and still waits is told once. Returns how many alerts that made. */
export async function endSilences({ store, clock, log, route, channels, wake }: EndSilencesDeps): Promise<number> {
  const now = clock.now();
  const made = await store.endSilences(now, (task, silences) => afterSilence(task, silences, now, route, channels));
  if (made === 0) return 0;
  log.info('silences-ended', { alerts: made });
  wake();
  return made;
}

/**
 * What is told of a task that a silence held back: nothing where it no longer waits or another silence holds, else one alert to the channels
 * that were to hear of it, or to those of the routes where they are no longer configured. Pure.
 */
export function afterSilence(
  { stored, channels, muted }: HeldBackTask,
  silences: Silences,
  now: EpochMs,
  route: Route,
  configured: readonly string[],
): AfterSilence {
  const { account, task, revision, firstSeenAt } = stored;
  if (!stillWaits(stored)) return 'close';
  const { ack, mute } = silencesByTask(silences)(account, task, revision);
  if (mute !== null || (ack !== null && !muted)) return 'keep';
  const kept = channels.filter((channel) => configured.includes(channel));
  const rerouted = kept.length < channels.length ? route(account, task, 'pending').channels : [];
  const after = { over: muted ? ('mute' as const) : ('ack' as const), firstSeenAt };
  return {
    taskId: task.taskId,
    event: { event: 'pending', at: now, again: false, after },
    dataLoss: mayLoseData(task),
    firstRun: false,
    channels: [...new Set([...kept, ...rerouted])],
  };
}
