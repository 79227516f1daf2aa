import { expect, it } from 'vitest';
import type { Channel, DeliveryOutcome } from '../../../src/channels/channel.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { Message } from '../../../src/model/message.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { StoreError } from '../../../src/store/store-error.ts';
import { createStoreWatch } from '../../../src/watch/store-watch.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { T0, waitingAlerts } from '../../support/store-world.ts';

const never = new AbortController().signal;
const FULL = new Error('The disk of the store is full.');

/** A watch beside a store in memory, which itself can always be written; the test says what writes come to. */
async function setUp(answers: Readonly<Record<string, DeliveryOutcome['outcome'][]>> = {}) {
  const clock = createFakeClock(T0);
  const store = await openMemoryStore(clock);
  return { store, ...beside(clock, store, answers) };
}

function beside(
  clock: FakeClock,
  store: Store,
  answers: Readonly<Record<string, DeliveryOutcome['outcome'][]>>,
  replica: { readonly me: string; serves(channel: string): boolean } | null = null,
) {
  const sent: string[] = [];
  const keys = new Set<string>();
  const channel = (name: string): Channel => ({
    name,
    lane: name,
    limits: { linesPerMessage: 20, idsPerMessage: 500, messagesPerRollUp: 10 },
    minGapMs: 0,
    async deliver({ facts, key }: Message) {
      sent.push(`${name} ${facts.kind === 'operator' ? facts.notices.map(({ code }) => code) : facts.kind}`);
      keys.add(key);
      const outcome = answers[name]?.shift() ?? 'delivered';
      return outcome === 'delivered' ? { outcome, receipt: 'ok' } : { outcome, reason: 'no' };
    },
    probe: async () => ({ ok: true }),
    close: async () => undefined,
  });
  const watch = createStoreWatch({
    clock,
    log: silentLog,
    pollIntervalMs: () => 5 * MINUTE_MS,
    channels: () => [channel('mail'), channel('slack')],
    serves: ({ name }) => replica?.serves(name) ?? false,
    replica: () => replica?.me ?? null,
    keyOf: (parts) => parts.join(' '),
    wake: () => undefined,
  });
  /** Looks every 15 seconds as the service does, each look after a write with that outcome. */
  const goOn = async (ms: number, failure: Error | null) => {
    for (let passed = 0; passed < ms; passed += 15 * SECOND_MS) {
      watch.wrote(failure);
      await watch.look(store, never);
      await clock.advance(15 * SECOND_MS);
    }
  };
  /** The same without time of its own. */
  const look = async (failure: Error | null) => {
    watch.wrote(failure);
    await watch.look(store, never);
  };
  return { clock, watch, sent, keys, goOn, look };
}

it('is told once to each of the operator’s channels, without the store, and its end is recorded for those that were told', async () => {
  const { store, watch, sent, goOn } = await setUp();
  await goOn(5 * MINUTE_MS, FULL);
  expect(watch.isTroubled()).toBe(true);
  expect(sent).toEqual(['mail store-unwritable', 'slack store-unwritable']);
  await goOn(11 * MINUTE_MS, null);
  expect(watch.isTroubled()).toBe(false);
  expect(sent).toHaveLength(2);
  expect(await store.episodes()).toEqual([]);
  expect(await waitingAlerts(store, 'mail')).toMatchObject([
    { subject: { notice: { code: 'store-unwritable', over: true, facts: { since: T0 } } } },
  ]);
});

it('is shown to `health` by the first small write that succeeds', async () => {
  const { clock, store, watch, look } = await setUp();
  let full = true;
  const beat = async (...[shown]: Parameters<Store['beat']>): Promise<void> => {
    if (full) throw FULL;
    await store.beat(shown);
  };
  await look(FULL);
  await clock.advance(30 * SECOND_MS);
  watch.wrote(FULL);
  await watch.look({ ...store, beat }, never);
  expect([watch.isTroubled(), await store.beats()]).toEqual([true, []]);
  full = false;
  await clock.advance(15 * SECOND_MS);
  await watch.look({ ...store, beat }, never);
  const at = T0 + 45 * SECOND_MS;
  expect(await store.beats()).toEqual([{ loop: 'clock', at, withinMs: 0 }]);
  await clock.advance(15 * SECOND_MS);
  await watch.look({ ...store, beat }, never);
  expect(await store.beats()).toMatchObject([{ at }]);
  watch.wrote(null);
  await clock.advance(11 * MINUTE_MS);
  await look(null);
  expect(await store.beats()).toMatchObject([{ at: clock.now(), withinMs: 90 * SECOND_MS }]);
});

