import type { EpochMs } from '../lib/clock.ts';
import type { AccountState } from '../store/store.ts';

/** By CreateTime: [from, until). */
export interface History {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/**
 * What of the lookback no backfill was told to read: all of it at first, the older part where the lookback grew. null where nothing is missing,
 * and while a backfill is under way, whose ranges say where it is.
 */
export function missingHistory(
  { backfillFrom, backfillUntil, backfillDone }: AccountState,
  lookbackMs: number,
  now: EpochMs,
): History | null {
  if (backfillUntil !== null && !backfillDone) return null;
  const from = now - lookbackMs;
  const until = backfillFrom ?? backfillUntil ?? now;
  return from < until ? { from, until } : null;
}
