import { expect, it } from 'vitest';
import type { DeliveryOutcome } from '../../../src/channels/channel.ts';
import { SECOND_MS } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createLane } from '../../../src/outbox/lane.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { pollThatFinds, T0 } from '../../support/store-world.ts';

/** A lane whose one message is on its way, and a second that waits. */
async function setUp() {
  const clock = createFakeClock(T0);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: answer, resolve } = Promise.withResolvers<DeliveryOutcome>();
  let deliveries = 0;
  const channel = {
    name: 'slack',
    lane: 'ops',
    limits: { linesPerMessage: 20, idsPerMessage: 200, messagesPerRollUp: 4 },
    minGapMs: SECOND_MS,
    deliver() {
      deliveries += 1;
      begin();
      return answer;
    },
    probe: async () => ({ ok: true as const }),
    close: async () => undefined,
  };
  const lane = createLane('ops', [channel], {
    ...{ store, clock, random: () => 0.5, log: silentLog, operatorChannels: ['slack'], others: [] },
    wakeAll: () => undefined,
    beat: () => undefined,
  });
  const stop = new AbortController();
  return { clock, store, lane, stop, begun, answer: resolve, deliveries: () => deliveries };
}

it('a lane that is to rest settles the message on its way, and begins no other', async () => {
  const { clock, store, lane, stop, begun, answer, deliveries } = await setUp();
  await pollThatFinds(store, ['rep-1']);
  const running = lane.run(stop.signal);
  await clock.advance(0);
  await begun;
  await pollThatFinds(store, ['rep-2']);
  let rested = false;
  const resting = lane.rest().then(() => {
    rested = true;
  });
  await clock.advance(10 * SECOND_MS);
  expect(rested).toBe(false);
  answer({ outcome: 'delivered', receipt: 'ok' });
  await resting;
  await clock.advance(60 * SECOND_MS);
  expect(deliveries()).toBe(1);
  expect((await store.backlog()).waiting).toBe(1);
  stop.abort();
  await running;
});

it('one that is idle, or has not begun, rests at once', async () => {
  const { lane, stop, deliveries } = await setUp();
  await lane.rest();
  const running = lane.run(stop.signal);
  await lane.rest();
  expect(deliveries()).toBe(0);
  stop.abort();
  await running;
});
