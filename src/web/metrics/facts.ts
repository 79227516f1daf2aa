import type { Config } from '../../config/config.ts';
import { readingOf } from '../../digest/compose-digest.ts';
import type { EpochMs } from '../../lib/clock.ts';
import { TASK_TYPES } from '../../model/vocabulary.ts';
import type { Store } from '../../store/store.ts';
import type { IntervalOf } from '../../watch/poll-intervals.ts';

/** One number with what it belongs to. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What the store says at the moment of a scrape; every label is of a known set. */
export interface StoreFacts {
  readonly openTasks: readonly Sample[];
  /** Seconds, below 0 where it has passed; accounts without one are left out. */
  readonly nearestDeadline: readonly Sample[];
  /** The same without what somebody has acknowledged. */
  readonly nearestUnacknowledged: readonly Sample[];
  readonly sinceCompletePoll: readonly Sample[];
  /** Seconds: the longest that its schedule leaves between two polls. */
  readonly pollInterval: readonly Sample[];
  /** 1 where the account was read recently enough to say what waits in it. */
  readonly known: readonly Sample[];
  readonly blocked: readonly Sample[];
  readonly waiting: number;
  readonly dead: number;
  /** Seconds; 0 where nothing waits. */
  readonly oldestWaiting: readonly Sample[];
  readonly laneDown: readonly Sample[];
  readonly silentLoops: number;
}

type View = Pick<
  Store,
  'openCounts' | 'nearestUnacknowledged' | 'accounts' | 'backlog' | 'oldestWaiting' | 'episodes' | 'beats'
>;

/** Reads counts and single rows only, so that a scrape costs little however much is stored. */
export async function readFacts(
  view: View,
  { channels }: Pick<Config, 'channels'>,
  intervalOf: IntervalOf,
  now: EpochMs,
): Promise<StoreFacts> {
  const counts = await view.openCounts(now);
  const accounts = await view.accounts();
  const { waiting, dead } = await view.backlog();
  const oldest = new Map((await view.oldestWaiting()).map(({ channel, oldestAt }) => [channel, oldestAt]));
  const down = (await view.episodes()).filter(({ code }) => code === 'lane-down').map(({ subject }) => subject);
  const beats = await view.beats();
  const unacknowledged = await view.nearestUnacknowledged(now);
  const ofAccount = (value: (state: (typeof accounts)[number]) => number | null): readonly Sample[] =>
    accounts.flatMap((state) => sample({ account: state.account }, value(state)));
  const ofChannel = (value: (channel: string) => number): readonly Sample[] =>
    channels.map(({ name }) => ({ labels: { channel: name }, value: value(name) }));
  return {
    openTasks: openTasks(counts),
    nearestDeadline: ofAccount(({ account }) => {
      const deadlines = counts.filter((count) => count.account === account).map((count) => count.nearestDeadline);
      return secondsUntil(nearest(deadlines), now);
    }),
    nearestUnacknowledged: unacknowledged.flatMap(({ account, at }) => sample({ account }, secondsUntil(at, now))),
    sinceCompletePoll: ofAccount(({ lastCompleteAt }) =>
      lastCompleteAt === null ? null : Math.max(0, now - lastCompleteAt) / 1000,
    ),
    pollInterval: ofAccount(({ account }) => intervalOf(account) / 1000),
    known: ofAccount((state) => (readingOf(state, now, intervalOf).known ? 1 : 0)),
    blocked: ofAccount(({ blocked }) => (blocked ? 1 : 0)),
    waiting,
    dead,
    oldestWaiting: ofChannel((channel) => Math.max(0, now - (oldest.get(channel) ?? now)) / 1000),
    laneDown: ofChannel((channel) => (down.includes(channel) ? 1 : 0)),
    silentLoops: beats.filter(({ at, withinMs }) => at + withinMs <= now).length,
  };
}

const STATUSES: Readonly<Record<number, string>> = { 1: 'pending', 2: 'processing', 4: 'scheduled' };

function openTasks(counts: Awaited<ReturnType<View['openCounts']>>): readonly Sample[] {
  const totals = new Map<string, { readonly labels: Sample['labels']; value: number }>();
  for (const { account, status, typeId, dataLoss, tasks } of counts) {
    const type = typeId !== null && Object.hasOwn(TASK_TYPES, typeId) ? String(typeId) : 'other';
    const labels = { account, status: STATUSES[status] ?? 'other', type, data_loss: String(dataLoss) };
    const key = JSON.stringify(labels);
    const total = totals.get(key) ?? { labels, value: 0 };
    total.value += tasks;
    totals.set(key, total);
  }
  return [...totals.values()];
}

function nearest(deadlines: readonly (EpochMs | null)[]): EpochMs | null {
  const known = deadlines.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function secondsUntil(at: EpochMs | null, now: EpochMs): number | null {
  return at === null ? null : (at - now) / 1000;
}

function sample(labels: Sample['labels'], value: number | null): readonly Sample[] {
  return value === null ? [] : [{ labels, value }];
}
