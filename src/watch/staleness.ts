import { readingOf, STALE_AFTER_INTERVALS } from '../digest/compose-digest.ts';
import type { Clock, EpochMs } from '../lib/clock.ts';
import type { Store } from '../store/store.ts';

export interface StalenessDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly operatorChannels: readonly string[];
  readonly pollIntervalMs: number;
  /** When this process began to poll: an account cannot be stale before it had its chance. Null: it has just had it (`once`). */
  readonly runningSince: EpochMs | null;
  readonly wake: () => void;
}

/** Tells the operator once when an account has had no complete poll for three intervals, and once when it has again. True when all are fresh. */
export async function watchStaleness(deps: StalenessDeps): Promise<boolean> {
  const { store, clock, operatorChannels, pollIntervalMs } = deps;
  const at = clock.now();
  const isNew = deps.runningSince !== null && at - deps.runningSince <= STALE_AFTER_INTERVALS * pollIntervalMs;
  // One run of `once` proves no three missed intervals of an account that was never read; its exit code tells of it.
  const hadItsChance = (readAt: EpochMs | null) => !isNew && (deps.runningSince !== null || readAt !== null);
  let fresh = true;
  for (const state of await store.accounts()) {
    const { known, account, lastCompleteAt } = readingOf(state, at, pollIntervalMs);
    fresh &&= known;
    const told = known
      ? await store.over('poll-stale', account, at, operatorChannels)
      : hadItsChance(lastCompleteAt) &&
        (await store.raise(
          {
            at,
            code: 'poll-stale',
            subject: account,
            facts: {
              account,
              intervals: STALE_AFTER_INTERVALS,
              ...(lastCompleteAt !== null && { lastComplete: lastCompleteAt }),
            },
          },
          operatorChannels,
        ));
    if (told) deps.wake();
  }
  return fresh;
}
