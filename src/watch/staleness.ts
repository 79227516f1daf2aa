import { readingOf, STALE_AFTER_INTERVALS } from '../digest/compose-digest.ts';
import type { Clock, EpochMs } from '../lib/clock.ts';
import type { AccountState, Store } from '../store/store.ts';
import type { IntervalOf } from './poll-intervals.ts';

export interface StalenessDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly operatorChannels: readonly string[];
  readonly intervalOf: IntervalOf;
  /** When this process began to poll: an account cannot be stale before it had its chance. Null: it has just had it (`once`). */
  readonly runningSince: EpochMs | null;
  /** Accounts that were added to a running service, and when. */
  readonly addedAt?: ReadonlyMap<string, EpochMs>;
  readonly wake: () => void;
}

/**
 * Tells the operator once when an account has had no complete poll for three intervals, with the reason of the last, and once when it has again.
 * Of a blocked account it was told already, with the remedy. True when all are fresh.
 */
export async function watchStaleness(deps: StalenessDeps): Promise<boolean> {
  const { store, clock, operatorChannels, intervalOf } = deps;
  const at = clock.now();
  const { runningSince } = deps;
  const isNew = (account: string) => {
    if (runningSince === null) return false;
    const since = Math.max(runningSince, deps.addedAt?.get(account) ?? runningSince);
    return at - since <= STALE_AFTER_INTERVALS * intervalOf(account);
  };
  // One run of `once` proves no three missed intervals of an account that was never read; its exit code tells of it.
  const hadItsChance = ({ account, lastCompleteAt }: AccountState) =>
    !isNew(account) && (runningSince !== null || lastCompleteAt !== null);
  const told = new Set(
    (await store.episodes()).filter(({ code }) => code === 'poll-stale').map(({ subject }) => subject),
  );
  let fresh = true;
  for (const state of await store.accounts()) {
    const { known, account } = readingOf(state, at, intervalOf);
    fresh &&= known;
    const isNews = known
      ? told.has(account) && (await store.over('poll-stale', account, at, operatorChannels))
      : !state.blocked && hadItsChance(state) && (await store.raise(await notice(state, at, store), operatorChannels));
    if (isNews) deps.wake();
  }
  return fresh;
}

async function notice({ account, lastCompleteAt }: AccountState, at: EpochMs, store: Store) {
  const reason = await lastReason(account, store);
  const facts = {
    account,
    ...(lastCompleteAt !== null && { lastComplete: lastCompleteAt }),
    ...(reason !== null && { reason }),
  };
  return { at, code: 'poll-stale', subject: account, facts } as const;
}

/** The newest rows of an account may be a backfill and a poll that is under way. */
const ROWS_LOOKED_AT = 5;

async function lastReason(account: string, store: Store): Promise<string | null> {
  const rows = await store.polls({ account, limit: ROWS_LOOKED_AT });
  return rows.find(({ kind, result }) => kind === 'poll' && result !== null)?.reason ?? null;
}
