import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import { createWaitingWatch } from '../../../src/watch/waiting.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { claimedOf, LANE, LEASE_MS, oneEach, pollThatFinds, T0, waitingAlerts } from '../../support/store-world.ts';

/** A task has waited for Slack for an hour already when the watch begins. */
async function setUp(sinceEver = false) {
  const clock = createFakeClock(T0 + HOUR_MS);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, ['rep-a']);
  const lanes = [
    { channels: ['slack'], others: ['mail'] },
    { channels: ['mail'], others: ['slack'] },
  ];
  const look = createWaitingWatch({ store, clock, lanes, wake: () => undefined }, { sinceEver });
  const codes = async () => (await store.episodes()).map(({ code, subject }) => `${code} ${subject}`);
  const deliver = async () => {
    const claimed = claimedOf(await store.claim(LANE, clock.now(), LEASE_MS, oneEach));
    await store.settle(claimed, { state: 'delivered', at: clock.now(), receipt: 'ok' });
  };
  const heard = async () =>
    (await waitingAlerts(store, 'mail', clock.now())).map(
      ({ subject }) => subject.kind === 'operator' && [subject.notice.code, subject.notice.over],
    );
  return { clock, store, look, codes, deliver, heard };
}

it('what has waited half an hour since the start is told once through another lane, and once when nothing does any more', async () => {
  const { clock, look, codes, deliver, heard } = await setUp();
  await look();
  await clock.advance(29 * MINUTE_MS);
  await look();
  expect(await codes()).toEqual([]);
  await clock.advance(2 * MINUTE_MS);
  await look();
  await look();
  expect(await codes()).toEqual(['messages-waiting slack']);
  await deliver();
  await look();
  expect(await heard()).toEqual([
    ['messages-waiting', false],
    ['messages-waiting', true],
  ]);
});

it('a channel that empties meanwhile alarms nobody, though what comes next is as old', async () => {
  const { clock, store, look, codes, deliver } = await setUp();
  await look();
  await clock.advance(20 * MINUTE_MS);
  await deliver();
  await look();
  await pollThatFinds(store, ['rep-b']);
  await look();
  await clock.advance(20 * MINUTE_MS);
  await look();
  expect(await codes()).toEqual([]);
});

it('a lane that is told as down already is not told twice', async () => {
  const { clock, store, look, codes } = await setUp();
  await store.raise({ at: T0, code: 'lane-down', subject: 'slack', facts: { channel: 'slack' } }, []);
  await look();
  await clock.advance(HOUR_MS);
  await look();
  expect(await codes()).toEqual(['lane-down slack']);
});

it('`once`, which has just tried everything, tells at once of what is older', async () => {
  const { look, codes } = await setUp(true);
  await look();
  expect(await codes()).toEqual(['messages-waiting slack']);
});
