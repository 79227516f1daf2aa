import { MINUTE_MS } from '../lib/clock.ts';
import { createWake } from '../lib/wake.ts';
import type { PollKind } from '../model/poll.ts';
import { audit, isAuditDue } from './audit.ts';
import { type BackfillDeps, backfill } from './backfill.ts';
import { type PollSummary, poll } from './poll.ts';
import type { PollGate } from './poll-gate.ts';
import type { PolledAccount } from './reading.ts';

/** Keeps one account read: polls never overlap, a tick during a poll starts one more afterwards, one account's trouble stays its own. */
export interface Poller {
  readonly account: string;
  /** Resolves when a poll that began after this call, by a tick, has ended, whatever became of it. */
  nextPoll(): Promise<void>;
  /** One poll now; null when it could not be begun or ended (the log says why). */
  pollOnce(signal: AbortSignal): Promise<PollSummary | null>;
  /** Reads what is left of the history, and audits it when that is due and the last poll was complete; trouble is logged. */
  readHistory(signal: AbortSignal): Promise<void>;
  /** Polls at each `tick` until the signal, and reads the history in the background. */
  run(signal: AbortSignal): Promise<void>;
  tick(): void;
  /** True where a poll is owed: a tick was not served, a poll was cut off, or the last one was not complete. */
  isOwed(): boolean;
  /** Before `run`, in the place of one that owed no poll: as if the last poll of that one were its own. */
  follow(): void;
}

/** What a poller needs beside what a poll does. */
export interface PollerDeps extends BackfillDeps {
  /** Shared by all accounts of the process; not bounded unless given. */
  readonly gate?: PollGate;
}

/** An account that may not be read is tried again no sooner than this, whatever the schedule. */
const BLOCKED_PAUSE_MS = 5 * MINUTE_MS;

export function createPoller(account: PolledAccount, deps: PollerDeps, beat: () => void): Poller {
  const { clock, log } = deps;
  const { name } = account.config;
  const due = createWake(clock);
  const history = createWake(clock);
  let next = Promise.withResolvers<void>();
  let notBefore = Number.NEGATIVE_INFINITY;
  /** After a poll that was not whole an audit would say what the polls had not found, and be right and of no use. */
  let lastWasWhole = false;
  let isTicked = false;

  async function pollOnce(signal: AbortSignal): Promise<PollSummary | null> {
    lastWasWhole = false;
    let leave = (): void => undefined;
    try {
      leave = (await deps.gate?.enter(name, signal)) ?? leave;
      const summary = await poll(account, deps, signal);
      lastWasWhole = summary.result === 'complete';
      deps.meter?.read(name, 'poll', summary.result);
      if (summary.failure?.kind === 'blocked') notBefore = clock.monotonic() + BLOCKED_PAUSE_MS;
      logPoll(summary);
      return summary;
    } catch (error) {
      if (!signal.aborted) {
        log.error('poll-failed', { account: name, error });
        deps.meter?.read(name, 'poll', 'interrupted');
      }
      return null;
    } finally {
      leave();
    }
  }

  function logPoll({ poll, result, reason, sets, tookMs, open }: PollSummary): void {
    const requests = sets.reduce((sum, set) => sum + set.requests, 0);
    const tasks = Object.fromEntries(sets.map((set) => [set.set, set.distinct]));
    const fields = { account: name, poll, result, requests, tasks, open, tookMs };
    if (result === 'complete') log.info('poll-finished', fields);
    else log.warn('poll-finished', { ...fields, reason });
  }

  function countHistory(kind: PollKind, { complete }: { readonly complete: boolean }): void {
    deps.meter?.read(name, kind, complete ? 'complete' : 'incomplete');
  }

  async function readHistory(signal: AbortSignal): Promise<void> {
    try {
      const leave = await deps.gate?.enterHistory(signal);
      await readAllHistory(signal).finally(leave);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async function readAllHistory(signal: AbortSignal): Promise<void> {
    try {
      const summary = await backfill(account, deps, signal);
      if (summary !== null) {
        log.info('backfill-finished', { ...summary });
        countHistory('backfill', summary);
      }
    } catch (error) {
      if (!signal.aborted) log.error('backfill-failed', { account: name, error });
    }
    await auditWhenDue(signal);
  }

  async function auditWhenDue(signal: AbortSignal): Promise<void> {
    try {
      if (!lastWasWhole || !(await isAuditDue(name, deps.store, clock.now()))) return;
      const summary = await audit(account, deps, signal);
      countHistory('audit', summary);
      const well = summary.complete && summary.found.pending === 0;
      log[well ? 'info' : 'warn']('audit-finished', { ...summary });
    } catch (error) {
      if (!signal.aborted) log.error('audit-failed', { account: name, error });
    }
  }

  async function readHistoryWhenWoken(signal: AbortSignal): Promise<void> {
    for (;;) {
      await history.wait(Number.POSITIVE_INFINITY, signal);
      await readHistory(signal);
    }
  }

  async function pollAtTicks(signal: AbortSignal): Promise<void> {
    for (;;) {
      beat();
      // A tick meanwhile is kept, so that the pause is not rounded up to the next one.
      if (clock.monotonic() < notBefore) await clock.sleep(notBefore - clock.monotonic(), signal);
      await due.wait(Number.POSITIVE_INFINITY, signal);
      isTicked = false;
      const { resolve } = next;
      next = Promise.withResolvers<void>();
      await pollOnce(signal);
      resolve();
      history.wake();
    }
  }

  return {
    account: name,
    nextPoll: () => next.promise,
    pollOnce,
    readHistory,
    tick() {
      isTicked = true;
      due.wake();
    },
    isOwed: () => isTicked || !lastWasWhole,
    follow() {
      lastWasWhole = true;
    },
    async run(signal) {
      // Both end only with the signal; their reason is the stop's, which is no failure.
      await Promise.allSettled([pollAtTicks(signal), readHistoryWhenWoken(signal)]);
    },
  };
}
