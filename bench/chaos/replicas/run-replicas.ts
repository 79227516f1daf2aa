import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECOND_MS, systemClock } from '../../../src/lib/clock.ts';
import { postgresAddress } from '../../../test/support/postgres-server.ts';
import { digestCount } from '../digest-count.ts';
import { CHANNELS, type ChannelName, type Journal, type Said, type Upset } from '../journal.ts';
import type { Outcome } from '../outcome.ts';
import { watchSlowness } from '../slowness.ts';
import { DRAINED_WITHIN_MS, untilDrained } from '../until-drained.ts';
import { judge } from '../verdict.ts';
import { keysOf } from './accounts.ts';
import type { Fleet } from './fleet.ts';
import { type Handovers, judgeHandovers, TAKEN_WITHIN_MS } from './handovers.ts';
import { mayRestUntil } from './may-rest-until.ts';
import { openReplicaChaos, REPLICA_RULES, type ReplicaChaos, type StageOptions } from './stage.ts';
import type { Moment } from './upsets.ts';

export interface ReplicaOptions extends StageOptions {
  readonly replicas: number;
  /** How long upsets come at random. */
  readonly seconds: number;
  /** Instead of them these. */
  readonly upsets?: readonly (readonly [Upset['kind'], Moment])[];
  /** Where to keep each process's log. */
  readonly logs?: string;
}

export interface ReplicaResult extends Outcome {
  readonly said: Said;
  readonly handovers: Handovers;
  readonly upsets: ReadonlyMap<string, number>;
  /** The greatest number of requests that a key had in any sliding second. */
  readonly busiest: readonly (readonly [key: string, requests: number])[];
  /** Milliseconds from the last upset's end until every account was polled to its end, each lane had delivered, every replica was ready. */
  readonly recovered: ReadonlyMap<string, number>;
}

/** A message whose acceptance is unknown is tried again after a minute. */
const LAST_TRIES_MS = 70 * SECOND_MS;
/** By the vendor's page. */
const REQUESTS_PER_SECOND = 20;
const LOOK_MS = 300;

/** Runs replicas of the built program on one PostgreSQL server through an accelerated life with faults and upsets, lets all drain, and judges what arrived. */
export async function runReplicas(options: ReplicaOptions): Promise<ReplicaResult> {
  const stage = await openReplicaChaos(options);
  const over = new AbortController();
  const watching = watchSlowness(stage.counterparts.journal, systemClock, over.signal);
  try {
    return await new ReplicaRun(options, stage).toItsEnd();
  } finally {
    over.abort();
    await watching;
    await stage.close();
  }
}

class ReplicaRun {
  readonly #options: ReplicaOptions;
  readonly #parts: ReplicaChaos;
  readonly #problems: string[] = [];
  readonly #recovered = new Map<string, number>();
  readonly #waits: { readonly what: string; readonly tookMs: number; readonly mostMs: number }[] = [];

  constructor(options: ReplicaOptions, parts: ReplicaChaos) {
    this.#options = options;
    this.#parts = parts;
  }

  async toItsEnd(): Promise<ReplicaResult> {
    const { life, upsets, trouble, fleet, counterparts, people } = this.#parts;
    const { seconds, seed, replicas } = this.#options;
    const since = performance.now();
    life.begin();
    await upsets.begin(replicas);
    await this.#untilPolled(Date.now());
    const over = new AbortController();
    const troubled = AbortSignal.any([
      over.signal,
      AbortSignal.timeout(Math.max(0, seconds * SECOND_MS - LAST_TRIES_MS)),
    ]);
    const going = [life.run(systemClock, over.signal), trouble.run(systemClock, troubled).then(trouble.clear)];
    await this.#upset();
    over.abort();
    await Promise.all(going);
    await upsets.heal();
    await this.#recovers();
    await this.#quiet();
    await upsets.stopAll();
    const { journal, sandbox } = counterparts;
    journal.end = Date.now();
    if (this.#options.logs !== undefined) keepLogs(fleet, this.#options.logs);
    const said = fleet.said();
    journal.said = said;
    const handovers = judgeHandovers(journal, said);
    const busiest = keysOf(this.#parts.accounts)
      .map(({ secretId }) => [secretId, sandbox.greatestInASecond(secretId)] as const)
      .toSorted((a, b) => b[1] - a[1]);
    return {
      ...{
        seed,
        tookMs: performance.now() - since,
        verdict: judge(journal, REPLICA_RULES),
        journal,
        said,
        handovers,
        busiest,
      },
      ...{ upsets: upsets.counts, life: life.counts, trouble: trouble.counts, recovered: this.#recovered },
      problems: [
        ...this.#problems,
        ...this.#late(journal),
        ...upsets.problems,
        ...people.problems,
        ...handovers.problems,
        ...settledTwice(said, journal),
        ...busiest
          .filter(([, requests]) => requests > REQUESTS_PER_SECOND)
          .map(([key, requests]) => `key ${key} had ${requests} requests in a second`),
      ],
    };
  }

  async #upset(): Promise<void> {
    const { seconds, upsets: chosen } = this.#options;
    const { upsets } = this.#parts;
    if (chosen === undefined) return upsets.run(AbortSignal.timeout(seconds * SECOND_MS));
    for (const [kind, moment] of chosen) await upsets.one(kind, moment);
    await upsets.idle();
  }

  /** From the last upset's end on. */
  async #recovers(): Promise<void> {
    const { life, upsets } = this.#parts;
    const since = Date.now();
    life.news();
    await Promise.all([
      this.#within('every account asked for', since, () => this.#isAskedFor(since)),
      this.#within(
        'every account polled',
        since,
        () => this.#isPolled(since),
        () => TAKEN_WITHIN_MS + this.#parts.everySeconds * SECOND_MS,
      ),
      ...CHANNELS.map((channel) => this.#delivers(channel, since)),
      this.#within('every replica ready', since, async () =>
        (await Promise.all([...upsets.well].map((replica) => replica.ready()))).every((status) => status === 200),
      ),
    ]);
  }

