import { DAY_MS, type EpochMs, HOUR_MS, wholeSecond } from '../lib/clock.ts';
import type { AuditFound } from '../model/poll.ts';
import type { Store } from '../store/store.ts';
import { forgetLimits, limitsOfReading } from './api-limits.ts';
import { readWalk } from './poll.ts';
import { auditSubject, openReading, type PollDeps, type PolledAccount, type PollReading } from './reading.ts';

export interface AuditSummary {
  readonly account: string;
  readonly poll: number;
  readonly complete: boolean;
  readonly reason: string | null;
  readonly requests: number;
  readonly tasks: number;
  readonly found: AuditFound;
}

const EVERY_MS = DAY_MS;
/** One that was not whole is tried again, but must not cost the whole lookback at every poll. */
const RETRY_MS = HOUR_MS;

/**
 * Whether the account's day is over, by the ledger: a restart neither repeats an audit nor skips one. The first complete backfill counts for
 * one, since it has just read the same. Never before it. A row from the future was written before the clock was set back: it holds nothing up for longer.
 */
export async function isAuditDue(account: string, store: Store, now: EpochMs): Promise<boolean> {
  const { wholeAt, triedAt } = await store.lastAudit(account);
  if (!isOver(wholeAt, EVERY_MS, now) || !isOver(triedAt, RETRY_MS, now)) return false;
  // Asked last: it reads every account, and mostly the day is not over.
  const accounts = await store.accounts();
  return accounts.some((each) => each.account === account && each.provenFrom !== null);
}

function isOver(since: EpochMs | null, waitMs: number, now: EpochMs): boolean {
  return since === null || Math.abs(now - since) >= waitMs;
}

/**
 * Reads the whole lookback beside the polls, after them in the pace, and says what they had not found. It decides only about tasks that nobody
 * knew when its page was committed: of all others the polls know better, since nothing says which of two sightings is newer.
 */
export async function audit(audited: PolledAccount, deps: PollDeps, signal: AbortSignal): Promise<AuditSummary> {
  const { store, clock } = deps;
  const account = { ...audited, limits: limitsOfReading(audited.limits, 'audit') };
  const { name } = account.config;
  const begun = await store.beginPoll(name, 'audit', clock.now());
  const reading = openReading(account, begun, deps, signal);
  try {
    const until = wholeSecond(reading.serverNow());
    const range = { id: 1, cursor: until - deps.poll.lookbackMs, until };
    const set = await readWalk('audit', () => range, reading.narrowing, account, reading, signal);
    const { complete, reason } = set;
    const { found } = reading.seen;
    await tellFound(name, begun.poll.id, complete, reading);
    if (complete && set.setAside === 0) await reading.over('rows-set-aside', auditSubject(name));
    forgetLimits(audited.limits);
    await reading.end({ result: complete ? 'complete' : 'incomplete', reason, checkpoint: null });
    return { account: name, poll: begun.poll.id, complete, reason, requests: set.requests, tasks: set.distinct, found };
  } catch (error) {
    // What it has found by now is stored: the next audit finds it no more.
    await reading.interrupted(() => tellFound(name, begun.poll.id, false, reading));
    throw error;
  }
}

async function tellFound(account: string, poll: number, complete: boolean, reading: PollReading): Promise<void> {
  const { pending } = reading.seen.found;
  if (pending > 0) {
    const taskId = reading.seen.foundPending ?? '';
    await reading.raise('audit-found', account, { account, count: pending, taskId, poll });
  } else if (complete) await reading.over('audit-found');
}
