import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
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
