import type { Channel } from './channels/channel.ts';
import { createChannel } from './channels/registry.ts';
import type { AccountConfig, ChannelConfig, Config } from './config/config.ts';
import { type DigestDeps, syncDigests } from './digest/make-digests.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from './lib/clock.ts';
import { type Closers, createClosers } from './lib/closers.ts';
import { createDirectDispatcher, createHttp } from './lib/http.ts';
import type { Log } from './lib/log.ts';
import { createMeterRelay } from './lib/meter.ts';
import { createSchedule } from './lib/schedule.ts';
import { createSpeaker } from './messages/speak.ts';
import type { Language } from './model/vocabulary.ts';
import type { EndSilencesDeps } from './outbox/end-silences.ts';
import { createLane, type Lane } from './outbox/lane.ts';
import { tellThrough } from './outbox/tell-through.ts';
import { createBackfillLog } from './poll/backfill-log.ts';
import type { OnBackfill } from './poll/backfill-progress.ts';
import { createPollGate } from './poll/poll-gate.ts';
import { createPoller, type Poller } from './poll/poller.ts';
import { filterKeyOf } from './poll/reading.ts';
import { createRoute } from './poll/route.ts';
import { PAGE_LIMIT } from './poll/walk.ts';
import { createLadder } from './reminder/ladder.ts';
import type { ReminderDeps } from './reminder/remind.ts';
import { createFencing } from './replica/fencing.ts';
import { accountsUnitName, CLOCK_UNIT, laneUnitName, makeUnits } from './replica/make-units.ts';
import { createReplica, type Replica } from './replica/replica.ts';
import { replicaName } from './replica/replica-name.ts';
import { messageKey } from './store/message-key.ts';
import { openStore } from './store/registry.ts';
import type { Store } from './store/store.ts';
import { createAccountReader } from './tencent/account-reader.ts';
import { keyOfEnvironment } from './tencent/credentials/environment.ts';
import { paceKey } from './tencent/pace-registry.ts';
import { createBeat } from './watch/beat.ts';
import { createHeartbeat, type Heartbeat } from './watch/heartbeat.ts';
import { pollIntervals, shortestPollInterval } from './watch/poll-intervals.ts';
import type { StalenessDeps } from './watch/staleness.ts';
import { createStoreWatch, type StoreWatch } from './watch/store-watch.ts';
import type { WaitingDeps } from './watch/waiting.ts';
import type { WebDeps } from './web/web-deps.ts';

export interface AppOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** How a channel of the configuration is made, unless by the registry: `once --dry-run` prints instead of sending. */
  readonly channelOf?: (config: ChannelConfig) => Channel;
  /** Who is told how far a backfill is; the log unless given. */
  readonly onBackfill?: OnBackfill;
}

/** Everything joined and opened, ready to run; `close` undoes it in reverse. */
export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollers: readonly Poller[];
  readonly lanes: readonly Lane[];
  readonly digests: DigestDeps;
  readonly reminders: ReminderDeps;
  readonly silences: EndSilencesDeps;
  readonly staleness: StalenessDeps;
  readonly waiting: WaitingDeps;
  readonly storeWatch: StoreWatch;
  /** The store for what is due by the clock. */
  readonly clockStore: Store;
  /** How this process shares its work with others on the same store; null where it is alone on it. */
  readonly replica: Replica | null;
  /** null where none is configured. */
  readonly heartbeat: Heartbeat | null;
  /** Serves the page until `close`, and says where; null where none is configured. Rejects with one sentence where it cannot listen. */
  readonly serveWeb: (() => Promise<string>) | null;
  close(): Promise<void>;
}

const LANE_BEAT_WITHIN_MS = 90 * SECOND_MS;
const POLL_BEAT_WITHIN_MS = 15 * MINUTE_MS;

/**
 * The composition root: the only place where ports meet their adapters. Opens the store as its owner and takes up what a killed
 * process left there.
 */
