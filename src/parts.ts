import type { Channel } from './channels/channel.ts';
import { createChannel } from './channels/registry.ts';
import type { ChannelConfig, Config } from './config/config.ts';
import type { DigestDeps } from './digest/make-digests.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from './lib/clock.ts';
import { type CloseFailure, type Closers, createClosers } from './lib/closers.ts';
import { createDirectDispatcher, createHttp } from './lib/http.ts';
import type { Log } from './lib/log.ts';
import type { MeterRelay } from './lib/meter.ts';
import { createSchedule } from './lib/schedule.ts';
import type { EndSilencesDeps } from './outbox/end-silences.ts';
import { createLane, type Lane } from './outbox/lane.ts';
import { tellThrough } from './outbox/tell-through.ts';
import type { ApiLimits } from './poll/api-limits.ts';
import type { OnBackfill } from './poll/backfill-progress.ts';
import { createPollGate } from './poll/poll-gate.ts';
import { createPoller, type Poller } from './poll/poller.ts';
import { createRoute } from './poll/route.ts';
import { createLadder } from './reminder/ladder.ts';
import type { ReminderDeps } from './reminder/remind.ts';
import type { Fenced } from './replica/fencing.ts';
import { accountsUnitName, CLOCK_UNIT, laneUnitName, makeUnits } from './replica/make-units.ts';
import { createReplica, type Replica } from './replica/replica.ts';
import type { Store } from './store/store.ts';
import { type TakeUpDeps, takeUp } from './take-up.ts';
import type { AccountReader } from './tencent/account-reader.ts';
import type { Credential } from './tencent/credentials/credential.ts';
import { paceKey } from './tencent/pace-registry.ts';
import type { ReaderPool } from './tencent/reader-pool.ts';
import { createBeat } from './watch/beat.ts';
import { createHeartbeat, type Heartbeat } from './watch/heartbeat.ts';
import { createHostClock, type HostClock } from './watch/host-clock.ts';
import { laneLoop, pollsLoop } from './watch/loop-names.ts';
import { pollIntervals } from './watch/poll-intervals.ts';
import type { StalenessDeps } from './watch/staleness.ts';
import type { WaitingDeps } from './watch/waiting.ts';

/** What stays as it is while configurations come and go. */
export interface Base {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly store: Store;
  readonly meter: MeterRelay;
  readonly isTroubled: () => boolean;
  readonly onBackfill: OnBackfill;
  readonly channelOf?: (config: ChannelConfig) => Channel;
  /** With what the polls have learnt of each one's API. */
  readonly readers: ReaderPool<AccountReader & { readonly limits: ApiLimits }>;
  /** The store as each unit may write it. */
  readonly fenced: (unit: string) => Fenced;
  /** This process among the replicas. */
  readonly me: string;
  /** The machine that it runs on. */
  readonly host: string;
  /** What the official chain gives every account without a key of its own, where that is known beforehand. */
  readonly chainKey: Credential | null;
  readonly runningSince: EpochMs;
  /** Accounts that were not in the configuration that the process began with, and since when they are. */
  readonly addedAt: ReadonlyMap<string, EpochMs>;
}

/** Everything that is made of one configuration, joined on an open store. Nothing runs, and nothing has been written yet. */
export interface Parts {
  readonly config: Config;
  readonly pollers: readonly Poller[];
  readonly lanes: readonly Lane[];
  /** The operator's. */
  readonly toOperator: readonly Channel[];
  readonly digests: DigestDeps;
  readonly reminders: ReminderDeps;
  readonly silences: EndSilencesDeps;
  readonly staleness: StalenessDeps;
  readonly waiting: WaitingDeps;
  readonly hostClock: HostClock;
  /** The store for what is due by the clock. */
  readonly clockStore: Store;
  /** How this process shares its work with others on the same store; null where it is alone on it. */
  readonly replica: Replica | null;
  /** null where none is configured. */
  readonly heartbeat: Heartbeat | null;
  /** Lets every lane look at once for what it has to send. */
  readonly wake: () => void;
  /** Takes up in the store what an earlier process or configuration left. */
  takeUp(): Promise<void>;
  /** Closes channels and connections, not the store. */
  close(): Promise<readonly CloseFailure[]>;
}

const LANE_BEAT_WITHIN_MS = 90 * SECOND_MS;
const POLL_BEAT_WITHIN_MS = 15 * MINUTE_MS;

/** Throws where something of the configuration cannot be made, with everything closed again. */
export function joinParts(config: Config, base: Base): Parts {
  const closers = createClosers({ clock: base.clock });
  try {
    return join(config, base, closers);
  } catch (error) {
    void closers.closeAll();
    throw error;
  }
}