it('a lock that another process held for some seconds is no news', async () => {
  const { watch, sent, goOn } = await setUp();
  watch.wrote(FULL);
  await goOn(20 * MINUTE_MS, null);
  expect([watch.isTroubled(), sent]).toEqual([false, []]);
});

it('a disk on which some writes still succeed is trouble as long as others fail', async () => {
  const { watch, sent, goOn } = await setUp();
  for (const _poll of [1, 2, 3]) {
    watch.wrote(FULL);
    await goOn(5 * MINUTE_MS, null);
  }
  expect(watch.isTroubled()).toBe(true);
  expect(sent).toHaveLength(2);
  await goOn(11 * MINUTE_MS, null);
  expect(watch.isTroubled()).toBe(false);
});

it('a server that was away is over half a minute after it is back, however seldom polls are', async () => {
  const { store, watch, sent, goOn } = await setUp();
  await goOn(2 * MINUTE_MS, new StoreError('The store cannot be reached.', { isWhole: true }));
  expect([watch.isTroubled(), sent.length, await store.beats()]).toEqual([true, 2, []]);
  await goOn(45 * SECOND_MS, null);
  expect([watch.isTroubled(), await store.beats()]).toEqual([false, []]);
});

it('a channel that does not take it is asked again under the same key, one that may have is not', async () => {
  const { sent, keys, goOn } = await setUp({ mail: ['unknown'], slack: ['retry', 'down'] });
  await goOn(2 * MINUTE_MS, FULL);
  expect(sent.map((line) => line.split(' ')[0])).toEqual(['mail', 'slack', 'slack', 'slack']);
  expect(keys.size).toBe(2);
});

/** Two replicas; `first` has the lane of the mail and `second` that of Slack, as long as the store can be written. */
async function twoReplicas() {
  const clock = createFakeClock(T0);
  const store = await openMemoryStore(clock);
  let areHeld = true;
  const first = beside(clock, store, {}, { me: 'first', serves: (channel) => areHeld && channel === 'mail' });
  const second = beside(clock, store, {}, { me: 'second', serves: (channel) => areHeld && channel === 'slack' });
  const goOn = async (ms: number, failure: Error | null) => {
    areHeld = failure === null;
    for (let passed = 0; passed < ms; passed += 15 * SECOND_MS) {
      for (const { look } of [first, second]) await look(failure);
      await clock.advance(15 * SECOND_MS);
    }
  };
  const waiting = async (channel: string): Promise<number> => (await waitingAlerts(store, channel, clock.now())).length;
  await goOn(MINUTE_MS, null);
  return { first, second, goOn, waiting };
}

it('of several replicas the one that had a channel tells through it, and each channel hears of the end once', async () => {
  const { first, second, goOn, waiting } = await twoReplicas();
  await goOn(14 * MINUTE_MS, FULL);
  expect([first.sent, second.sent]).toEqual([['mail store-unwritable'], ['slack store-unwritable']]);
  await goOn(11 * MINUTE_MS, null);
  expect([await waiting('mail'), await waiting('slack')]).toEqual([1, 1]);
});

it('after a quarter of an hour the others tell, too, since the one that had the channel may be gone; the end is told once all the same', async () => {
  const { first, second, goOn, waiting } = await twoReplicas();
  await goOn(16 * MINUTE_MS, FULL);
  expect([first.sent, second.sent]).toEqual([
    ['mail store-unwritable', 'slack store-unwritable'],
    ['slack store-unwritable', 'mail store-unwritable'],
  ]);
  await goOn(11 * MINUTE_MS, null);
  expect([await waiting('mail'), await waiting('slack')]).toEqual([1, 1]);
});
