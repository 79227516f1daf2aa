import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { PostgresDatabase } from '../../src/store/postgres-database.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
import type { Sql } from '../../src/store/sql.ts';
import { type PostgresServer, postgresAddress, startPostgres } from '../support/postgres-server.ts';
import { T0 } from '../support/store-world.ts';
import { describeStore } from './store.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

describeStore('PostgreSQL', async () => {
  return openPostgresStore(postgresAddress(await server.newStore()), {
    migrates: true,
    clock: { ...systemClock, now: () => T0 },
  });
});

test('hosts whose clocks disagree share leases by the clock of the server', async () => {
  const address = postgresAddress(await server.newStore());
  const openAt = (now: number) =>
    openPostgresStore(address, { migrates: true, clock: { ...systemClock, now: () => now } });
  const [slow, fast] = [await openAt(T0), await openAt(T0 + YEAR_MS)];
  const wanted = [{ name: 'lane x', lastsMs: 60_000 }];
  expect(await slow.acquireLeases('slow', wanted, T0)).toHaveLength(1);
  expect(await fast.acquireLeases('fast', wanted, T0 + YEAR_MS)).toEqual([]);
  const [a] = await slow.leases(T0);
  const [b] = await fast.leases(T0 + YEAR_MS);
  expect(b?.leftMs).toBeGreaterThan(0);
  expect(b?.leftMs).toBeLessThanOrEqual(a?.leftMs ?? 0);
  await Promise.all([slow.close(), fast.close()]);
});

test('two replicas that start at once make the tables once', async () => {
  const address = postgresAddress(await server.newStore());
  const stores = await Promise.all(
    [1, 2, 3].map(() => openPostgresStore(address, { migrates: true, clock: { ...systemClock, now: () => T0 } })),
  );
  for (const store of stores) await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  expect(await stores[0]?.accounts()).toHaveLength(1);
  await Promise.all(stores.map((store) => store.close()));
});

test('a writer that falls silent in its transaction holds nobody up for long, and is tried again', async () => {
  const address = postgresAddress(await server.newStore());
  const open = (idleMs?: number) => new PostgresDatabase(address, systemClock, undefined, undefined, idleMs);
  const [silent, other] = [open(200), open()];
  await other.write((sql) => sql.run('CREATE TABLE line (who TEXT NOT NULL)'));
  const says = (who: string) => (sql: Sql) => sql.run('INSERT INTO line (who) VALUES ($1)', [who]);
  const entered = Promise.withResolvers<void>();
  const otherDone = Promise.withResolvers<void>();
  let tries = 0;
  const first = silent.write(async (sql) => {
    tries += 1;
    await says('silent')(sql);
    entered.resolve();
    await otherDone.promise;
    return sql.run('SELECT 1');
  });
  await entered.promise;
  await other.write(says('other'));
  otherDone.resolve();
  await first;
  const lines = await other.read((sql) => sql.all('SELECT who FROM line ORDER BY who'));
  expect({ tries, lines }).toEqual({ tries: 2, lines: [{ who: 'other' }, { who: 'silent' }] });
  await Promise.all([silent.close(), other.close()]);
});
