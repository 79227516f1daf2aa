import type { App } from './app.ts';
import { makeDueDigests } from './digest/make-digests.ts';
import { SECOND_MS } from './lib/clock.ts';
import { drainLane } from './outbox/drain-lane.ts';
import { endSilences } from './outbox/end-silences.ts';
import type { PollSummary } from './poll/poll.ts';
import { remindDue } from './reminder/remind.ts';
import { watchStaleness } from './watch/staleness.ts';
import { createWaitingWatch } from './watch/waiting.ts';

export interface OnceResult {
  readonly polls: readonly { readonly account: string; readonly summary: PollSummary | null }[];
  readonly digests: readonly string[];
  readonly reminders: number;
  /** Messages that were delivered; those that wait or died just now. What died earlier is in `deliveries` and waits for `requeue`. */
  readonly delivered: number;
  readonly undelivered: number;
  /** True when everything was read and everything was delivered. */
  readonly well: boolean;
}

type OnceParts = Pick<
  App,
  | 'clock'
  | 'hostClock'
  | 'waiting'
  | 'store'
  | 'pollers'
  | 'lanes'
  | 'digests'
  | 'silences'
  | 'reminders'
  | 'staleness'
  | 'heartbeat'
>;

/** For all waits for messages that failed, in one lane: a short disturbance ends within it, and a timer's next run is not held up. */
const PATIENCE_MS = 30 * SECOND_MS;

/**
 * `once`: one poll of every account, then whatever is due, then every message that can go now or soon. For a CronJob or a timer.
 */
export async function runOnce(app: OnceParts, signal: AbortSignal): Promise<OnceResult> {
  const deadBefore = (await app.store.backlog()).dead;
  const [polls] = await Promise.all([
    Promise.all(
      app.pollers.map(async (poller) => ({ account: poller.account, summary: await poller.pollOnce(signal) })),
    ),
    app.heartbeat?.start(signal),
  ]);
  const digests = await makeDueDigests(app.digests);
  await endSilences(app.silences);
  const reminders = await remindDue(app.reminders);
  await watchStaleness({ ...app.staleness, runningSince: null });
  await app.hostClock.look();
  const ofPolls = await drainAll(app, 0, signal);
  await createWaitingWatch(app.waiting, { sinceEver: true })();
  // Only now, since it may take minutes; what it finds must not wait for the next run.
  await Promise.all(app.pollers.map((poller) => poller.readHistory(signal)));
  const delivered = ofPolls + (await drainAll(app, PATIENCE_MS, signal));
  const { waiting, dead } = await app.store.backlog();
  const readAll = polls.every(({ summary }) => summary?.result === 'complete');
  const undelivered = waiting + Math.max(0, dead - deadBefore);
  const well = readAll && undelivered === 0;
  await (well ? app.heartbeat?.success(signal) : app.heartbeat?.fail(signal));
  return { polls, digests, reminders, delivered, undelivered, well };
}

/** Twice, since trouble of one lane makes an alert for another one, which may have been drained by then. */
async function drainAll(
  { lanes, clock }: Pick<OnceParts, 'lanes' | 'clock'>,
  patienceMs: number,
  signal: AbortSignal,
): Promise<number> {
  let delivered = 0;
  for (const patience of [patienceMs, 0]) {
    const counts = await Promise.all(lanes.map((lane) => drainLane(lane, clock, patience, signal)));
    delivered += counts.reduce((sum, count) => sum + count, 0);
  }
  return delivered;
}
