import type { App } from './app.ts';
import { STALE_AFTER_INTERVALS } from './digest/compose-digest.ts';
import { makeDueDigests } from './digest/make-digests.ts';
import { DAY_MS, type EpochMs, HOUR_MS, SECOND_MS } from './lib/clock.ts';
import { collector, createMemoryKeeper } from './lib/memory-keeper.ts';
import { untilAborted } from './lib/until-aborted.ts';
import { endSilences } from './outbox/end-silences.ts';
import { keptPlaces, type Left } from './poll/kept-places.ts';
import { nextPollAt, type Place, type PollTicks, startPollTicks } from './poll/poll-ticks.ts';
import { beginNext, endRefusal, type Reloads, rest, untilReload } from './reload.ts';
import { remindDue } from './reminder/remind.ts';
import { CLOCK_UNIT } from './replica/make-units.ts';
import { createBeat } from './watch/beat.ts';
import { createJumpWatch } from './watch/clock-jump.ts';
import { createFirstRead } from './watch/first-read.ts';
import { createPulse, deliveriesFlow } from './watch/heartbeat.ts';
import { CLOCK_BEATS_WITHIN_MS, CLOCK_LOOP } from './watch/loop-names.ts';
import { shortestPollInterval } from './watch/poll-intervals.ts';
import { watchStaleness } from './watch/staleness.ts';
import { createWaitingWatch } from './watch/waiting.ts';

const TICK_MS = 15 * SECOND_MS;
const MIN_TICK_MS = 50;
/** What waits for the first polls is made soon after them. */
const UNREAD_TICK_MS = SECOND_MS;

/** What one configuration hands on to the next. */
interface Life {
  /** False after an absence, until the first polls: what waits may be long out of date. */
  mayTell: boolean;
  readonly since: EpochMs;
  /** Of the configuration before. */
  left: Left | null;
}

/** `run`: every loop until the signal; each goes on whatever happens in the others. With `reloads`, by another configuration whenever one comes. */
export async function runService(first: App, signal: AbortSignal, reloads?: Reloads): Promise<void> {
  const { log } = first;
  log.info('service-started', {
    accounts: first.pollers.map((poller) => poller.account),
    lanes: first.lanes.map((lane) => lane.id),
    nextPoll: new Date(nextPollAt(first.config)).toISOString(),
  });
  const page = await first.serveWeb?.();
  if (page !== undefined) log.info('page-served', { url: page });
  await endRefusal(first);
  const life: Life = { mayTell: !(await wasAbsent(first)), since: first.clock.now(), left: null };
  const started = first.heartbeat?.start(signal);
  for (let app: App | null = first; app !== null; ) app = await runUntilReload(app, life, signal, reloads);
  await started;
  log.info('service-stopped');
}

/** Resolves with what goes on, null once stopped. */
async function runUntilReload(app: App, life: Life, stop: AbortSignal, reloads?: Reloads): Promise<App | null> {
  const over = new AbortController();
  const running = runLoops(app, life, AbortSignal.any([stop, over.signal]));
  // A loop that fails ends the service.
  const next = reloads && (await Promise.race([untilReload(app, reloads, stop), running.then(() => null)]));
  if (next) {
    await rest(app.lanes, stop);
    over.abort(new Error('another configuration follows'));
  }
  await running;
  return next ? await beginNext(app, next, stop) : null;
}

async function runLoops(app: App, life: Life, signal: AbortSignal): Promise<void> {
  const ticks = startPollTicks(app.config, app.pollers, app);
  const { promise: read, resolve: ready } = Promise.withResolvers<void>();
  const mayTell = life.mayTell ? Promise.resolve() : read;
  const kept = life.left === null ? new Map<string, Place>() : keptPlaces(life.left, app.config);
  for (const poller of app.pollers) if (kept.has(poller.account)) poller.follow();
  ticks.begin(kept);
  const onRead = (): void => {
    life.mayTell = true;
    ready();
  };
  await Promise.all([
    ...work(app, mayTell, signal),
    tickUntil(app, { ticks, kept, since: life.since, ready: onRead }, signal).finally(ready),
  ]);
  const owed = new Set(app.pollers.filter((poller) => poller.isOwed()).map(({ account }) => account));
  life.left = { config: app.config, places: await ticks.stop(), owed };
}

/** Every poller and lane; of those that several replicas share, the ones whose leases are held, while they are. */
function work({ replica, pollers, lanes }: App, mayTell: Promise<void>, signal: AbortSignal): Promise<void>[] {
  if (replica === null)
    return [
      ...pollers.map((poller) => poller.run(signal)),
      ...lanes.map((lane) => mayTell.then(() => lane.run(signal))),
    ];
  return [
    replica.run(signal, async (unit, held) => {
      if (unit.kind === 'lane') await Promise.race([mayTell, untilAborted(held)]);
      await unit.run(held);
    }),
  ];
}

