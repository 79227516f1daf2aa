import { SECOND_MS, systemClock } from '../../../src/lib/clock.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import { type ConfigFile, writeConfigFile } from '../../../test/support/config-file.ts';
import { type PostgresLink, startPostgresLink } from '../../../test/support/postgres-link.ts';
import { startPostgres } from '../../../test/support/postgres-server.ts';
import { type Counterparts, startCounterparts } from '../counterparts.ts';
import { createLife, type Life } from '../life.ts';
import { createPeople, type People } from '../people.ts';
import { RULES, settingsOf } from '../settings.ts';
import { createTrouble, type Trouble } from '../trouble.ts';
import type { Rules } from '../verdict.ts';
import { type ChaosAccount, chaosAccounts, keysOf } from './accounts.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createUpsets, RANDOM_SPANS, type Spans, type Upsets } from './upsets.ts';
import { createWorlds } from './worlds.ts';

export interface StageOptions {
  readonly accounts: number;
  readonly seed: number;
  readonly print: (line: string) => void;
  /** When the reminders are due that are certain; they make a run as long. */
  readonly firstRungsAfterMs?: readonly number[];
  /** How often an account that is not busy is polled, and a digest made. */
  readonly everySeconds?: number;
  readonly spans?: Spans;
}

/** Counterparts, a PostgreSQL server and everything that acts on replicas of the built program; none is started yet. */
export interface ReplicaChaos {
  readonly accounts: readonly ChaosAccount[];
  readonly counterparts: Counterparts;
  /** The store's address, not through the link that can be parted. */
  readonly direct: string;
  readonly life: Life;
  readonly upsets: Upsets;
  readonly fleet: Fleet;
  readonly trouble: Trouble;
  readonly people: People;
  readonly everySeconds: number;
  close(): Promise<void>;
}

/** What is to be expected of replicas. */
export const REPLICA_RULES: Rules = {
  ...RULES,
  // A commit waits for a database that is out of reach, and a write whose answer was lost is asked about for a minute.
  lagMs: 90 * SECOND_MS,
};
/** More than `lagMs` after they were seen. */
const FIRST_RUNGS_AFTER_MS = [110_000, 130_000];
const EVERY_SECONDS = 15;
const BUSY_SCHEDULE = '* * * * * *';
const LONGEST_PAUSE_MS = 8 * SECOND_MS;
/** Each replica's own, from its environment. */
const PAGE = ['127.0.0.1:$', '{PAGE_PORT}'].join('');

/** Starts what the replicas need; `close` ends it, and them. */
export async function openReplicaChaos(options: StageOptions): Promise<ReplicaChaos> {
  const server = await startPostgres();
  const { seed, everySeconds = EVERY_SECONDS, spans = RANDOM_SPANS } = options;
  const accounts = chaosAccounts(options.accounts);
  const random = (nth: number) => seededRandom(seed + nth);
  const worlds = createWorlds(accounts, () => counterparts.sandbox, random(4));
  const asked = { keys: keysOf(accounts), accountOf: worlds.accountOf };
  const counterparts: Counterparts = await startCounterparts(seed, asked);
  const link = await startPostgresLink(server.port, (peer) => upsets.committed(peer));
  const direct = await server.newStore();
  const files = configFiles(counterparts, accounts, everySeconds, direct, link);
  const { firstRungsAfterMs = FIRST_RUNGS_AFTER_MS } = options;
  const life = createLife(worlds, random(1), { firstRungsAfterMs });
  const { journal } = counterparts;
  const upsets: Upsets = createUpsets({
    ...{ fleet: () => fleet, link: () => link, journal, random: random(0), clock: systemClock },
    ...{ print: options.print, spans, outdate: (taskIds) => void taskIds.map(worlds.book) },
  });
  const { path: configPath, directory } = files.forReplicas;
  const fleet = createFleet({ configPath, directory, counterparts, momentsOf: upsets.momentsOf });
  const trouble = createTrouble(counterparts, random(2), { lasting: false, longestPauseMs: LONGEST_PAUSE_MS });
  const people = createPeople(files.forPeople.path, journal, life, random(3));
  worlds.fill();
  return {
    ...{ accounts, counterparts, direct, life, upsets, fleet, trouble, people, everySeconds },
    async close() {
      await fleet.end();
      await Promise.all([link.close(), counterparts.close()]);
      for (const file of Object.values(files)) file.remove();
      await server.close();
    },
  };
}

/** The same configuration twice: people reach the store without the link, and serve no page. */
function configFiles(
  counterparts: Counterparts,
  accounts: readonly ChaosAccount[],
  everySeconds: number,
  direct: string,
  { port }: PostgresLink,
) {
  const linked = new URL(direct);
  linked.port = String(port);
  const { sandbox } = counterparts;
  const schedule = `*/${everySeconds} * * * * *`;
  const settings = {
    ...settingsOf(counterparts, { poll: schedule, digest: schedule }),
    accounts: accounts.map(({ name, key, product, busy }) => ({
      ...{ name, endpoint: sandbox.url, ...key, product },
      ...(busy && { schedule: BUSY_SCHEDULE }),
    })),
  };
  const write = (store: string, more: object = {}): ConfigFile =>
    writeConfigFile({ sandbox }, { ...settings, store, ...more });
  return { forReplicas: write(linked.href, { http: { listen: PAGE } }), forPeople: write(direct) };
}
