import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR_MS, MINUTE_MS, SECOND_MS, systemClock } from '../../../src/lib/clock.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import { openStore } from '../../../src/store/registry.ts';
import { type ConfigFile, writeConfigFile } from '../../../test/support/config-file.ts';
import { type PostgresLink, startPostgresLink } from '../../../test/support/postgres-link.ts';
import { type PostgresServer, postgresAddress, startPostgres } from '../../../test/support/postgres-server.ts';
import { type Counterparts, startCounterparts } from '../counterparts.ts';
import { CHANNELS, type Journal, type Said, type Upset } from '../journal.ts';
import { createLife, type Life } from '../life.ts';
import { createPeople, type People } from '../people.ts';
import { createTrouble, type Trouble } from '../trouble.ts';
import { judge, type Rules, type Verdict } from '../verdict.ts';
import { type ChaosAccount, chaosAccounts, keysOf } from './accounts.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { type Handovers, judgeHandovers, TAKEN_WITHIN_MS } from './handovers.ts';
import { createUpsets, type Moment, type Upsets } from './upsets.ts';
import { createWorlds } from './worlds.ts';

export interface ReplicaOptions {
  readonly replicas: number;
  readonly accounts: number;
  readonly seed: number;
  /** How long upsets come at random; with `upsets` these come instead. */
  readonly seconds: number;
  readonly upsets?: readonly (readonly [Upset['kind'], Moment])[];
  /** When the reminders are due that are certain; they make a run as long. */
  readonly firstRungsAfterMs?: readonly number[];
  readonly print: (line: string) => void;
  /** Where to keep each process's log. */
  readonly logs?: string;
}

export interface ReplicaResult {
  readonly seed: number;
  readonly tookMs: number;
  readonly verdict: Verdict;
  readonly journal: Journal;
  readonly said: Said;
  readonly handovers: Handovers;
  readonly upsets: ReadonlyMap<string, number>;
  readonly life: ReadonlyMap<string, number>;
  readonly trouble: ReadonlyMap<string, number>;
  /** The greatest number of requests that a key had in any sliding second. */
  readonly busiest: readonly (readonly [key: string, requests: number])[];
  /** Milliseconds from the last upset's end until every account was polled to its end, each lane had delivered, every replica was ready. */
  readonly recovered: ReadonlyMap<string, number>;
  readonly problems: readonly string[];
}

const RUNGS = { slack: ['30h', '2m'], mail: ['30h', '1m'] };
const EVENTS = ['pending', 'changed', 'left', 'reminder'];
const RULES: Rules = {
  rungsMs: { slack: [30 * HOUR_MS, 2 * MINUTE_MS], mail: [30 * HOUR_MS, MINUTE_MS] },
  utcOffsetMs: 8 * HOUR_MS,
  // A commit waits for a database that is out of reach, and a write whose answer was lost is asked about for a minute.
  lagMs: 90 * SECOND_MS,
};
const SETTINGS = {
  poll: { schedule: '*/15 * * * * *', timezone: 'Asia/Shanghai' },
  routes: [
    { channels: ['slack'], events: EVENTS, reminders: RUNGS.slack, continue: true },
    { channels: ['mail'], events: EVENTS, reminders: RUNGS.mail },
  ],
  digests: [{ name: 'often', schedule: '*/15 * * * * *', timezone: 'Asia/Shanghai', channels: ['mail'] }],
  operator: { channels: ['operator'] },
};
/** More than `lagMs` after they were seen. */
const FIRST_RUNGS_AFTER_MS = [110_000, 130_000];
const BUSY_SCHEDULE = '* * * * * *';
/** By the vendor's page. */
const REQUESTS_PER_SECOND = 20;
const DRAINED_WITHIN_MS = 400_000;
const LOOK_MS = 300;

/** Runs replicas of the built program on one PostgreSQL server through an accelerated life with faults and upsets, lets all drain, and judges what arrived. */
export async function runReplicas(options: ReplicaOptions): Promise<ReplicaResult> {
  const server = await startPostgres();
  try {
    return await onServer(options, server);
  } finally {
    await server.close();
  }
}

async function onServer(options: ReplicaOptions, server: PostgresServer): Promise<ReplicaResult> {
  const accounts = chaosAccounts(options.accounts);
  const random = (nth: number) => seededRandom(options.seed + nth);
  const worlds = createWorlds(accounts, () => counterparts.sandbox, random(4));
  const counterparts: Counterparts = await startCounterparts(options.seed, {
    keys: keysOf(accounts),
    accountOf: worlds.accountOf,
  });
  const link = await startPostgresLink(server.port, (peer) => upsets.committed(peer));
  const direct = await server.newStore();
  const file = configFile(counterparts, accounts, throughLink(direct, link));
  // Each replica's own, from its environment.
  file.change({ http: { listen: ['127.0.0.1:$', '{PAGE_PORT}'].join('') } });
  const forPeople = configFile(counterparts, accounts, direct);
  const life = createLife(worlds, random(1), {
    firstRungsAfterMs: options.firstRungsAfterMs ?? FIRST_RUNGS_AFTER_MS,
  });
  const upsets: Upsets = createUpsets({
    ...{ fleet: () => fleet, link: () => link, journal: counterparts.journal },
    ...{ random: random(0), clock: systemClock, print: options.print },
  });
  const fleet = createFleet({
    ...{ configPath: file.path, directory: file.directory, counterparts },
    momentsOf: upsets.momentsOf,
  });
  const trouble = createTrouble(counterparts, random(2), { lasting: false, longestPauseMs: 8 * SECOND_MS });
  const people = createPeople(forPeople.path, counterparts.journal, life, random(3));
  try {
    worlds.fill();
    return await new ReplicaRun(options, {
      ...{ accounts, counterparts, direct, life, upsets, fleet, trouble, people },
    }).toItsEnd();
  } finally {
    await fleet.end();
    await Promise.all([link.close(), counterparts.close()]);
    for (const each of [file, forPeople]) each.remove();
  }
}

