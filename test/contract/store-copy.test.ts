import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import type { PostgresAddress } from '../../src/lib/postgres-url.ts';
import { copyStore, copyToPostgres } from '../../src/store/copy-store.ts';
import { COPIED_TABLES } from '../../src/store/copy-tables.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS, SCHEMA } from '../../src/store/migrations/all.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
import { text } from '../../src/store/row.ts';
import { SqliteFile } from '../../src/store/sqlite.ts';
import { SqliteDatabase } from '../../src/store/sqlite-database.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import { ADDING } from '../support/next-schema.ts';
import { type PostgresServer, postgresAddress, startPostgres } from '../support/postgres-server.ts';
import { claimedOf, LANE, LEASE_MS, oneEach, pollThatFinds, T0, waits } from '../support/store-world.ts';

const clock = { ...systemClock, now: () => T0 };
const ids = (count: number) => Array.from({ length: count }, (_, index) => `rep-${String(index).padStart(8, '0')}`);

let server: PostgresServer;
let directory: string;
let path: string;
let address: PostgresAddress;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'repairwatch-copy-'));
  path = join(directory, 'repairwatch.db');
  address = postgresAddress(await server.newStore());
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A store with 1,200 pending tasks, one of whose messages waits. */
async function fill(): Promise<void> {
  const store = await openSqliteStore(path, { mode: 'owner', clock });
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await store.syncDigests([{ name: 'morning', scheduleKey: 's', nextAt: T0 + 1 }], T0);
  await pollThatFinds(store, ids(1_200));
  await store.settle(claimedOf(await store.claim(LANE, T0, LEASE_MS, oneEach)), waits());
  await store.close();
}

const copy = (tell: (table: string) => void = () => undefined) => copyToPostgres(path, address, clock, tell);

test('an SQLite store is copied whole, and what waits is sent from the copy under the same key', async () => {
  await fill();
  const counts = await copy();
  expect(counts).toContainEqual({ table: 'task', from: 1_200, to: 1_200 });
  expect(counts).toContainEqual({ table: 'message', from: 1_200, to: 1_200 });
  expect(counts.every(({ from, to }) => from === to)).toBe(true);
  const [before, after] = [
    await openSqliteStore(path, { mode: 'reader', clock }),
    await openPostgresStore(address, { migrates: true, clock }),
  ];
  const at = T0 + 10_000;
  expect(await after.openTasks({ pendingOnly: true })).toEqual(await before.openTasks({ pendingOnly: true }));
  expect(await after.deliveries({ limit: 2_000 })).toEqual(await before.deliveries({ limit: 2_000 }));
  const { message, attempt } = claimedOf(await after.claim(LANE, at, LEASE_MS, oneEach));
  expect({ key: message.key, attempt }).toEqual({
    key: (await before.deliveries({ limit: 2_000 })).at(-1)?.key,
    attempt: 2,
  });
  await pollThatFinds(after, ['rep-afterwards']);
  expect(await after.openTaskCount('prod')).toBe(1_201);
  await Promise.all([before.close(), after.close()]);
});

test('a copy that was cut off is refused as a store, and goes on with the batch at which it was', async () => {
  await fill();
  let batches = 0;
  const cutOff = copy((table) => {
    if (table === 'task') batches += 1;
    if (batches === 2) throw new Error('cut off');
  });
  await expect(cutOff).rejects.toThrow('cut off');
  await expect(openPostgresStore(address, { migrates: true, clock })).rejects.toThrow(
    /is a copy that was not finished/,
  );
  const tables: string[] = [];
  await copy((table) => tables.push(table));
  expect(tables.filter((table) => table === 'task')).toHaveLength(1);
  expect(tables).not.toContain('account');
});

test('a copy that was cut off begins anew where the store was written since', async () => {
  await fill();
  const cutOff = copy((table) => {
    if (table === 'change') throw new Error('cut off');
  });
  await expect(cutOff).rejects.toThrow('cut off');
  const store = await openSqliteStore(path, { mode: 'owner', clock });
  await pollThatFinds(store, ['rep-00000000x']);
  await store.close();
  const tables: string[] = [];
  const counts = await copy((table) => tables.push(table));
  expect(tables).toContain('account');
  expect(counts).toContainEqual({ table: 'task', from: 1_201, to: 1_201 });
});

test('a database that holds a store is not written over, and a store that runs is not copied', async () => {
  await fill();
  const other = await openPostgresStore(address, { migrates: true, clock });
  await other.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await expect(copy()).rejects.toThrow(/holds a store already/);
  await other.close();
  const running = await openSqliteStore(path, { mode: 'owner', clock });
  await expect(copy()).rejects.toThrow(/is in use by process/);
  await running.close();
});

test('a PostgreSQL store is copied into a file for a dry run, beside whoever writes it', async () => {
  const config = { engine: 'postgres', address } as const;
  const to = join(directory, 'dry.db');
  expect(await copyStore(config, to, clock)).toBe(false);
  const store = await openPostgresStore(address, { migrates: true, clock });
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, ids(3));
  expect(await copyStore(config, to, clock)).toBe(true);
  const copied = await openSqliteStore(to, { mode: 'reader', clock });
  expect(await copied.openTasks({ pendingOnly: true })).toEqual(await store.openTasks({ pendingOnly: true }));
  await Promise.all([copied.close(), store.close()]);
});

test('every table is copied but those that speak of this place and moment', async () => {
  await fill();
  const file = new SqliteFile(path, { readOnly: true, timeoutMs: 0 });
  const tables = file.all(`SELECT name FROM sqlite_master WHERE type = 'table'`).map((row) => text(row, 'name'));
  file.close();
  const left = ['meta', 'migration', 'beat', 'lease'];
  expect(tables.toSorted()).toEqual([...COPIED_TABLES.map(({ name }) => name), ...left].toSorted());
});

test('a store of a newer schema is not copied by a program that does not know all that is in it', async () => {
  await fill();
  const db = new SqliteDatabase(new SqliteFile(path, { readOnly: false, timeoutMs: 0 }));
  await migrate(db, path, [...MIGRATIONS, ADDING], T0);
  await db.close();
  await expect(copy()).rejects.toThrow(
    `The store has schema ${SCHEMA + 1} and its copy would have ${SCHEMA}; use the newer repairwatch that wrote it.`,
  );
});
