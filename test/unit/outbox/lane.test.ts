import { expect, it } from 'vitest';
import type { Channel, DeliveryOutcome } from '../../../src/channels/channel.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import type { MessageFacts } from '../../../src/model/message.ts';
import { createLane } from '../../../src/outbox/lane.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { StoreError } from '../../../src/store/store-error.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { pollThatFinds, T0 } from '../../support/store-world.ts';

const never = new AbortController().signal;
/** As often as this an idle lane is looked at here; the real one looks more often. */
const IDLE_MS = MINUTE_MS;

function channelThat(deliver: Channel['deliver'], probe: Channel['probe'] = async () => ({ ok: true })): Channel {
  return {
    name: 'slack',
    lane: 'slack',
    limits: { linesPerMessage: 20, idsPerMessage: 500, messagesPerRollUp: 10 },
    minGapMs: 0,
    deliver,
    probe,
    close: async () => undefined,
  };
}

/** A lane of one channel over a store in which these tasks wait to be told; the operator hears through another channel. */
async function setUp(tasks: readonly string[], deliver: Channel['deliver'], probe?: Channel['probe']) {
  const clock = createFakeClock(T0);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, tasks);
  const laneOver = (used: Store, maySend?: () => void) =>
    createLane('slack', [channelThat(deliver, probe)], {
      maySend,
      store: used,
      clock,
      random: () => 0.5,
      log: silentLog,
      operatorChannels: ['mail'],
      others: ['mail'],
      wakeAll: () => undefined,
      beat: () => undefined,
    });
  return { clock, store, laneOver, lane: laneOver(store) };
}

/** Steps once for each wait that the lane asks for. */
async function tryFor(lane: ReturnType<typeof createLane>, clock: FakeClock, ms: number): Promise<void> {
  const end = clock.now() + ms;
  while (clock.now() < end) {
    const step = await clock.drive(lane.step(never));
    if (step.did === 'nothing')
      await clock.advance(Math.max(SECOND_MS, (step.nextAt ?? clock.now() + IDLE_MS) - clock.now()));
  }
}

const codes = async (store: Store) => (await store.episodes()).map(({ code }) => code);

it('a channel that throws on a message does not stop the lane: it is tried as plain text, then dead and told', async () => {
  const { lane, store, clock } = await setUp(['rep-a', 'rep-b'], async ({ facts }) => {
    if (facts.kind === 'task' && facts.entry.task.taskId === 'rep-a') throw new Error('a bug');
    return { outcome: 'delivered', receipt: 'ok' };
  });
  const step = () => clock.drive(lane.step(never));
  const steps = [await step(), await step(), await step()];
  expect(steps).toMatchObject([{ state: 'waiting' }, { state: 'dead' }, { state: 'delivered' }]);
  expect(await codes(store)).toEqual(['message-dead']);
});

it('a lane that has delivered nothing for a quarter of an hour is told as down, and as well once it delivers', async () => {
  let outcome: DeliveryOutcome = { outcome: 'retry', reason: 'HTTP 503' };
  const { lane, store, clock } = await setUp(['rep-a'], async () => outcome);
  await tryFor(lane, clock, 14 * MINUTE_MS);
  expect(await codes(store)).toEqual([]);
  await tryFor(lane, clock, 10 * MINUTE_MS);
  expect(await codes(store)).toEqual(['lane-down']);
  outcome = { outcome: 'delivered', receipt: 'ok' };
  await tryFor(lane, clock, 10 * MINUTE_MS);
  expect(await codes(store)).toEqual([]);
});

it('a try that a stop cut off waits for nothing at the next start, however often that happens', async () => {
  const { laneOver, store, clock } = await setUp(
    ['rep-a'],
    (_message, signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ outcome: 'unknown', reason: 'stopped before an answer' })),
      ),
  );
  for (let start = 1; start <= 9; start += 1) {
    const stop = new AbortController();
    const step = laneOver(store).step(stop.signal);
    await clock.advance(SECOND_MS);
    stop.abort();
    expect(await clock.drive(step)).toMatchObject({ did: 'sent', state: 'unknown' });
    expect(await store.deliveries({ limit: 1 })).toMatchObject([
      { state: 'unknown', attempts: start, nextAt: clock.now() },
    ]);
  }
});

it('a dead message is told even when the process ends at that very moment', async () => {
  const { laneOver, store, clock } = await setUp(['rep-a'], async () => ({ outcome: 'rejected', reason: 'no' }));
  const ends: Store = { ...store, raise: () => Promise.reject(new Error('killed')) };
  const before = laneOver(ends);
  await clock.drive(before.step(never));
  await expect(clock.drive(before.step(never))).rejects.toThrow('killed');
  await store.recoverMessages(clock.now());
  await clock.drive(laneOver(store).step(never));
  expect(await codes(store)).toEqual(['message-dead']);
});

it('a lane whose lease ended before its claim was answered sends nothing, and whoever has it next does', async () => {
  const sent: string[] = [];
  const { laneOver, store, clock } = await setUp(['rep-a'], async ({ key }) => {
    sent.push(key);
    return { outcome: 'delivered', receipt: 'ok' };
  });
  const ended = laneOver(store, () => {
    throw new Error('its lease has ended');
  });
  await expect(clock.drive(ended.step(never))).rejects.toThrow('its lease has ended');
  expect(sent).toEqual([]);
  await store.recoverMessages(clock.now());
  expect(await clock.drive(laneOver(store).step(never))).toMatchObject({ did: 'sent', state: 'delivered' });
  expect(sent).toHaveLength(1);
});

