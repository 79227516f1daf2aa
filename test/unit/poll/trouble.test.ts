import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { audit } from '../../../src/poll/audit.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { Priority, TaskReader } from '../../../src/poll/task-reader.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import type { Store } from '../../../src/store/store.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';
import { waitingAlerts } from '../../support/store-world.ts';

const never = new AbortController().signal;

it('a walk whose store fails stops in all of its ranges before it says so', async () => {
  const world = new ModelWorld(NOW);
  const random = seededRandom(3);
  for (let made = 0; made < 20_000; made += 1)
    world.birth(NOW - DAY_MS - Math.floor(random() * 28 * 86_400) * SECOND_MS, 3);
  const kit = await pollKit({
    async read(query) {
      for (let turns = Math.floor(random() * 5); turns >= 0; turns -= 1) await new Promise(setImmediate);
      return world.read(query);
    },
  });
  await poll(kit.account, kit.deps, never);
  let commits = 0;
  const store: Store = {
    ...kit.store,
    async commitPage(...page) {
      commits += 1;
      if (commits === 60) throw new Error('the disk is full');
      return kit.store.commitPage(...page);
    },
  };
  await expect(backfill(kit.account, { ...kit.deps, store }, never)).rejects.toThrow('the disk is full');
  const then = { commits, requests: world.requests };
  for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
  expect({ commits, requests: world.requests }).toEqual(then);
});

it('a poll whose store fails is ended in the ledger, and what it committed is told', async () => {
  const world = new ModelWorld(NOW);
  world.birth(NOW - DAY_MS);
  const kit = await pollKit(world);
  const store = { ...kit.store, finishLive: () => Promise.reject(new Error('the disk is full')) };
  await expect(poll(kit.account, { ...kit.deps, store }, never)).rejects.toThrow('the disk is full');
  expect(await kit.store.polls({ limit: 1 })).toMatchObject([{ result: 'interrupted', endedAt: NOW }]);
  expect(await waitingAlerts(kit.store, 'ops', NOW)).toHaveLength(1);
});

it('a row that cannot be read is told, and the next one after every row could be read again is told too', async () => {
  const world = new ModelWorld(NOW);
  let bad = false;
  const kit = await pollKit({
    async read(query) {
      const answer = await world.read(query);
      if (!answer.ok || !bad) return answer;
      const { page } = answer;
      const row = { taskId: 'rep-bad', raw: '{}', problem: 'TaskStatus is missing' };
      return { ...answer, page: { ...page, totalCount: page.totalCount + 1, bad: [row] } };
    },
  });
  const see = () => poll(kit.account, kit.deps, never);
  await see();
  await backfill(kit.account, kit.deps, never);
  for (const spoilt of [true, true, false, true]) {
    bad = spoilt;
    await see();
  }
  expect(await waitingAlerts(kit.store, 'ops', NOW)).toHaveLength(3);
});

/** The world until so many requests of this priority were made; then they are stopped, each after a throttled try. */
function stoppable(world: ModelWorld, priority: Priority, afterRequests: number): [TaskReader, AbortController] {
  const stop = new AbortController();
  let made = 0;
  const reader: TaskReader = {
    async read(query, asked, signal, stopped) {
      if (asked === priority) made += 1;
      if (made > afterRequests) stop.abort();
      if (!signal.aborted) return world.read(query);
      stopped?.({ requests: 2, throttles: 1 });
      throw signal.reason;
    },
  };
  return [reader, stop];
}

describe('a reading that is stopped says in the ledger what it did by then', () => {
  const reason = 'the service was stopped';
  let world: ModelWorld;

  beforeEach(() => {
    world = new ModelWorld(NOW);
    for (let made = 0; made < 450; made += 1) world.birth(NOW - 20 * DAY_MS + made * 600 * SECOND_MS, 3);
  });

  it('a backfill', async () => {
    const [reader, stop] = stoppable(world, 'backfill', 2);
    const kit = await pollKit(reader);
    await poll(kit.account, kit.deps, never);
    await expect(backfill(kit.account, kit.deps, stop.signal)).rejects.toThrow();
    expect(await kit.store.polls({ limit: 1 })).toMatchObject([
      {
        kind: 'backfill',
        result: 'interrupted',
        reason,
        requests: 4,
        retries: 1,
        throttles: 1,
        sets: [{ set: 'backfill', complete: false, reason, requests: 4, distinct: 198, totalCount: 450 }],
      },
    ]);
  });

  it('an audit', async () => {
    const [reader, stop] = stoppable(world, 'audit', 1);
    const kit = await pollKit(reader);
    await poll(kit.account, kit.deps, never);
    await backfill(kit.account, kit.deps, never);
    await expect(audit(kit.account, kit.deps, stop.signal)).rejects.toThrow();
    expect(await kit.store.polls({ limit: 1 })).toMatchObject([
      {
        kind: 'audit',
        result: 'interrupted',
        reason,
        requests: 3,
        sets: [{ set: 'audit', complete: false, reason, requests: 3, distinct: 99, found: { pending: 0 } }],
      },
    ]);
  });

  it('a poll, in each of its sets', async () => {
    world.birth(NOW - DAY_MS);
    const [reader, stop] = stoppable(world, 'new', 0);
    const kit = await pollKit(reader);
    await expect(poll(kit.account, kit.deps, stop.signal)).rejects.toThrow();
    expect(await kit.store.polls({ limit: 1 })).toMatchObject([
      {
        result: 'interrupted',
        requests: 3,
        sets: [
          { set: 'live', complete: true, requests: 1, distinct: 1 },
          { set: 'new', complete: false, reason, requests: 2, distinct: 0, totalCount: null },
        ],
      },
    ]);
  });
});

it('a poll whose end cannot be written stays open in the ledger until the next one begins, and is told then', async () => {
  const world = new ModelWorld(NOW);
  world.birth(NOW - DAY_MS);
  const kit = await pollKit(world);
  const store = { ...kit.store, endPoll: () => Promise.reject(new Error('the disk is full')) };
  await expect(poll(kit.account, { ...kit.deps, store }, never)).rejects.toThrow('the disk is full');
  expect(await kit.store.polls({ limit: 1 })).toMatchObject([{ result: null, endedAt: null }]);
  expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'complete' });
  expect((await kit.store.polls({ limit: 2 })).map(({ result }) => result)).toEqual(['complete', 'interrupted']);
  expect(await waitingAlerts(kit.store, 'ops', NOW)).toHaveLength(1);
});
