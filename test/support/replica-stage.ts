import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { Arrival } from '../../src/sandbox/sandbox.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/all.ts';
import type { Migration } from '../../src/store/migrations/migration.ts';
import { PostgresDatabase } from '../../src/store/postgres-database.ts';
import { type CliStage, openCliStage } from './cli-stage.ts';
import { type PostgresServer, postgresAddress } from './postgres-server.ts';
import type { LogLine, RunningProgram } from './program.ts';
import { TO_SLACK } from './service-kit.ts';

/** A replica as the tests tell it from the others. */
export interface ReplicaProgram extends RunningProgram {
  /** The accounts that it has polled to the end, in order. */
  polled(): readonly string[];
  /** The first whole poll of the account that ends after this call. */
  polls(account: string): Promise<LogLine>;
}

/**
 * Two keys, `shared` with the accounts `a1`, in the configuration, and `a2`, by the credentials file, `alone` with `b`; any number of replicas on one
 * PostgreSQL store; everything to Slack.
 */
export interface ReplicaStage extends Omit<CliStage, 'start'> {
  start(): ReplicaProgram;
  /** Adds a pending task to the world of a key, and resolves once it was told. */
  tells(key: KeyName, taskId: string): Promise<void>;
  /** Resolves once it is recorded that every message was delivered. */
  untilSettled(): Promise<void>;
  /** The polls that were not ended by whoever began them, as they stand in the store. */
  interrupted(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** How often each task was told. */
  timesTold(taskId: string): number;
  /** The process that holds the lease now, and its number. */
  holder(unit: string): Promise<{ readonly pid: number; readonly fence: number } | null>;
  /** When the lease ends that was taken last, and the time now, both by the server's clock. */
  leaseEnd(unit: string): Promise<{ readonly now: number; readonly endsAt: number }>;
  /** Resolves once the lease is held as `fits` says. */
  untilHeld(unit: string, fits: (pid: number | null) => boolean): Promise<void>;
  /** Does to the store what a program does that knows one step more. */
  upgrade(step: Migration): Promise<void>;
  /** The unit that the accounts of a key are. */
  unitOf(key: KeyName): Promise<string>;
  /** The unit that the lane of a kind of channel is. */
  laneOf(kind: 'slack' | 'smtp'): Promise<string>;
}

export type KeyName = 'shared' | 'alone';

/** Starts a second of each key. */
export const PACE = 5;
export const keyOf = (name: KeyName) => ({ secretId: `AKID0${name}`, secretKey: `secret0key0of0${name}` });

export async function openReplicaStage(
  server: PostgresServer,
  onRequest: (arrival: Arrival) => void | Promise<void> = () => undefined,
): Promise<ReplicaStage> {
  const store = await server.newStore();
  const schema = new URL(store).searchParams.get('schema');
  const stage = await openCliStage({ ...TO_SLACK, store }, { keys: [keyOf('shared'), keyOf('alone')], onRequest });
  const { sandbox, hook, file } = stage;
  const account = (name: string, key: KeyName, more: object = {}) => {
    return { name, endpoint: sandbox.url, ...keyOf(key), ...more };
  };
  file.change({
    accounts: [
      account('a1', 'shared', { product: 'CVM' }),
      { name: 'a2', endpoint: sandbox.url, product: 'CDH' },
      account('b', 'alone'),
    ],
    poll: { schedule: '* * * * * *', timezone: 'Asia/Shanghai', requestsPerSecond: PACE },
  });
  const credentials = join(file.directory, 'credentials');
  const { secretId, secretKey } = keyOf('shared');
  writeFileSync(credentials, `[default]\nsecret_id = ${secretId}\nsecret_key = ${secretKey}\n`);
  const env = { TENCENTCLOUD_CREDENTIALS_FILE: credentials };
  const holder: ReplicaStage['holder'] = async (unit) => {
    const [row] = await server.ask(
      `SELECT owner, fence FROM ${schema}.lease WHERE name = '${unit}' AND until_at > EXTRACT(EPOCH FROM clock_timestamp()) * 1000`,
    );
    if (row === undefined) return null;
    return { pid: Number(String(row['owner']).split('/')[1]), fence: Number(row['fence']) };
  };
  const unitLike = async (pattern: string): Promise<string> => {
    const [row] = await server.ask(`SELECT name FROM ${schema}.lease WHERE name LIKE '${pattern}'`);
    if (row === undefined) throw new Error(`nobody has ever held ${pattern}`);
    return String(row['name']);
  };
  return {
    ...stage,
    run: (args) => stage.run(args, env),
    start: () => replicaOf(stage.start(['run'], env)),
    async tells(key, taskId) {
      sandbox.world(keyOf(key).secretId).add({ TaskId: taskId });
      await hook.accepted.until(({ body }) => body.includes(taskId));
    },
    timesTold: (taskId) => hook.accepted.entries.filter(({ body }) => body.includes(taskId)).length,
    async untilSettled() {
      const open = `SELECT id FROM ${schema}.message WHERE settled_at IS NULL`;
      while ((await server.ask(open)).length > 0) await pause(100);
    },
    interrupted: () =>
      server.ask(`SELECT * FROM ${schema}.poll WHERE reason = 'the process ended before the poll did' ORDER BY id`),
    holder,
    async leaseEnd(unit) {
      const [row] = await server.ask(
        `SELECT until_at, EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS now FROM ${schema}.lease WHERE name = '${unit}'`,
      );
      return { now: Number(row?.['now']), endsAt: Number(row?.['until_at']) };
    },
    async untilHeld(unit, fits) {
      while (!fits((await holder(unit))?.pid ?? null)) await pause(100);
    },
    async upgrade(step) {
      const db = new PostgresDatabase(postgresAddress(store), systemClock);
      await migrate(db, store, [...MIGRATIONS, step], Date.now()).finally(() => db.close());
    },
    unitOf: (key) => unitLike(`accounts key ${new Secret(keyOf(key).secretId).fingerprint()}`),
    laneOf: (kind) => unitLike(`lane ${kind}:%`),
  };
}

function replicaOf(program: RunningProgram): ReplicaProgram {
  const isPoll = (line: LogLine): boolean => line.event === 'poll-finished' && line['result'] === 'complete';
  return {
    ...program,
    polled: () => program.log.filter(isPoll).map((line) => String(line['account'])),
    polls(account) {
      const isOfAccount = (line: LogLine): boolean => isPoll(line) && line['account'] === account;
      const before = program.log.filter(isOfAccount).length;
      return program.waitForLog('poll-finished', isOfAccount, before + 1);
    },
  };
}
