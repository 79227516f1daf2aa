import { setImmediate as turn } from 'node:timers/promises';
import type { Channel, DeliveryOutcome } from '../../src/channels/channel.ts';
import { type Clock, SECOND_MS } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import type { Message } from '../../src/model/message.ts';
import { createLane, type Lane } from '../../src/outbox/lane.ts';
import { openMemoryStore } from '../../src/store/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { FakeClock } from './fake-clock.ts';
import { pollThatFinds, T0 } from './store-world.ts';

/** One delivery that a lane began. */
export interface StageTry {
  readonly channel: string;
  readonly at: number;
  readonly message: Message;
  /** null while it is under way. */
  outcome: DeliveryOutcome | null;
}

/**
 * The lanes of real channels, running side by side over one store on a clock that moves only while each of them waits for it: what the
 * counterparts see has the times that it would have in life, and nothing waits for them.
 */
export interface LaneStage {
  readonly store: Store;
  readonly tries: readonly StageTry[];
  /** A poll finds these tasks pending; every channel is to tell them. */
  find(ids: readonly string[]): Promise<void>;
  /** Lets so much time pass. */
  play(ms: number): Promise<void>;
  /** Ends the lanes and closes their channels. */
  close(): Promise<void>;
}

export interface LaneStageOptions {
  readonly clock: FakeClock;
  readonly channels: readonly Channel[];
  readonly operatorChannels: readonly string[];
  /** True while a try of that channel waits for an answer that never comes: then time moves on beneath it. */
  readonly isSilent?: (channel: string) => boolean;
}

/** Half of the longest pause: the first retry comes after a second, the next after two, then four. */
const HALF = 0.5;
/** A lane that waits is in one sleep; one whose try is under way in two, its deadline and the renewal of its lease. */
const SLEEPS = { waiting: 1, trying: 2 };

export async function openLaneStage(options: LaneStageOptions): Promise<LaneStage> {
  const { clock, channels, operatorChannels, isSilent = () => false } = options;
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  const tries: StageTry[] = [];
  const stop = new AbortController();
  const lanes: Lane[] = [];
  const wakeAll = (): void => {
    for (const lane of lanes) lane.wake();
  };
  const members = [...Map.groupBy(channels, ({ lane }) => lane)].map(([id, own]) => {
    const watched = watchClock(clock);
    const underWay: { signal: AbortSignal | null } = { signal: null };
    const recorded = own.map((channel) => recordTries(channel, clock, tries, underWay));
    const others = operatorChannels.filter((name) => !own.some((channel) => channel.name === name));
    const deps = { store, clock: watched.clock, random: () => HALF, log: silentLog, operatorChannels, others };
    lanes.push(createLane(id, recorded, { ...deps, others: operatorChannels, wakeAll, beat: () => undefined }));
    return () => {
      if (underWay.signal === null) return watched.sleeping() === SLEEPS.waiting;
      return watched.sleeping() === SLEEPS.trying && !underWay.signal.aborted && own.some(({ name }) => isSilent(name));
    };
  });
  const untilAllWait = async (): Promise<void> => {
    do await turn();
    while (!members.every((waits) => waits()));
  };
  const running = { ends: null as Promise<unknown> | null };
  return {
    store,
    tries,
    async find(ids) {
      const names = channels.map(({ name }) => name);
      await pollThatFinds(store, ids, names);
      wakeAll();
    },
    async play(ms) {
      running.ends ??= Promise.all(lanes.map((lane) => lane.run(stop.signal)));
      const end = clock.monotonic() + ms;
      for (;;) {
        await untilAllWait();
        const left = end - clock.monotonic();
        if (clock.untilNext() > left) return clock.advance(left);
        await clock.advance(clock.untilNext());
      }
    },
    async close() {
      stop.abort();
      await clock.drive(running.ends ?? Promise.resolve());
      await Promise.all(channels.map((channel) => channel.close()));
      await store.close();
    },
  };
}

/** Whole seconds since the stage's world began, of each entry. */
export function seconds(entries: readonly { readonly at: number }[]): number[] {
  return entries.map(({ at }) => Math.floor((at - T0) / SECOND_MS));
}

function watchClock(clock: Clock): { readonly clock: Clock; sleeping(): number } {
  let sleeping = 0;
  return {
    sleeping: () => sleeping,
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      async sleep(ms, signal) {
        sleeping += 1;
        try {
          await clock.sleep(ms, signal);
        } finally {
          sleeping -= 1;
        }
      },
    },
  };
}

function recordTries(
  channel: Channel,
  clock: Clock,
  tries: StageTry[],
  underWay: { signal: AbortSignal | null },
): Channel {
  return {
    ...channel,
    async deliver(message, signal) {
      const one: StageTry = { channel: channel.name, at: clock.now(), message, outcome: null };
      tries.push(one);
      underWay.signal = signal;
      try {
        one.outcome = await channel.deliver(message, signal);
        return one.outcome;
      } finally {
        underWay.signal = null;
      }
    },
  };
}
