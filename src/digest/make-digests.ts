import type { DigestConfig } from '../config/config.ts';
import { type Clock, type EpochMs, MINUTE_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { DigestFacts } from '../model/message.ts';
import type { Store } from '../store/store.ts';
import type { IntervalOf } from '../watch/poll-intervals.ts';
import { composeDigest } from './compose-digest.ts';

/** A digest with its own schedule, as the composition root joins them. */
export interface ScheduledDigest {
  readonly config: DigestConfig;
  /** The first scheduled time after now. */
  nextRun(): EpochMs;
}

export interface DigestDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly digests: readonly ScheduledDigest[];
  readonly intervalOf: IntervalOf;
  /** Of a service: since when it runs. */
  readonly runningSince?: EpochMs;
  readonly wake: () => void;
}

/** A digest made this long after its time says that it is late, in a service also each that was due before it ran. */
const LATE_AFTER_MS = 10 * MINUTE_MS;

/** Remembers when each digest is due, so that one missed while nobody ran is made at the next start. */
export async function syncDigests({ store, clock, digests }: DigestDeps): Promise<void> {
  const due = digests.map((digest) => ({
    name: digest.config.name,
    scheduleKey: `${digest.config.schedule} ${digest.config.timezone}`,
    nextAt: digest.nextRun(),
  }));
  await store.syncDigests(due, clock.now());
}

/** Makes every digest whose time has come, each once whatever happens around it. Returns the names. */
export async function makeDueDigests(deps: DigestDeps): Promise<readonly string[]> {
  const { store, clock, log } = deps;
  const made: string[] = [];
  for (const { name, scheduledAt } of await store.dueDigests(clock.now())) {
    const digest = deps.digests.find(({ config }) => config.name === name);
    if (digest === undefined) continue;
    const now = clock.now();
    const { intervalOf, runningSince } = deps;
    const since = runningSince === undefined ? {} : { runningSince };
    const occasion = { name, scheduledAt, now, lateAfterMs: LATE_AFTER_MS, intervalOf, ...since };
    const row = { name, scheduledAt, nextAt: digest.nextRun(), channels: digest.config.channels };
    const isNew = await store.makeDigest(row, now, (input) => composeDigest(input, occasion));
    if (!isNew) continue;
    made.push(name);
    log.info('digest-made', {
      digest: name,
      scheduledAt: new Date(scheduledAt).toISOString(),
      lateMs: now - scheduledAt,
    });
    deps.wake();
  }
  return made;
}

/** What the digest would say now; nothing is written. */
export async function previewDigest(deps: DigestDeps, name: string): Promise<DigestFacts> {
  const now = deps.clock.now();
  const input = await deps.store.previewDigest(name, now);
  return composeDigest(input, {
    name,
    scheduledAt: now,
    now,
    lateAfterMs: LATE_AFTER_MS,
    intervalOf: deps.intervalOf,
  });
}
