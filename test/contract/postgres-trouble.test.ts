import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import type { PostgresAddress } from '../../src/lib/postgres-url.ts';
import { migrate } from '../../src/store/migrate.ts';
import { PostgresDatabase } from '../../src/store/postgres-database.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
import { int, only } from '../../src/store/row.ts';
import type { Sql } from '../../src/store/sql.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { type PostgresProxy, startPostgresProxy, startTransactionPooler } from '../support/postgres-proxy.ts';
import { type PostgresServer, postgresAddress, startPostgres } from '../support/postgres-server.ts';
import { claimedOf, LANE, LEASE_MS, oneEach, pollThatFinds, T0 } from '../support/store-world.ts';

/** Pauses between tries cost nothing. */
const clock = { ...systemClock, sleep: async () => undefined };

let server: PostgresServer;
let proxy: PostgresProxy;
let direct: PostgresAddress;
let viaProxy: PostgresAddress;
let db: PostgresDatabase;
let schema: string;
beforeAll(async () => {
  server = await startPostgres();
  proxy = await startPostgresProxy(server.port);
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});
beforeEach(async () => {
  const url = await server.newStore();
  direct = postgresAddress(url);
  schema = direct.schema ?? 'public';
  viaProxy = postgresAddress(url.replace(String(server.port), String(proxy.port)));
  db = new PostgresDatabase(viaProxy, clock);
  await db.write((sql) => sql.run('CREATE TABLE line (who TEXT NOT NULL)'));
});
afterEach(() => db.close());

const lines = async (): Promise<number> =>
  int(only(await db.read((sql) => sql.all('SELECT COUNT(*) AS n FROM line'))), 'n');

const META = 'CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)';

/** Writes one line; resolves to how often its transaction was tried. */
async function writeLine(): Promise<number> {
  let tries = 0;
  await db.write((sql: Sql) => {
    tries += 1;
    return sql.run(`INSERT INTO line (who) VALUES ('me')`);
  });
  return tries;
}