function join(config: Config, base: Base, closers: Closers): Parts {
  const { clock, log, store, fenced } = base;
  const operatorChannels = config.operator.channels;
  const lanes: Lane[] = [];
  const wake = (): void => {
    for (const lane of lanes) lane.wake();
  };
  const intervalOf = pollIntervals(config);
  const told = { ...base, operatorChannels, wake };
  const hostClock = createHostClock(told);
  const shared = { ...told, route: createRoute(config.routes, operatorChannels), intervalOf, hostClock };
  const opened = openChannels(config, base, closers);
  lanes.push(...openLanes(opened, shared));
  const { pollers, keyOf } = openPollers(config, shared, closers);
  // Without `runningSince`, which `once` leaves out.
  const digests: DigestDeps = {
    ...{ store, clock, log, intervalOf, wake },
    digests: config.digests.map((digest) => ({ config: digest, nextRun: createSchedule(digest).nextRun })),
  };
  const byClock = { ...shared, store: fenced(CLOCK_UNIT).store };
  const units = makeUnits(pollers, lanes, keyOf, { clock, log, fenced });
  return {
    config,
    pollers,
    lanes,
    toOperator: opened.filter(({ name }) => operatorChannels.includes(name)),
    digests,
    reminders: { ...byClock, ladder: createLadder(config.routes, operatorChannels, config.remindersMs) },
    silences: { ...byClock, channels: opened.map(({ name }) => name) },
    staleness: byClock,
    waiting: { ...byClock, lanes },
    hostClock,
    clockStore: byClock.store,
    replica: store.shared ? createReplica({ store, clock, log, me: base.me, units }) : null,
    heartbeat: openHeartbeat(config, log, closers),
    wake,
    takeUp: () => takeUp(config, digests, lanes, shared),
    close: () => closers.closeAll(),
  };
}

type Shared = Base & TakeUpDeps & Pick<StalenessDeps, 'intervalOf' | 'wake'> & Pick<Parts, 'hostClock'>;

function openChannels(config: Config, { clock, channelOf }: Base, closers: Closers): Channel[] {
  const deps = { clock, consoleUrl: config.consoleUrl, publicUrl: config.http?.publicUrl ?? null };
  return config.channels.map((settings) => {
    const channel = channelOf?.(settings) ?? createChannel(settings, deps);
    closers.push(`channel ${channel.name}`, () => channel.close());
    return channel;
  });
}

/** The channels of one hook or one login are one lane. */
function openLanes(channels: readonly Channel[], shared: Shared): readonly Lane[] {
  const names = channels.map(({ name }) => name);
  return [...Map.groupBy(channels, ({ lane }) => lane)].map(([id, members]) => {
    const { fence, store } = shared.fenced(laneUnitName(id));
    const maySend = store.shared ? (): void => fence.requireHeld() : undefined;
    const mine = { ...shared, store };
    const beat = createBeat(laneLoop(id), LANE_BEAT_WITHIN_MS, mine);
    const others = tellThrough(shared.operatorChannels, names, members);
    return createLane(id, members, { ...mine, others, wakeAll: shared.wake, beat, maySend });
  });
}

/** `keyOf`: what the requests of an account are counted under. */
function openPollers(config: Config, shared: Shared, closers: Closers) {
  const { store, clock, intervalOf, fenced, readers } = shared;
  const keys = new Map(config.accounts.map((account) => [account.name, paceKey(account, shared.chainKey)]));
  const keyOf = (name: string): string => keys.get(name) ?? name;
  const gate = createPollGate(clock);
  const pollers = config.accounts.map((account) => {
    const unit = accountsUnitName(keyOf(account.name));
    const { fence, store: fencedStore } = fenced(unit);
    const mayStart = store.shared ? (): void => fence.requireHeld() : undefined;
    const reader = readers.take(account, config.poll, unit, mayStart);
    closers.push(`account ${account.name}`, () => reader.close());
    const mine = { ...shared, store: fencedStore };
    const beat = createBeat(pollsLoop(account.name), 2 * intervalOf(account.name) + POLL_BEAT_WITHIN_MS, mine);
    return createPoller({ config: account, reader, limits: reader.limits }, { ...mine, poll: config.poll, gate }, beat);
  });
  return { pollers, keyOf };
}

function openHeartbeat({ heartbeat }: Config, log: Log, closers: Closers): Heartbeat | null {
  if (heartbeat === null) return null;
  const dispatcher = createDirectDispatcher();
  closers.push('heartbeat', () => dispatcher.destroy());
  return createHeartbeat(heartbeat, createHttp(dispatcher), log);
}