export async function openApp(config: Config, options: AppOptions): Promise<App> {
  const closers = createClosers({ clock: options.clock });
  try {
    return await join(config, options, closers);
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}

async function join(config: Config, options: AppOptions, closers: Closers): Promise<App> {
  const { clock, random, log } = options;
  const operatorChannels = config.operator.channels;
  const route = createRoute(config.routes, operatorChannels);
  const intervalOf = pollIntervals(config);
  const lanes: Lane[] = [];
  const wake = (): void => {
    for (const lane of lanes) lane.wake();
  };
  const toOperator: Channel[] = [];
  const pollIntervalMs = shortestPollInterval(config);
  const watched = { clock, log, pollIntervalMs, channels: toOperator, keyOf: messageKey, wake };
  const storeWatch = createStoreWatch(watched);
  const meter = createMeterRelay();
  const store = await openStore(config.store, { mode: 'owner', clock, onWrite: storeWatch.wrote, meter });
  closers.push('store', () => store.close());
  const channels = config.channels.map(({ name }) => name);
  const { onBackfill = createBackfillLog(log, clock) } = options;
  const { isTroubled } = storeWatch;
  const watch = { log, meter, isTroubled };
  const shared = { ...watch, store, clock, random, route, operatorChannels, intervalOf, wake, onBackfill };

  const fenced = createFencing(store, clock);
  const opened = openChannels(config, options, closers);
  toOperator.push(...opened.filter(({ name }) => operatorChannels.includes(name)));
  for (const [id, members] of byLane(opened)) {
    const mine = { ...shared, store: fenced(laneUnitName(id)).store };
    const beat = createBeat(laneLoop(id), LANE_BEAT_WITHIN_MS, mine);
    const others = tellThrough(operatorChannels, channels, members);
    lanes.push(createLane(id, members, { ...mine, others, wakeAll: wake, beat }));
  }
  const keyInEnvironment = keyOfEnvironment(process.env);
  const keyOf = (account: AccountConfig): string => paceKey(account, keyInEnvironment);
  const ofAccount = (account: AccountConfig) => fenced(accountsUnitName(keyOf(account)));
  const readerOptions = { config, clock, random, log, meter };
  const mayStart = (account: AccountConfig): void => ofAccount(account).fence.requireHeld();
  const readerOf = createAccountReader(store.shared ? { ...readerOptions, mayStart } : readerOptions);
  const gate = createPollGate(clock);
  const pollers = config.accounts.map((account) => {
    const reader = readerOf(account);
    closers.push(`account ${account.name}`, () => reader.close());
    const limits = { spanMs: Number.POSITIVE_INFINITY, taskIdsMax: 100, pageLimit: PAGE_LIMIT };
    const mine = { ...shared, store: ofAccount(account).store };
    const beat = createBeat(pollsLoop(account.name), 2 * intervalOf(account.name) + POLL_BEAT_WITHIN_MS, mine);
    return createPoller({ config: account, reader, limits }, { ...mine, poll: config.poll, gate }, beat);
  });
  const digests: DigestDeps = {
    ...shared,
    digests: config.digests.map((digest) => ({ config: digest, nextRun: createSchedule(digest).nextRun })),
  };
  await takeUp(config, digests, lanes, shared);
  const byClock = { ...shared, store: fenced(CLOCK_UNIT).store };
  const keys = new Map(config.accounts.map((account) => [account.name, keyOf(account)]));
  const units = makeUnits(pollers, lanes, (account) => keys.get(account) ?? account, { clock, log, fenced });
  return {
    config,
    store,
    clock,
    log,
    pollers,
    lanes,
    digests,
    reminders: { ...byClock, ladder: createLadder(config.routes, operatorChannels, config.remindersMs) },
    silences: { ...byClock, channels },
    waiting: { ...byClock, lanes },
    storeWatch,
    staleness: { ...byClock, runningSince: clock.now() },
    clockStore: byClock.store,
    replica: store.shared ? createReplica({ store, clock, log, me: replicaName(random), units }) : null,
    heartbeat: openHeartbeat(config, log, closers),
    serveWeb:
      config.http &&
      (
        (http) => () =>
          openWeb(http, config, { store, clock, log, meter }, closers)
      )(config.http),
    async close() {
      for (const { name, error } of await closers.closeAll()) log.error('close-failed', { part: name, error });
    },
  };
}

function openChannels(config: Config, { clock, channelOf }: AppOptions, closers: Closers): Channel[] {
  const deps = { clock, consoleUrl: config.consoleUrl, publicUrl: config.http?.publicUrl ?? null };
  return config.channels.map((settings) => {
    const channel = channelOf?.(settings) ?? createChannel(settings, deps);
    closers.push(`channel ${channel.name}`, () => channel.close());
    return channel;
  });
}

function openHeartbeat({ heartbeat }: Config, log: Log, closers: Closers): Heartbeat | null {
  if (heartbeat === null) return null;
  const dispatcher = createDirectDispatcher();
  closers.push('heartbeat', () => dispatcher.destroy());
  return createHeartbeat(heartbeat, createHttp(dispatcher), log);
}

/** Loaded only where a page is configured: what nobody serves costs no memory. */
async function openWeb(
  http: NonNullable<Config['http']>,
  config: Config,
  shared: Pick<WebDeps, 'store' | 'clock' | 'log' | 'meter'>,
  closers: Closers,
): Promise<string> {
  const [{ serveWeb }, { createAccess }] = await Promise.all([import('./web/web.ts'), import('./web/access.ts')]);
  const view = await openStore(config.store, { mode: 'reader', clock: shared.clock });
  closers.push('view of the store', () => view.close());
  const { consoleUrl, poll } = config;
  const speakerOf = (language: Language) =>
    createSpeaker({ language, timezone: poll.timezone, consoleUrl, publicUrl: http.publicUrl });
  const speakers = { en: speakerOf('en'), 'zh-CN': speakerOf('zh-CN') };
  const access = http.token && createAccess(http.token);
  const web = await serveWeb(http.listen, {
    ...shared,
    config,
    view,
    access,
    speaker: (language) => speakers[language],
  });
  closers.push('page', () => web.close());
  return web.url;
}

function byLane(channels: readonly Channel[]): Map<string, Channel[]> {
  return Map.groupBy(channels, (channel) => channel.lane);
}

type TakeUpDeps = Pick<EndSilencesDeps, 'store' | 'clock' | 'log' | 'route'> & Pick<StalenessDeps, 'operatorChannels'>;

/**
 * What a killed process or an older configuration left: held alerts are released, messages that were on their way will be repeated,
 * what waits for a removed channel is routed anew, and accounts and digests are those of the configuration.
 */
async function takeUp(
  config: Config,
  digests: DigestDeps,
  lanes: readonly Lane[],
  { store, clock, log, route, operatorChannels }: TakeUpDeps,
): Promise<void> {
  const now = clock.now();
  const accounts = config.accounts.map((account) => ({ name: account.name, filterKey: filterKeyOf(account) }));
  await store.syncAccounts(accounts, now);
  await store.forgetReminderTimes();
  if (store.shared) await takeUpNobodys(config, lanes, store, now);
  else {
    await store.forgetBeats();
    const polls = await store.recoverPolls(now);
    const messages = await store.recoverMessages(now);
    if (polls + messages > 0) log.info('taken-up', { interruptedPolls: polls, messagesToRepeat: messages });
  }
  const configured = config.channels.map((channel) => channel.name);
  const removed = await store.dropChannels(
    configured,
    (account, task, event) => route(account, task, event.event).channels,
    operatorChannels,
    now,
  );
  // Nobody can say that a channel is well again which is no longer there.
  for (const { code, subject } of await store.episodes())
    if ((code === 'lane-down' || code === 'messages-waiting') && !configured.includes(subject))
      await store.over(code, subject, now, []);
  for (const channel of removed) {
    log.warn('channel-removed', { channel });
    await store.raise({ at: now, code: 'channel-removed', subject: channel, facts: { channel } }, operatorChannels);
  }
  await syncDigests(digests);
}

/** Of a store that others work on, what no replica is at any more; the rest is taken up with its lease. */
async function takeUpNobodys({ accounts }: Config, lanes: readonly Lane[], store: Store, now: EpochMs): Promise<void> {
  const names = new Set(accounts.map(({ name }) => name));
  const loops = new Set([
    'clock',
    ...accounts.map(({ name }) => pollsLoop(name)),
    ...lanes.map(({ id }) => laneLoop(id)),
  ]);
  await store.forgetBeats((await store.beats()).map(({ loop }) => loop).filter((loop) => !loops.has(loop)));
  await store.recoverPolls(now, (account) => !names.has(account));
}

const pollsLoop = (account: string): string => `polls ${account}`;
const laneLoop = (id: string): string => `lane ${id}`;
