import type { AccountConfig } from '../../../src/config/config.ts';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { SetReport } from '../../../src/model/poll.ts';
import { audit } from '../../../src/poll/audit.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { PollDeps, PolledAccount } from '../../../src/poll/reading.ts';
import type { TaskReader } from '../../../src/poll/task-reader.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import type { Store } from '../../../src/store/store.ts';
import { ACCOUNT, NOW } from '../poll-kit.ts';
import { RestlessApi } from './api.ts';
import { type Case, judge, type PollSeen, passesArrivals } from './judge.ts';
import { type Scene, writeScene } from './scene.ts';
import { Timeline } from './timeline.ts';
import { type Witness, witness } from './witness.ts';
import { LATEST_MS, LOOKBACK_MS, WATCHED_PRODUCT, World } from './world.ts';

/** What is put to the proof: the poll of `src`, or another reader under the same promise. */
export interface Subject {
  poll(
    account: PolledAccount,
    deps: PollDeps,
    signal: AbortSignal,
  ): Promise<{ readonly result: string; readonly reason: string | null; readonly sets: readonly SetReport[] }>;
  /** Spoils what the poll reads, to show that the property would notice. */
  readonly reader?: (reader: TaskReader, account: PolledAccount) => TaskReader;
  readonly store?: (store: Store) => Store;
}

const REAL: Subject = { poll };

/** What many cases came to. */
export interface Tally {
  cases: number;
  polls: number;
  complete: number;
  requests: number;
}

export function noTally(): Tally {
  return { cases: 0, polls: 0, complete: 0, requests: 0 };
}

/** A broken promise: what was missed, in which scene, and the last requests. */
export class BrokenPromise extends Error {}

/** Moments of a downtime at which things may happen. */
const DAYTIMES = 40;
const OVERLAP_MS = LATEST_MS + MINUTE_MS;
const never = new AbortController().signal;

/** Plays one scene; throws a `BrokenPromise` where a poll of the subject did not keep its word. */
export async function playScene(scene: Scene, store: Store, tally: Tally, subject: Subject = REAL): Promise<void> {
  const random = seededRandom(scene.seed);
  const timeline: Timeline = new Timeline(NOW, () => {
    if (!api.calm) world.live();
  });
  const world = new World(scene, random, () => timeline.now);
  const api = new RestlessApi(scene, world, timeline, random);
  const seen = witness(subject.store?.(store) ?? store, () => timeline.now);
  const { account, deps } = await setUp(scene, seen, timeline, api, subject);
  const earlier: PollSeen[] = [];
  for (let polls = 0; polls <= scene.polls; polls += 1) {
    // The last poll meets a world that holds still: then it must see it as it is.
    api.calm = polls === scene.polls;
    if (api.calm) timeline.skip(2 * scene.lagMs + 1);
    const from = timeline.now - scene.lagMs;
    world.stir();
    api.garbled.clear();
    api.asked = 0;
    const before = (await store.accounts())[0]?.checkpoint ?? null;
    const withHistory = scene.history && subject === REAL && earlier.some(({ result }) => result === 'complete');
    const reading = Promise.all([subject.poll(account, deps, never), withHistory && readHistory(account, deps)]);
    const [summary, history] = await reading.catch((error: unknown) => {
      throw new BrokenPromise(explain(String(error), polls, scene, api), { cause: error });
    });
    tally.requests += api.asked;
    tally.polls += 1;
    if (summary.result === 'complete') tally.complete += 1;
    const now: PollSeen = {
      ...summary,
      from,
      to: timeline.now,
      calm: api.calm,
      garbled: new Set(api.garbled),
      history,
    };
    const given = { scene, world, store, seen, poll: now, earlier, checkpointBefore: before };
    const broken =
      (await judge(given)) ??
      (api.calm && scene.history && subject === REAL ? await judgeRest(given, account, deps) : null);
    if (broken !== null) throw new BrokenPromise(explain(broken, polls, scene, api));
    earlier.push(now);
    seen.written.length = 0;
    seen.toldLeft.length = 0;
    between(world, timeline, random, polls === 0 ? scene.awayMs : 0);
  }
  tally.cases += 1;
}

async function setUp(
  scene: Scene,
  seen: Witness,
  timeline: Timeline,
  api: RestlessApi,
  subject: Subject,
): Promise<{ account: PolledAccount; deps: PollDeps }> {
  const { store } = seen;
  const config: AccountConfig = scene.narrowed
    ? { ...ACCOUNT, filter: { ...ACCOUNT.filter, product: WATCHED_PRODUCT } }
    : ACCOUNT;
  await store.syncAccounts([{ name: config.name, filterKey: 'all' }], NOW);
  const deps: PollDeps = {
    store,
    clock: timeline.clock(),
    log: silentLog,
    route: () => ({ matched: true, channels: [] }),
    operatorChannels: ['ops'],
    poll: { lookbackMs: LOOKBACK_MS, overlapMs: OVERLAP_MS, sinceMs: NOW - 41 * DAY_MS },
    wake: () => undefined,
  };
  const plain: PolledAccount = {
    config,
    reader: { read: (query) => api.read(query), clockOffsetMs: () => 0 },
    limits: {
      spanMs: Number.POSITIVE_INFINITY,
      taskIdsMax: 100,
      pageLimit: scene.pageLimit,
      pageMost: scene.pageLimit,
    },
  };
  const read = subject.reader?.(plain.reader, plain).read ?? plain.reader.read;
  return { account: { ...plain, reader: { ...plain.reader, read } }, deps };
}

/** What is left to the background at the end is read while the world holds still: then nothing that arrived is unknown. */
async function judgeRest(given: Case, account: PolledAccount, deps: PollDeps): Promise<string | null> {
  const read = await backfill(account, deps, never);
  if (read?.complete === false)
    return `The rest of the history was not read in a world that held still: ${read.reason}`;
  return passesArrivals(given);
}

/** What is left of the history, or else the audit; true where it was read whole. */
async function readHistory(account: PolledAccount, deps: PollDeps): Promise<boolean> {
  const read = (await backfill(account, deps, never)) ?? (await audit(account, deps, never));
  return read.complete;
}

/** Minutes pass, or the days of a downtime before them, and things happen, each at its own moment. */
function between(world: World, timeline: Timeline, random: () => number, awayMs: number): void {
  world.stir();
  for (let steps = awayMs === 0 ? 0 : DAYTIMES; steps > 0; steps -= 1) {
    timeline.skip(Math.floor((2 * random() * awayMs) / DAYTIMES));
    world.live();
  }
  for (let steps = 6; steps > 0; steps -= 1) {
    timeline.skip(1 + Math.floor(random() * MINUTE_MS));
    world.live();
  }
}

function explain(broken: string, polls: number, scene: Scene, api: RestlessApi): string {
  return [
    `Poll ${polls + 1}: ${broken}`,
    `Scene: ${writeScene(scene)}`,
    `The last requests (times as the account reads them; id: status):`,
    ...api.lastRequests(),
  ].join('\n');
}