/** True where nobody has read anything for an hour, or an old copy of the store was put back, which looks the same from within. */
async function wasAbsent({ store, config, clock, log }: App): Promise<boolean> {
  const longerThanMs = Math.max(HOUR_MS, STALE_AFTER_INTERVALS * shortestPollInterval(config));
  const channels = config.channels.map(({ name }) => name);
  const since = await store.noteAbsence(channels, clock.now(), longerThanMs);
  if (since !== null) log.warn('absent-until-now', { since: new Date(since).toISOString() });
  return since !== null;
}

interface Tending {
  readonly ticks: PollTicks;
  /** Accounts that go on as before, so that nothing of them is to be read first. */
  readonly kept: ReadonlyMap<string, Place>;
  /** Since when the service runs, whatever its configuration. */
  readonly since: EpochMs;
  ready(): void;
}

/**
 * What is due by the clock: digests, reminders, the watch over the polls, the heartbeat, the daily clean-up. `ready` is called once the first polls
 * have read what holds now, and whatever was due has been made of it.
 */
async function tickUntil(app: App, { ticks, kept, since, ready }: Tending, signal: AbortSignal): Promise<void> {
  const { clock, log, config } = app;
  const beat = createBeat(CLOCK_LOOP, CLOCK_BEATS_WITHIN_MS, { ...app, isTroubled: app.storeWatch.isTroubled });
  const watchWaiting = createWaitingWatch(app.waiting, { sinceEver: false });
  const pulse = app.heartbeat && config.heartbeat && createPulse(app.heartbeat, config.heartbeat.everyMs, clock);
  let pruneAt = 0;
  const giveBackMemory = createMemoryKeeper(clock, collector());
  const jumpedBy = createJumpWatch(clock);
  let first = createFirstRead(app, (account) => kept.has(account));
  const isRead = (): boolean => first.isRead();
  /** What is to happen once is left to the replica that holds the clock's lease. */
  const isMine = (): boolean => app.replica?.works(CLOCK_UNIT) ?? true;
  let staleness = app.staleness;
  const digests = { ...app.digests, runningSince: since };
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    store: () => app.storeWatch.look(app.store, signal),
    async polls() {
      const jumpedMs = jumpedBy();
      if (jumpedMs !== 0) {
        log.warn('clock-jumped', { jumpedMs });
        // Ages by the wall clock mean nothing until every account was read anew.
        first = createFirstRead(app);
        app.hostClock.forget();
        staleness = { ...staleness, runningSince: clock.now(), addedAt: new Map() };
        await ticks.anew();
      } else if (ticks.isLate()) {
        log.warn('polls-late', { reason: 'the schedule did not tick' });
        await ticks.anew();
      }
    },
    read: () => first.look(),
    digests: async () => isRead() && makeDueDigests(digests),
    // Neither by what was read before: a task may have left status 1 while nobody ran.
    silences: async () => isRead() && isMine() && endSilences(app.silences),
    reminders: async () => isRead() && isMine() && remindDue(app.reminders),
    // Every replica its own.
    clock: async () => isRead() && app.hostClock.look(),
    async watch() {
      if (!isRead() || !isMine()) return;
      const isWell = async () =>
        (await watchStaleness(staleness)) &&
        (await deliveriesFlow(app.store, clock.now())) &&
        !app.storeWatch.isTroubled();
      await watchWaiting();
      await (pulse === null ? isWell() : pulse(isWell, signal));
    },
    async lanes() {
      if (isRead()) ready();
    },
    async prune() {
      if (clock.monotonic() < pruneAt || !isMine()) return;
      pruneAt = clock.monotonic() + DAY_MS;
      const { closedTasksMs, pollsMs } = config.retention;
      const now = clock.now();
      const gone = await app.clockStore.prune({ closedTasks: now - closedTasksMs, polls: now - pollsMs });
      if (gone.tasks + gone.polls > 0) log.info('pruned', gone);
    },
    memory: async () => isRead() && giveBackMemory(),
  };
  while (!signal.aborted) {
    beat();
    for (const [step, run] of Object.entries(steps))
      await run().catch((error: unknown) => log.error('tick-failed', { step, error }));
    await clock.sleep(isRead() ? untilNextTick(app) : UNREAD_TICK_MS, signal).catch(() => undefined); // aborted: the loop ends
  }
}

/** A digest is made at its time, everything else within a tick. */
function untilNextTick({ clock, digests }: App): number {
  const next = Math.min(...digests.digests.map((digest) => digest.nextRun()), Number.POSITIVE_INFINITY);
  return Math.min(TICK_MS, Math.max(MIN_TICK_MS, next - clock.now()));
}