  /** As soon as it may, where what it sent last is leased as a message whose acceptance nobody knows. */
  #delivers(channel: ChannelName, since: number): Promise<void> {
    const { counterparts, fleet } = this.#parts;
    const first = () => counterparts.journal.arrivals.find((each) => each.channel === channel && each.at > since);
    return this.#within(
      `${channel} delivers`,
      since,
      () => first() !== undefined,
      () => Math.max(0, mayRestUntil(channel, first()?.at ?? Date.now(), fleet.said()) - since) + TAKEN_WITHIN_MS,
    );
  }

  async #within(
    what: string,
    since: number,
    holds: () => boolean | Promise<boolean>,
    mostMs: () => number = () => TAKEN_WITHIN_MS,
  ): Promise<void> {
    while (Date.now() - since < DRAINED_WITHIN_MS && !(await holds())) await pause(LOOK_MS);
    const tookMs = Date.now() - since;
    this.#recovered.set(what, tookMs);
    this.#waits.push({ what, tookMs, mostMs: mostMs() });
  }

  /** Judged at the end, since a load average comes to what it is a minute late. */
  #late({ slowness }: Journal): readonly string[] {
    return this.#waits
      .filter(({ tookMs, mostMs }) => tookMs > slowness * mostMs)
      .map(({ what, tookMs }) => `${what}: only ${(tookMs / SECOND_MS).toFixed(1)} s after the last upset`);
  }

  #isPolled(since: number): boolean {
    const { wholePolls } = this.#parts.fleet.said();
    const polled = new Set(wholePolls.filter(({ at }) => at > since).map(({ account }) => account));
    return this.#parts.accounts.every(({ name }) => polled.has(name));
  }

  #isAskedFor(since: number): boolean {
    const { requests } = this.#parts.counterparts.journal;
    const asked = new Set(
      requests.filter(({ at, beginsPoll }) => beginsPoll && at > since).map(({ account }) => account),
    );
    return this.#parts.accounts.every(({ name }) => asked.has(name));
  }

  async #untilPolled(since: number): Promise<void> {
    while (!this.#isPolled(since)) await pause(LOOK_MS);
  }

  /** No more faults, nothing happens: what is due must arrive by itself now, once dead messages are sent again. */
  async #quiet(): Promise<void> {
    const { life, counterparts, direct, people } = this.#parts;
    const { journal } = counterparts;
    await pause(life.firstRungsPassed() + 1 - Date.now());
    journal.calmFrom = Date.now();
    await this.#untilPolled(journal.calmFrom);
    await this.#untilPolled(Date.now());
    const store = { engine: 'postgres', address: postgresAddress(direct) } as const;
    this.#problems.push(...(await untilDrained(store, people)));
    const digests = digestCount(journal);
    await this.#within(
      'two more digests',
      Date.now(),
      () => digestCount(journal) >= digests + 2,
      () => 2 * this.#parts.everySeconds * SECOND_MS + TAKEN_WITHIN_MS,
    );
  }
}

/** Whoever records an acceptance holds the lane's lease, so that of two replicas with the same message one records it. */
function settledTwice({ settled }: Said, { requeued }: Journal): readonly string[] {
  const byMessage = Map.groupBy(settled, ({ channel, key }) => `${key} on ${channel}`);
  return [...byMessage]
    .filter(([, all]) => new Set(all.map(({ life }) => life)).size > 1 && !requeued.has(all[0]?.key ?? ''))
    .map(
      ([message, all]) => `${message} was recorded as delivered by processes ${all.map(({ life }) => life).join(', ')}`,
    );
}

function keepLogs({ all }: Fleet, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const { life, program } of all)
    writeFileSync(join(directory, `${life}.jsonl`), program.log.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Other processes are at work. */
function pause(ms: number): Promise<void> {
  return systemClock.sleep(Math.max(0, ms), new AbortController().signal);
}