it('a lane whose store is in trouble records what it learnt as soon as it can: nothing is repeated, nothing waits for a lease', async () => {
  const sent: string[] = [];
  const { laneOver, store, clock } = await setUp(['rep-a', 'rep-b'], async ({ key }) => {
    sent.push(key);
    return { outcome: 'delivered', receipt: 'ok' };
  });
  const awayUntil = clock.now() + 12 * SECOND_MS;
  const troubled: Store = {
    ...store,
    settle: (...args) =>
      clock.now() < awayUntil ? Promise.reject(new StoreError('the store is away')) : store.settle(...args),
  };
  const stop = new AbortController();
  const running = laneOver(troubled).run(stop.signal);
  await clock.advance(30 * SECOND_MS);
  expect(new Set(sent).size).toBe(2);
  expect(sent).toHaveLength(2);
  expect(await store.backlog()).toMatchObject({ waiting: 0 });
  stop.abort();
  await running;
});

it('a lane that is to rest while its store is in trouble does not wait for it', async () => {
  const { laneOver, store, clock } = await setUp(['rep-a'], async () => ({ outcome: 'delivered', receipt: 'ok' }));
  const lane = laneOver({ ...store, settle: () => Promise.reject(new StoreError('the store is away')) });
  const stop = new AbortController();
  const running = lane.run(stop.signal);
  await clock.advance(SECOND_MS);
  await lane.rest();
  stop.abort();
  await running;
  expect(await store.deliveries({ limit: 1 })).toMatchObject([{ state: 'sending' }]);
});

it('an idle lane is probed soon after the start and then daily, but not while it delivers', async () => {
  const probes: number[] = [];
  const { lane, clock } = await setUp(
    ['rep-a'],
    async () => ({ outcome: 'delivered', receipt: 'ok' }),
    async () => {
      probes.push(clock.now() - T0);
      return { ok: true };
    },
  );
  await tryFor(lane, clock, 2 * DAY_MS);
  expect(probes.map((at) => Math.floor(at / DAY_MS))).toEqual([1]);
});

it('an idle lane whose hook is gone is told after a quarter of an hour of probes, and as well once one succeeds', async () => {
  let gone = true;
  const probe: Channel['probe'] = async () => (gone ? { ok: false, reason: 'no_service' } : { ok: true });
  const { lane, store, clock } = await setUp([], async () => ({ outcome: 'delivered', receipt: 'ok' }), probe);
  await tryFor(lane, clock, 20 * MINUTE_MS);
  expect(await codes(store)).toEqual([]);
  await tryFor(lane, clock, 10 * MINUTE_MS);
  expect(await store.episodes()).toMatchObject([{ code: 'lane-down', subject: 'slack' }]);
  gone = false;
  await tryFor(lane, clock, 10 * MINUTE_MS);
  expect(await codes(store)).toEqual([]);
});

it('a lane that something waits for is not probed: the message itself is the question', async () => {
  let probed = false;
  const { lane, clock } = await setUp(
    ['rep-a'],
    async () => ({ outcome: 'retry', reason: 'HTTP 503' }),
    async () => {
      probed = true;
      return { ok: true };
    },
  );
  await tryFor(lane, clock, 2 * 60 * MINUTE_MS);
  expect(probed).toBe(false);
});

it('a lane that was down and has nothing more to say is asked soon, so that it is not told as down for a day', async () => {
  const probes: number[] = [];
  const { lane, store, clock } = await setUp(
    ['rep-a'],
    async () => ({ outcome: 'down', reason: 'no_service' }),
    async () => {
      probes.push(clock.now() - T0);
      return { ok: true };
    },
  );
  await clock.drive(lane.step(never));
  expect(await codes(store)).toEqual(['lane-down']);
  const target = { kind: 'task', account: 'prod', taskId: 'rep-a' } as const;
  await store.mute({ target, dataLoss: true, by: null, reason: 'moved', until: T0 + DAY_MS }, clock.now());
  await tryFor(lane, clock, 20 * MINUTE_MS);
  expect(await codes(store)).toEqual([]);
  expect(probes).toHaveLength(1);
});

it('after 24 hours of tries a message is dead and told, and the next one has its own 24 hours', async () => {
  const { lane, store, clock } = await setUp(['rep-a', 'rep-b'], async () => ({
    outcome: 'retry',
    reason: 'HTTP 503',
  }));
  await tryFor(lane, clock, DAY_MS - 10 * MINUTE_MS);
  expect(await codes(store)).toEqual(['lane-down']);
  await tryFor(lane, clock, 20 * MINUTE_MS);
  expect(await codes(store)).toEqual(['lane-down', 'message-dead']);
  expect((await store.deliveries({ limit: 9 })).map(({ state, reason }) => [state, reason])).toEqual([
    ['waiting', 'HTTP 503'],
    ['dead', 'not delivered within 24 h: HTTP 503'],
  ]);
});

it('while its lane is down nothing ages: after three days one roll-up tells all of it at once', async () => {
  let gone = true;
  const sent: MessageFacts[] = [];
  const { lane, store, clock } = await setUp(['rep-a'], async (message) => {
    if (gone) return { outcome: 'down', reason: 'no_service' };
    sent.push(message.facts);
    return { outcome: 'delivered', receipt: 'ok' };
  });
  await tryFor(lane, clock, 2 * DAY_MS);
  await pollThatFinds(store, ['rep-b']);
  await tryFor(lane, clock, DAY_MS);
  expect(await codes(store)).toEqual(['lane-down']);
  gone = false;
  await tryFor(lane, clock, 5 * MINUTE_MS);
  expect(sent).toMatchObject([
    { kind: 'roll-up', reason: 'returned', outage: { since: T0, why: 'down' }, totals: { tasks: 2, passed: 0 } },
  ]);
  expect(await codes(store)).toEqual([]);
});
