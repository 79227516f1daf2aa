import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { runOnce } from '../../../src/once.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import { watchStaleness } from '../../../src/watch/staleness.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { pollThatFinds, T0 } from '../../support/store-world.ts';

/** An account that was read completely an hour ago, and a process that began just now. */
async function setUp() {
  const clock = createFakeClock(T0 + HOUR_MS);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, []);
  const shared = { store, clock, log: silentLog, operatorChannels: ['ops'], pollIntervalMs: 5 * MINUTE_MS };
  const deps = { ...shared, wake: () => undefined, runningSince: clock.now() };
  return { store, clock, deps };
}

it('a service that begins anew gives the account its chance before it calls it stale', async () => {
  const { store, clock, deps } = await setUp();
  expect(await watchStaleness(deps)).toBe(false);
  expect(await store.episodes()).toEqual([]);
  await clock.advance(16 * MINUTE_MS);
  await watchStaleness(deps);
  expect(await store.episodes()).toMatchObject([{ code: 'poll-stale', subject: 'prod' }]);
});

it('a reading of an hour ahead was made before the clock was set back: it does not hide for an hour that the polls fail', async () => {
  const { store, clock, deps } = await setUp();
  clock.jumpWall(-2 * HOUR_MS);
  const since = clock.now();
  await clock.advance(16 * MINUTE_MS);
  expect(await watchStaleness({ ...deps, runningSince: since })).toBe(false);
  expect(await store.episodes()).toMatchObject([{ code: 'poll-stale', subject: 'prod' }]);
});

it('`once`, whose every run begins anew, tells of an account that its runs could not read', async () => {
  const { store, clock, deps } = await setUp();
  const app = {
    ...deps,
    heartbeat: null,
    pollers: [],
    lanes: [],
    digests: { ...deps, digests: [] },
    silences: { ...deps, route: () => ({ matched: true, channels: [] }), channels: [] },
    reminders: { ...deps, ladder: () => new Map() },
    staleness: deps,
  };
  await clock.drive(runOnce(app, new AbortController().signal));
  expect(await store.episodes()).toMatchObject([{ code: 'poll-stale', subject: 'prod' }]);
});
