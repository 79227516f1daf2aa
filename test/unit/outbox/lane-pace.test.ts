import { expect, it } from 'vitest';
import type { Channel } from '../../../src/channels/channel.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { createLane } from '../../../src/outbox/lane.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { pollThatFinds, T0 } from '../../support/store-world.ts';

const GAP_MS = 1_000;
const never = new AbortController().signal;

it('two messages of a lane arrive its gap apart, however long the first was on its way', async () => {
  const clock = createFakeClock(T0);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, ['rep-a', 'rep-b', 'rep-c']);
  const arrived: number[] = [];
  const onTheWay = [900, 1, 1];
  const channel: Channel = {
    name: 'slack',
    lane: 'slack',
    limits: { linesPerMessage: 20, idsPerMessage: 500, messagesPerRollUp: 10 },
    minGapMs: GAP_MS,
    async deliver() {
      await clock.sleep(onTheWay[arrived.length] ?? 0, never);
      arrived.push(clock.monotonic());
      return { outcome: 'delivered', receipt: 'ok' };
    },
    probe: async () => ({ ok: true }),
    close: async () => undefined,
  };
  const deps = { store, clock, random: () => 0.5, log: silentLog, operatorChannels: [], others: [] };
  const lane = createLane('slack', [channel], { ...deps, wakeAll: () => undefined, beat: () => undefined });
  for (const _message of onTheWay) await clock.drive(lane.step(never));
  const gaps = arrived.slice(1).map((at, before) => at - (arrived[before] ?? at));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(GAP_MS);
});