describe('a connection that is lost', () => {
  it('in the middle of a transaction has the transaction done anew', async () => {
    proxy.breakOnce({ at: 'INSERT INTO line', when: 'before' });
    expect([await writeLine(), await lines()]).toEqual([2, 1]);
  });

  it('before its COMMIT arrived has the transaction done anew', async () => {
    proxy.breakOnce({ at: 'COMMIT', when: 'before' });
    expect([await writeLine(), await lines()]).toEqual([2, 1]);
  });

  it('with the answer to its COMMIT has the outcome looked up, and nothing done twice', async () => {
    proxy.breakOnce({ at: 'COMMIT', when: 'answered' });
    expect([await writeLine(), await lines()]).toEqual([1, 1]);
  });

  it('does so by what it leaves in its own table, once there is one', async () => {
    await db.write((sql) => sql.run(META));
    await writeLine();
    proxy.breakOnce({ at: 'COMMIT', when: 'answered' });
    expect([await writeLine(), await lines()]).toEqual([1, 2]);
    proxy.breakOnce({ at: 'COMMIT', when: 'before' });
    expect([await writeLine(), await lines()]).toEqual([2, 3]);
  });

  it('with a COMMIT that makes that table has the table made anew', async () => {
    proxy.breakOnce({ at: 'COMMIT', when: 'before' });
    let tries = 0;
    await db.write((sql) => {
      tries += 1;
      return sql.run(META);
    });
    expect(tries).toBe(2);
  });

  it('while it reads has it read anew', async () => {
    await writeLine();
    proxy.breakOnce({ at: 'SELECT COUNT', when: 'before' });
    expect(await lines()).toBe(1);
  });

  it('while it is idle costs the next transaction nothing', async () => {
    await writeLine();
    await server.ask(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'repairwatch'`);
    expect(await lines()).toBe(1);
  });
});

it('a server that may only be read says so in one sentence, and is written again once it may', async () => {
  await server.ask('ALTER SYSTEM SET default_transaction_read_only = on');
  await server.ask('SELECT pg_reload_conf()');
  const heard: (string | null)[] = [];
  const reader = new PostgresDatabase(direct, clock, (failure) => heard.push(failure?.message ?? null));
  const isReadOnly = async () =>
    (await server.ask('SHOW default_transaction_read_only'))[0]?.['default_transaction_read_only'];
  while ((await isReadOnly()) !== 'on');
  const insert = () => reader.write((sql) => sql.run(`INSERT INTO line (who) VALUES ('me')`));
  await expect(insert()).rejects.toThrow(
    /^The store postgres:\/\/\S+ is read-only now, as a standby is; name every server/,
  );
  await server.ask('ALTER SYSTEM RESET default_transaction_read_only');
  await server.ask('SELECT pg_reload_conf()');
  while ((await isReadOnly()) !== 'off');
  await insert();
  expect(heard).toEqual([expect.stringContaining('is read-only now'), null]);
  await reader.close();
});

it('what writes nothing makes the server write nothing', async () => {
  const nextId = async () =>
    String((await server.ask('SELECT pg_snapshot_xmax(pg_current_snapshot()) AS id'))[0]?.['id']);
  const before = await nextId();
  await db.write((sql) => sql.run(`DELETE FROM line WHERE who = 'nobody'`));
  expect(await nextId()).toBe(before);
});

it('a migration may take longer than anything else, or wait for another replica’s', async () => {
  const limit = `SELECT current_setting('statement_timeout') AS v`;
  const step = {
    version: 1,
    name: 'slow',
    statements: [
      'CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT)',
      `INSERT INTO meta ${limit.replace('SELECT', `SELECT 'limit',`)}`,
    ],
  };
  await migrate(db, 'here', [step], T0);
  expect(await db.read((sql) => sql.all(`SELECT value FROM meta WHERE name = 'limit'`))).toMatchObject([
    { value: '1h' },
  ]);
  expect(await db.write((sql) => sql.all(limit))).toMatchObject([{ v: '30s' }]);
});

it('more work than connections waits for its turn, and opens no more than may be', async () => {
  const small = new PostgresDatabase({ ...direct, poolSize: 2 }, clock);
  let most = 0;
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      (i % 2 === 0 ? small.read : small.write).call(small, async (sql) => {
        const found = only(
          await sql.all(
            `SELECT COUNT(*) AS n FROM pg_stat_activity WHERE application_name = 'repairwatch' AND query LIKE '%line %'`,
          ),
        );
        most = Math.max(most, int(found, 'n'));
        return sql.all('SELECT who FROM line WHERE who = $1', ['x']);
      }),
    ),
  );
  expect(most).toBeLessThanOrEqual(2);
  await small.close();
});

it('a pooler that gives each transaction another session stands in between', async () => {
  const pooler = await startTransactionPooler(server.port);
  await server.ask(`CREATE SCHEMA pooled_${schema}`);
  const address = postgresAddress(`postgres://repairwatch@127.0.0.1:${pooler.port}/postgres?schema=pooled_${schema}`);
  const store = await openPostgresStore(address, { migrates: true, clock: { ...systemClock, now: () => T0 } });
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  const [lease] = await store.acquireLeases('me', [{ name: 'accounts', lastsMs: 60_000 }], T0);
  const fenced = store.within({ current: () => lease ?? null, lost: () => undefined });
  await pollThatFinds(fenced, ['rep-a', 'rep-b']);
  await Promise.all(Array.from({ length: 20 }, () => store.openTaskCount('prod')));
  const claimed = claimedOf(await fenced.claim(LANE, T0, LEASE_MS, oneEach));
  await fenced.settle(claimed, { state: 'delivered', at: T0, receipt: 'ok' });
  expect((await store.deliveries({ limit: 9 })).map(({ state }) => state)).toEqual(['waiting', 'delivered']);
  await store.close();
  await pooler.close();
});

describe('while another writer holds the lock', () => {
  /** Its lock is held until the returned function is called. */
  async function holdLock(): Promise<() => Promise<void>> {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: isHeld, resolve: held } = Promise.withResolvers<void>();
    const holder = new PostgresDatabase(direct, clock, () => undefined, undefined, 0);
    const holding = holder.write(async () => {
      held();
      await released;
    });
    await isHeld;
    return async () => {
      release();
      await holding;
      await holder.close();
    };
  }

  const waiting = async (): Promise<readonly number[]> => {
    const rows = await server.ask(`SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    return rows.map((row) => Number(row['pid']));
  };

  async function oneWaits(): Promise<number> {
    for (;;) {
      const [pid] = await waiting();
      if (pid !== undefined) return pid;
    }
  }

  it('one that gives up leaves its connection as it should be', async () => {
    const single = new PostgresDatabase({ ...direct, poolSize: 1 }, clock);
    const letGo = await holdLock();
    const insert = () => single.write((sql) => sql.run(`INSERT INTO line (who) VALUES ('me')`));
    const late = expect(insert()).rejects.toThrow('took too long for a statement');
    await server.ask(`SELECT pg_cancel_backend(${await oneWaits()})`);
    await late;
    await letGo();
    await insert();
    expect(await lines()).toBe(1);
    await single.close();
  });

  it('a process queues with one connection, so that one that is frozen there holds up the others once', async () => {
    const letGo = await holdLock();
    // So that each of the writers has a connection at hand.
    await Promise.all([lines(), lines(), lines()]);
    const written = Promise.all([writeLine(), writeLine(), writeLine()]);
    await oneWaits();
    await lines();
    expect(await waiting()).toHaveLength(1);
    await letGo();
    expect(await written).toEqual([1, 1, 1]);
    expect(await lines()).toBe(3);
  });
});

/** Tries again for as long as the store says that it cannot. */
async function untilStored<T>(write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }
}

it('a standby that is promoted is written on, where the address names both', async () => {
  const own = await startPostgres();
  const url = await own.newStore();
  const standby = await own.standby();
  const both = postgresAddress(url.replace(String(own.port), `${standby.port},127.0.0.1:${own.port}`));
  const failing = new PostgresDatabase(both, systemClock);
  const insert = () => failing.write((sql) => sql.run(`INSERT INTO line (who) VALUES ('me')`));
  await failing.write((sql) => sql.run('CREATE TABLE line (who TEXT NOT NULL)'));
  await insert();
  const at = `SELECT pg_current_wal_lsn() = replay_lsn AS same FROM pg_stat_replication`;
  while ((await own.ask(at))[0]?.['same'] !== true);
  await own.kill();
  const written = untilStored(insert);
  await standby.ask('SELECT pg_promote()');
  await written;
  expect(await failing.read((sql) => sql.all('SELECT who FROM line'))).toHaveLength(2);
  await failing.close();
  await own.close();
});
