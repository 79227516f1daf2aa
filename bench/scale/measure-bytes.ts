import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../src/lib/clock.ts';
import type { SetReport } from '../../src/model/poll.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
import { openStore } from '../../src/store/registry.ts';
import type { Store, StoredTask } from '../../src/store/store.ts';
import { type PostgresServer, postgresAddress } from '../../test/support/postgres-server.ts';
import { repairTask } from '../../test/support/repair-task.ts';
import { scatteredId } from '../reading/scattered-id.ts';

/** Bytes on disk, indexes included. */
export interface BytesRow {
  readonly store: 'SQLite' | 'PostgreSQL';
  /** Of a closed task with the one change that its first sight is. */
  readonly perTask: number;
  /** Of a poll in the ledger. */
  readonly perPoll: number;
  /** The whole store with the polls, then when they were pruned, then with as many new ones. */
  readonly whole: number;
  readonly pruned: number;
  readonly refilled: number;
}

/** A store of one engine that says how large it is. */
interface Weighed {
  readonly store: Store;
  bytes(): Promise<number>;
  close(): Promise<void>;
}

const PAGE = 100;
const BEGIN = Date.UTC(2026, 0, 1);
const LATER = Date.UTC(2027, 0, 1);

/** What a task and a poll take in the store of each engine, and what pruning gives back. */
export async function measureBytes(
  rows: number,
  server: Pick<PostgresServer, 'newStore' | 'ask'>,
): Promise<readonly BytesRow[]> {
  return [
    await bytesOf('SQLite', await weighedSqlite(), rows),
    await bytesOf('PostgreSQL', await weighedPostgres(server), rows),
  ];
}

async function bytesOf(name: BytesRow['store'], weighed: Weighed, rows: number): Promise<BytesRow> {
  const { store } = weighed;
  try {
    await store.syncAccounts([{ name: 'account-1', filterKey: '[null,[],[],[]]' }], BEGIN);
    const empty = await weighed.bytes();
    await writeTasks(store, rows);
    const withTasks = await weighed.bytes();
    await writePolls(store, rows);
    const whole = await weighed.bytes();
    await store.prune({ closedTasks: BEGIN, polls: LATER });
    const pruned = await weighed.bytes();
    await writePolls(store, rows);
    const refilled = await weighed.bytes();
    return {
      store: name,
      perTask: (withTasks - empty) / rows,
      perPoll: (whole - withTasks) / rows,
      whole,
      pruned,
      refilled,
    };
  } finally {
    await weighed.close();
  }
}

async function writeTasks(store: Store, count: number): Promise<void> {
  const { poll } = await store.beginPoll('account-1', 'backfill', BEGIN);
  for (let page = 0; page < count / PAGE; page += 1) {
    const write = Array.from({ length: PAGE }, (_, row) => closedTask(page * PAGE + row));
    const changes = write.map(({ task }) => ({ taskId: task.taskId, at: BEGIN, from: null, to: 3, event: null }));
    const ids = write.map(({ task }) => task.taskId);
    await store.commitPage(poll, ids, () => ({ write, touch: [], changes, alerts: [] }));
  }
  await store.endPoll(poll, END);
}

function closedTask(index: number): StoredTask {
  const id = scatteredId(index);
  const texts = {
    taskDetail: '实例所在宿主机存在运行隐患，可能影响实例稳定运行，建议您尽快授权维修。',
    wanIp: '203.0.113.7',
  };
  return {
    account: 'account-1',
    task: repairTask({ taskId: `rep-${id}`, instanceId: `ins-${id}`, alias: `web-${index}`, taskStatus: 3, ...texts }),
    ending: 'closed',
    firstSeenAt: BEGIN,
    changedAt: BEGIN,
    absentPolls: 0,
    toldAuthTime: null,
    revision: 1,
    seenPoll: 1,
  };
}

/** As a quiet poll leaves it. */
const quiet = { complete: true, reason: null, requests: 1, distinct: 12, totalCount: 12, setAside: 0 };
const SETS: readonly SetReport[] = [
  { set: 'live', ...quiet },
  { set: 'new', ...quiet },
  { set: 'departed', ...quiet },
];
const END = {
  endedAt: BEGIN + 700,
  tookMs: 700,
  result: 'complete',
  reason: null,
  sets: SETS,
  retries: 0,
  throttles: 0,
  clockOffsetMs: 0,
  checkpoint: BEGIN,
  taskIdsMax: 100,
} as const;

async function writePolls(store: Store, count: number): Promise<void> {
  for (let poll = 0; poll < count; poll += 1)
    await store.endPoll((await store.beginPoll('account-1', 'poll', BEGIN + poll * 1000)).poll, END);
}

async function weighedSqlite(): Promise<Weighed> {
  const directory = mkdtempSync(join(tmpdir(), 'repairwatch-bench-'));
  const path = join(directory, 'bench.db');
  const store = await openStore({ engine: 'sqlite', path }, { mode: 'owner', clock: systemClock });
  return {
    store,
    async bytes() {
      const file = new DatabaseSync(path, { readOnly: true });
      // With what stands in the log only.
      const size = file
        .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
        .get();
      file.close();
      return Number(size?.['bytes']);
    },
    async close() {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function weighedPostgres(server: Pick<PostgresServer, 'newStore' | 'ask'>): Promise<Weighed> {
  const address = postgresAddress(await server.newStore());
  const store = await openPostgresStore(address, { migrates: true, clock: systemClock });
  return {
    store,
    async bytes() {
      // What the server does by itself now and then.
      const tables = `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = '${address.schema}'::regnamespace`;
      for (const { relname } of await server.ask(tables))
        await server.ask(`VACUUM ${address.schema}.${String(relname)}`);
      const [row] = await server.ask(
        `SELECT SUM(pg_total_relation_size(oid)) AS bytes FROM (${tables.replace('relname', 'oid')}) t`,
      );
      return Number(row?.['bytes']);
    },
    close: () => store.close(),
  };
}