function throughLink(direct: string, { port }: PostgresLink): string {
  const url = new URL(direct);
  url.port = String(port);
  return url.href;
}

function configFile(
  { sandbox, slack, mail, operator }: Counterparts,
  accounts: readonly ChaosAccount[],
  store: string,
): ConfigFile {
  const channels = {
    slack: { type: 'slack', url: slack.url, language: 'en' },
    mail: { type: 'email', smtp: mail.url, from: 'repairwatch@example.com', to: ['ops@example.com'], language: 'en' },
    operator: { type: 'slack', url: operator.url, language: 'en' },
  };
  const entries = accounts.map(({ name, key, product, busy }) => ({
    ...{ name, endpoint: sandbox.url, ...key, product },
    ...(busy && { schedule: BUSY_SCHEDULE }),
  }));
  return writeConfigFile({ sandbox, hook: slack, mail }, { ...SETTINGS, accounts: entries, channels, store });
}

interface Parts {
  readonly accounts: readonly ChaosAccount[];
  readonly counterparts: Counterparts;
  /** The store's address without the link. */
  readonly direct: string;
  readonly life: Life;
  readonly upsets: Upsets;
  readonly fleet: Fleet;
  readonly trouble: Trouble;
  readonly people: People;
}

class ReplicaRun {
  readonly #options: ReplicaOptions;
  readonly #parts: Parts;
  readonly #problems: string[] = [];
  readonly #recovered = new Map<string, number>();

  constructor(options: ReplicaOptions, parts: Parts) {
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
    const going = [life, trouble].map((actor) => actor.run(systemClock, over.signal));
    if (this.#options.upsets === undefined) {
      const late = AbortSignal.timeout(seconds * SECOND_MS);
      await upsets.run(systemClock, late);
    } else for (const [kind, moment] of this.#options.upsets) await upsets.one(kind, moment);
    over.abort();
    await Promise.all(going);
    trouble.clear();
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
      ...{ seed, tookMs: performance.now() - since, verdict: judge(journal, RULES), journal, said, handovers, busiest },
      ...{ upsets: upsets.counts, life: life.counts, trouble: trouble.counts, recovered: this.#recovered },
      problems: [
        ...this.#problems,
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

  /** From the last upset's end on. */
  async #recovers(): Promise<void> {
    const { counterparts, life, upsets } = this.#parts;
    const { journal } = counterparts;
    const since = Date.now();
    life.news();
    const delivers = (channel: string) => () =>
      journal.arrivals.some((arrival) => arrival.channel === channel && arrival.at > since);
    await Promise.all([
      this.#within('every account polled', since, () => this.#isPolled(since)),
      ...CHANNELS.map((channel) => this.#within(`${channel} delivers`, since, delivers(channel))),
      this.#within('every replica ready', since, async () =>
        (await Promise.all([...upsets.well].map((replica) => replica.ready()))).every((status) => status === 200),
      ),
    ]);
  }

  async #within(what: string, since: number, holds: () => boolean | Promise<boolean>): Promise<void> {
    while (Date.now() - since < DRAINED_WITHIN_MS && !(await holds())) await pause(LOOK_MS);
    const tookMs = Date.now() - since;
    this.#recovered.set(what, tookMs);
    if (tookMs > TAKEN_WITHIN_MS)
      this.#problems.push(`${what}: only ${(tookMs / SECOND_MS).toFixed(1)} s after the last upset`);
  }

  #isPolled(since: number): boolean {
    const { wholePolls } = this.#parts.fleet.said();
    const polled = new Set(wholePolls.filter(({ at }) => at > since).map(({ account }) => account));
    return this.#parts.accounts.every(({ name }) => polled.has(name));
  }

  async #untilPolled(since: number): Promise<void> {
    while (!this.#isPolled(since)) await pause(LOOK_MS);
  }

  /** No more faults, nothing happens: what is due must arrive by itself now, once dead messages are sent again. */
  async #quiet(): Promise<void> {
    const { life, counterparts } = this.#parts;
    const { journal } = counterparts;
    await pause(life.firstRungsPassed() + 1 - Date.now());
    journal.calmFrom = Date.now();
    await this.#untilPolled(journal.calmFrom);
    await this.#untilPolled(Date.now());
    if (!(await this.#untilDrained()))
      this.#problems.push(`messages still wait ${DRAINED_WITHIN_MS / SECOND_MS} s after the last fault`);
    const digests = this.#digests();
    await this.#within('two more digests', Date.now(), () => this.#digests() >= digests + 2);
  }

  async #untilDrained(): Promise<boolean> {
    const { direct, people } = this.#parts;
    const until = performance.now() + DRAINED_WITHIN_MS;
    while (performance.now() < until) {
      const store = await openStore(
        { engine: 'postgres', address: postgresAddress(direct) },
        { mode: 'reader', clock: systemClock },
      );
      const { waiting, dead } = await store.backlog().finally(() => store.close());
      if (waiting + dead === 0) return true;
      if (dead > 0) await people.requeue();
      await pause(LOOK_MS);
    }
    return false;
  }

  #digests(): number {
    const { arrivals } = this.#parts.counterparts.journal;
    return new Set(arrivals.filter(({ title }) => title.includes('Digest ')).map(({ key }) => key)).size;
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
