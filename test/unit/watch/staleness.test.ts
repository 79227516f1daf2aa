import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { runOnce } from '../../../src/once.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import { createHostClock } from '../../../src/watch/host-clock.ts';
import { watchStaleness } from '../../../src/watch/staleness.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { pollEnd, pollThatFinds, T0, waitingAlerts } from '../../support/store-world.ts';

/** An account that was read completely an hour ago, and a process that began just now. */
async function setUp() {
  const clock = createFakeClock(T0 + HOUR_MS);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, []);
  const shared = { store, clock, log: silentLog, operatorChannels: ['ops'], intervalOf: () => 5 * MINUTE_MS };
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

it('an account that is polled once a day is stale after three days, whatever the others do', async () => {
  const { store, clock, deps } = await setUp();
  const intervalOf = (account: string) => (account === 'prod' ? 24 * HOUR_MS : 5 * MINUTE_MS);
  await clock.advance(48 * HOUR_MS);
  expect(await watchStaleness({ ...deps, intervalOf })).toBe(true);
  await clock.advance(26 * HOUR_MS);
  expect(await watchStaleness({ ...deps, intervalOf })).toBe(false);
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
    waiting: { ...deps, lanes: [] },
    hostClock: createHostClock({ ...deps, host: 'node-1' }),
  };
  await clock.drive(runOnce(app, new AbortController().signal));
  expect(await store.episodes()).toMatchObject([{ code: 'poll-stale', subject: 'prod' }]);
});

it('says why the last poll was not whole, so that the remedy is at hand', async () => {
  const { store, clock, deps } = await setUp();
  await clock.advance(16 * MINUTE_MS);
  const failed = async (kind: 'poll' | 'backfill', reason: string) => {
    const { poll } = await store.beginPoll('prod', kind, clock.now());
    await store.endPoll(poll, pollEnd({ endedAt: clock.now(), result: 'incomplete', reason }));
  };
  await failed('poll', 'the reason before');
  await failed('poll', 'DescribeTaskInfo refused the request; check the region');
  await failed('backfill', 'of no matter');
  await store.beginPoll('prod', 'poll', clock.now());
  await watchStaleness(deps);
  const facts = { lastComplete: T0 + 1000, reason: 'DescribeTaskInfo refused the request; check the region' };
  expect(await waitingAlerts(store, 'ops', clock.now())).toMatchObject([
    { subject: { notice: { code: 'poll-stale', facts } } },
  ]);
});

it('tells no second time of an account that is blocked, though nothing is well', async () => {
  const { store, clock, deps } = await setUp();
  await store.raise({ at: clock.now(), code: 'account-blocked', subject: 'prod', facts: {} }, ['ops']);
  await clock.advance(16 * MINUTE_MS);
  expect(await watchStaleness(deps)).toBe(false);
  expect((await store.episodes()).map(({ code }) => code)).toEqual(['account-blocked']);
  await store.over('account-blocked', 'prod', clock.now(), ['ops']);
  expect(await watchStaleness(deps)).toBe(false);
  expect((await store.episodes()).map(({ code }) => code)).toEqual(['poll-stale']);
});
