import type { EpochMs } from '../lib/clock.ts';

/** The sets that a poll reads; `recheck` and `departed` ask by TaskIds. */
export type SetName = 'live' | 'new' | 'backfill' | 'departed' | 'recheck' | 'audit';

/** A reading of one account: the polls of the schedule, its first history in the background, the daily check of both. */
export type PollKind = 'poll' | 'backfill' | 'audit';

/**
 * Tasks that an audit saw and no poll had found, though their second was proven: they came into the API late, or were missed.
 * By their status at that moment: pending (should be 0), processing or scheduled, closed.
 */
export interface AuditFound {
  readonly pending: number;
  readonly open: number;
  readonly closed: number;
}

/** What reading one set came to. */
export interface SetReport {
  readonly set: SetName;
  readonly complete: boolean;
  /** Why not complete; null when it is. */
  readonly reason: string | null;
  readonly requests: number;
  /** Distinct task ids seen; of a poll those that no earlier set of it had seen. */
  readonly distinct: number;
  /** The API's TotalCount at the first answer; null if there was none. */
  readonly totalCount: number | null;
  /** Rows that could not be read and were set aside with their raw text; equal ones of a poll count once, where they came first. */
  readonly setAside: number;
  /** What else is to be said, each a sentence: limits of the API that were found by trying, what was left to the background. Absent where there was none. */
  readonly notes?: readonly string[];
  /** Of an audit only. */
  readonly found?: AuditFound;
}

/** True where the API answered nothing at all, so that even "no tasks" would say too much. */
export function heardNothing(sets: readonly SetReport[]): boolean {
  return sets.every(({ totalCount, complete, distinct }) => totalCount === null && !complete && distinct === 0);
}

/** How many distinct tasks a poll, backfill or audit has seen in all its sets; null where the API answered nothing. */
export function tasksSeen(sets: readonly SetReport[]): number | null {
  return heardNothing(sets) ? null : sets.reduce((sum, { distinct }) => sum + distinct, 0);
}

export type PollResult = 'complete' | 'incomplete' | 'interrupted';

/** One row of the ledger: one poll, backfill or audit of one account. */
export interface PollRecord {
  readonly id: number;
  readonly account: string;
  readonly kind: PollKind;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  /** null while it runs. */
  readonly result: PollResult | null;
  readonly reason: string | null;
  readonly sets: readonly SetReport[];
  /** These three: null while it runs, and where its process died before it could say. */
  readonly requests: number | null;
  readonly retries: number | null;
  readonly throttles: number | null;
  /** Milliseconds by which the server's clock is ahead of ours; null when no answer told. */
  readonly clockOffsetMs: number | null;
  readonly checkpointBefore: EpochMs | null;
  readonly checkpointAfter: EpochMs | null;
}
