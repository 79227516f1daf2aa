import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS, SCHEMA } from '../../src/store/migrations/all.ts';
import type { Migration } from '../../src/store/migrations/migration.ts';
import { PostgresDatabase } from '../../src/store/postgres-database.ts';
import { openPostgresStore } from '../../src/store/postgres-store.ts';
import { schemaOf } from '../../src/store/schema.ts';
import type { Sql } from '../../src/store/sql.ts';
import { ADDING, BREAKING } from '../support/next-schema.ts';
import { UP_TO_DATE_LISTS, upToDateLists } from '../support/older-store.ts';
import { type PostgresServer, postgresAddress, startPostgres } from '../support/postgres-server.ts';
import { pollThatFinds, T0 } from '../support/store-world.ts';
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

describe('replicas of two versions on one store', () => {
  const now = () => T0;
  const lease = (name: string) => ({ name, lastsMs: YEAR_MS });

  /** A replica of this version at work, and the next one's way to the store. */
  async function setUp() {
    const address = postgresAddress(await server.newStore());
    const open = () => openPostgresStore(address, { migrates: true, clock: { ...systemClock, now } });
    const old = await open();
    await old.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
    const held = await old.acquireLeases('old', [lease('replica old'), lease('accounts k')], T0);
    const db = new PostgresDatabase(address, systemClock);
    const upgrade = (...steps: readonly Migration[]) => migrate(db, address.place, [...MIGRATIONS, ...steps], T0);
    const close = async () => void (await Promise.all([old.close(), db.close()]));
    return { open, old, held, upgrade, close, schema: () => db.read(schemaOf) };
  }

  test('the older goes on, and may start again, where the newer only adds', async () => {
    const { open, old, held, upgrade, close, schema } = await setUp();
    await Promise.all([upgrade(ADDING), upgrade(ADDING), pollThatFinds(old, ['rep-a'])]);
    expect(await schema()).toEqual({ version: SCHEMA + 1, compatibleFrom: SCHEMA });
    expect(
      await old.renewLeases(
        held.map((one) => ({ ...one, ...lease(one.name) })),
        T0,
      ),
    ).toEqual(held);
    await pollThatFinds(old, ['rep-b']);
    const again = await open();
    await pollThatFinds(again, ['rep-c']);
    expect(await old.openTaskCount('prod')).toBe(3);
    expect(await schema()).toMatchObject({ version: SCHEMA + 1 });
    await again.close();
    await close();
  });

  test('what the older could not live with waits until it has ended, and keeps it out from then on', async () => {
    const { open, old, held, upgrade, close, schema } = await setUp();
    await expect(upgrade(ADDING, BREAKING)).rejects.toThrow(
      `is worked on by old, an older repairwatch (schema ${SCHEMA}) that could not go on with schema ${SCHEMA + 2}; stop every replica of an older version first, then start this one.`,
    );
    expect(await schema()).toMatchObject({ version: SCHEMA + 1 });
    await pollThatFinds(old, ['rep-a']);
    await old.releaseLeases(held);
    await upgrade(ADDING, BREAKING);
    const tooNew = `has schema ${SCHEMA + 2}, newer than this program's ${SCHEMA};`;
    await expect(old.acquireLeases('old', [lease('accounts k')], T0)).rejects.toThrow(tooNew);
    await expect(open()).rejects.toThrow(tooNew);
    // As one that slept through all of it would: its leases were not taken by anybody.
    const asleep = old.within({ current: () => held[1] ?? null, lost: () => undefined });
    await expect(asleep.beat({ loop: 'polls prod', at: T0, withinMs: 1 })).rejects.toThrow(/was refused/);
    await close();
  });
});

test('an older store is given what lists are read by', async () => {
  const db = new PostgresDatabase(postgresAddress(await server.newStore()), systemClock);
  expect(await upToDateLists(db)).toEqual(UP_TO_DATE_LISTS);
  await db.close();
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
