import { beforeEach, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import type { OperatorNotice } from '../../../src/model/alert.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createHostClock, type HostClock } from '../../../src/watch/host-clock.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { waitingAlerts } from '../../support/store-world.ts';

let clock: FakeClock;
let store: Store;
let wakes: number;

beforeEach(async () => {
  clock = createFakeClock(Date.UTC(2026, 10, 24, 12));
  store = await openMemoryStore(clock);
  wakes = 0;
});

function watchOn(host: string, shared = false): HostClock {
  const { raise, over, episodes } = store;
  const wake = (): void => {
    wakes += 1;
  };
  return createHostClock({ store: { raise, over, episodes, shared }, clock, host, operatorChannels: ['ops'], wake });
}

async function told(): Promise<readonly OperatorNotice[]> {
  const waiting = await waitingAlerts(store, 'ops', clock.now());
  return waiting.flatMap(({ subject }) => (subject.kind === 'operator' ? [subject.notice] : []));
}

it('a clock that is off is one notice, however many accounts show it, and one when it is right again', async () => {
  const watch = watchOn('node-1');
  const accounts = Array.from({ length: 20 }, (_, i) => `shop-${i}`);
  for (const [i, account] of accounts.entries()) watch.saw(account, i === 0 ? 0 : 10 * MINUTE_MS + i);
  for (let looks = 0; looks < 3; looks += 1) await watch.look();
  expect(await told()).toMatchObject([
    {
      code: 'clock-off',
      over: false,
      facts: { host: 'node-1', count: 19, accounts: 20, offsetMs: 10 * MINUTE_MS + 10 },
    },
  ]);
  for (let polls = 0; polls < 3; polls += 1) {
    expect((await told()).map(({ over }) => over)).toEqual([false]);
    for (const account of accounts.slice(1)) watch.saw(account, -900);
    for (let looks = 0; looks < 3; looks += 1) await watch.look();
  }
  expect((await told()).map(({ over }) => over)).toEqual([false, true]);
  expect(wakes).toBe(2);
});

it.each([2, 3])('an API of which one server of %d has a wrong clock is one notice', async (servers) => {
  const watch = watchOn('node-1');
  for (let polls = 0; polls < 288; polls += 1) {
    watch.saw('prod', polls % servers === 0 ? 10 * MINUTE_MS : 0);
    await watch.look();
    await clock.advance(5 * MINUTE_MS);
  }
  expect((await told()).map(({ over }) => over)).toEqual([false]);
});

it('one that answers so now and then is believed less each time that it is back, and anew after a quiet day', async () => {
  const watch = watchOn('node-1');
  const play = async (polls: number, every: number): Promise<void> => {
    for (let poll = 0; poll < polls; poll += 1) {
      watch.saw('prod', poll % every === 0 ? 10 * MINUTE_MS : 0);
      await watch.look();
      await clock.advance(5 * MINUTE_MS);
    }
  };
  await play(2 * 288, 10);
  // After three sound polls, after six, and then no more: there are never twelve in a row.
  expect((await told()).map(({ over }) => over)).toEqual([false, true, false, true, false]);
  await play(2 * 288, Number.POSITIVE_INFINITY);
  expect(await told()).toHaveLength(6);
  await play(4, Number.POSITIVE_INFINITY);
  expect((await told()).map(({ over }) => over).slice(6)).toEqual([false, true]);
});

it('and where each run is a process of its own, which knows only what is stored', async () => {
  for (let polls = 0; polls < 288; polls += 1) {
    const watch = watchOn('node-1');
    watch.saw('prod', polls % 8 === 0 ? 10 * MINUTE_MS : 0);
    await watch.look();
    await clock.advance(5 * MINUTE_MS);
  }
  expect((await told()).map(({ over }) => over)).toEqual([false]);
});

it('a clock that was set is right at once', async () => {
  const watch = watchOn('node-1');
  watch.saw('prod', 10 * MINUTE_MS);
  await watch.look();
  clock.jumpWall(10 * MINUTE_MS);
  watch.forget();
  await watch.look();
  expect((await told()).map(({ over }) => over)).toEqual([false]);
  watch.saw('prod', 0);
  await watch.look();
  expect((await told()).map(({ over }) => over)).toEqual([false, true]);
});

it('where two APIs disagree it is behind the one and ahead of the other', async () => {
  const watch = watchOn('node-1');
  watch.saw('prod', 10 * MINUTE_MS);
  watch.saw('test', -10 * MINUTE_MS);
  await watch.look();
  expect((await told()).map(({ subject }) => subject)).toEqual(['node-1 behind', 'node-1 ahead']);
});

it('before anything was read, and after the clock was set, it says nothing', async () => {
  const watch = watchOn('node-1');
  await watch.look();
  watch.saw('prod', HOUR_MS);
  watch.forget();
  await watch.look();
  expect(await told()).toEqual([]);
});

it('the clock of a host that is gone is over at once where the store is one host’s, else after three hours', async () => {
  const [before, other] = [watchOn('node-1', true), watchOn('node-2', true)];
  before.saw('prod', HOUR_MS);
  await before.look();
  other.saw('prod', 0);
  await other.look();
  await clock.advance(2 * HOUR_MS);
  await before.look();
  await clock.advance(2 * HOUR_MS);
  await other.look();
  expect((await told()).map(({ over }) => over)).toEqual([false]);
  await clock.advance(2 * HOUR_MS);
  await other.look();
  expect((await told()).map(({ over }) => over)).toEqual([false, true]);
  await before.look();
  const alone = watchOn('node-3');
  alone.saw('prod', 0);
  await alone.look();
  expect(await store.episodes()).toEqual([]);
});
