import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { Page, PageQuery, ReadResult, TaskReader } from '../../../src/poll/task-reader.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, type PollKit, pollKit } from '../../support/poll-kit.ts';
import { waitingAlerts } from '../../support/store-world.ts';

const never = new AbortController().signal;

async function setUp(reader: TaskReader) {
  const kit = await pollKit(reader);
  return { ...kit, poll: () => poll(kit.account, kit.deps, never) };
}

/** The events that wait for a channel, in the order in which they were made. */
async function waitingEvents(kit: PollKit): Promise<string[]> {
  return (await waitingAlerts(kit.store, 'ops', NOW)).map(({ subject }) =>
    subject.kind === 'task' ? `${subject.event.event} ${subject.task.taskId}` : `operator ${subject.notice.code}`,
  );
}

/** A reader whose pages can be spoilt on their way. */
function spoilt(world: TaskReader, spoil: (page: Page, query: PageQuery) => Page): TaskReader {
  return {
    async read(query, priority, signal) {
      const answer = await world.read(query, priority, signal);
      return answer.ok ? { ...answer, page: spoil(answer.page, query) } : answer;
    },
  };
}

describe('a quiet poll', () => {
  it('costs two requests where little is open', async () => {
    const world = new ModelWorld(NOW);
    world.birth(NOW - DAY_MS);
    const kit = await setUp(world);
    await kit.poll();
    world.requests = 0;
    const summary = await kit.poll();
    expect(summary.result).toBe('complete');
    expect(world.requests).toBe(2);
  });

  it('costs at most 2 + 1.2 requests for each hundred open tasks', async () => {
    const world = new ModelWorld(NOW);
    for (let made = 0; made < 3_000; made += 1) world.birth(NOW - 9 * DAY_MS + made * 200 * SECOND_MS);
    const kit = await setUp(world);
    await kit.poll();
    world.requests = 0;
    await kit.poll();
    expect(world.requests).toBeLessThanOrEqual(2 + Math.ceil((1.2 * 3_000) / 100));
  });
});

describe('the checkpoint', () => {
  it('where it is an old task leaves what was created before the first poll to the backfill', async () => {
    const world = new ModelWorld(NOW);
    world.birth(NOW - 60 * DAY_MS);
    for (let made = 0; made < 2_000; made += 1) world.birth(NOW - 40 * DAY_MS + made * 1_000 * SECOND_MS, 3);
    const kit = await setUp(world);
    await kit.poll();
    world.requests = 0;
    expect(await kit.poll()).toMatchObject({ result: 'complete' });
    expect(world.requests).toBe(2);
  });

  it('is the greatest CreateTime seen, never beyond the server time at the start', async () => {
    const world = new ModelWorld(NOW);
    world.birth(NOW - 20 * MINUTE_MS);
    const kit = await setUp(world);
    await kit.poll();
    expect((await kit.store.accounts())[0]?.checkpoint).toBe(NOW - 20 * MINUTE_MS);
  });

  it('is not moved by an empty answer', async () => {
    const kit = await setUp(new ModelWorld(NOW));
    await kit.poll();
    expect((await kit.store.accounts())[0]?.checkpoint).toBeNull();
  });

  it('is not moved by a poll that was not complete', async () => {
    const world = new ModelWorld(NOW);
    world.birth(NOW - 20 * MINUTE_MS);
    const kit = await setUp(spoilt(world, (page, query) => (query.taskStatus ? page : { ...page, totalCount: 5 })));
    const summary = await kit.poll();
    expect(summary.result).toBe('incomplete');
    expect((await kit.store.accounts())[0]?.checkpoint).toBeNull();
    expect(await waitingEvents(kit)).toEqual(['pending rep-00000001']);
  });
});

describe('an answer that cannot be true', () => {
  it.each<[string, (page: Page) => Page]>([
    ['fewer rows than TotalCount', (page) => ({ ...page, rows: page.rows.slice(1) })],
    ['no rows while TotalCount is not 0', (page) => ({ ...page, rows: [] })],
    ['rows that do not ascend', (page) => ({ ...page, rows: page.rows.toReversed() })],
  ])('with %s makes the poll incomplete and concludes nothing from absence', async (_name, spoil) => {
    const world = new ModelWorld(NOW);
    for (const minutes of [50, 40, 30]) world.birth(NOW - minutes * MINUTE_MS);
    let spoiling = false;
    const kit = await setUp(spoilt(world, (page) => (spoiling ? spoil(page) : page)));
    await kit.poll();
    const told = await waitingEvents(kit);
    spoiling = true;
    const polls = [await kit.poll(), await kit.poll(), await kit.poll()];
    expect(polls.map(({ result }) => result)).toEqual(['incomplete', 'incomplete', 'incomplete']);
    expect(await waitingEvents(kit)).toEqual(told);
    expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(3);
  });
});

describe('departed tasks', () => {
  it('are asked by id and told with their new status', async () => {
    const world = new ModelWorld(NOW);
    const taskId = world.birth(NOW - 40 * DAY_MS);
    const kit = await setUp(world);
    await kit.poll();
    world.move(taskId, 3);
    await kit.poll();
    expect(await waitingEvents(kit)).toEqual([`pending ${taskId}`, `left ${taskId}`]);
  });

  it('that the API does not list are told as left after the second poll, not the first', async () => {
    const world = new ModelWorld(NOW);
    const taskId = world.birth(NOW - DAY_MS);
    const kit = await setUp(world);
    await kit.poll();
    world.list(taskId, false);
    await kit.poll();
    expect(await waitingEvents(kit)).toEqual([`pending ${taskId}`]);
    await kit.poll();
    expect(await waitingEvents(kit)).toEqual([`pending ${taskId}`, `left ${taskId}`]);
    world.list(taskId, true);
    await kit.poll();
    expect(await waitingEvents(kit)).toEqual([`pending ${taskId}`, `left ${taskId}`, `pending ${taskId}`]);
  });

  it('that vanish more than half at once are not concluded from; the operator is told', async () => {
    const world = new ModelWorld(NOW);
    const ids = Array.from({ length: 20 }, (_, at) => world.birth(NOW - DAY_MS + at * SECOND_MS));
    const kit = await setUp(world);
    await kit.poll();
    for (const taskId of ids) world.list(taskId, false);
    const summaries = [await kit.poll(), await kit.poll()];
    expect(summaries.map(({ result }) => result)).toEqual(['incomplete', 'incomplete']);
    expect((await waitingEvents(kit)).filter((event) => !event.startsWith('pending'))).toEqual([
      'operator tasks-vanished',
    ]);
  });

  it('that vanish at once and come back end the warning, so that the next time is told too', async () => {
    const world = new ModelWorld(NOW);
    const ids = Array.from({ length: 20 }, (_, at) => world.birth(NOW - DAY_MS + at * SECOND_MS));
    const kit = await setUp(world);
    await kit.poll();
    for (const listed of [false, true, false]) {
      for (const taskId of ids) world.list(taskId, listed);
      await kit.poll();
    }
    expect((await waitingEvents(kit)).filter((event) => event.startsWith('operator'))).toHaveLength(3);
  });

  it('that vanish at once and stay away for a day are told as no longer listed', async () => {
    const world = new ModelWorld(NOW);
    const ids = Array.from({ length: 20 }, (_, at) => world.birth(NOW - DAY_MS + at * SECOND_MS));
    const kit = await setUp(world);
    await kit.poll();
    for (const taskId of ids) world.list(taskId, false);
    expect((await kit.poll()).result).toBe('incomplete');
    await kit.clock.advance(DAY_MS);
    expect([(await kit.poll()).result, (await kit.poll()).result]).toEqual(['complete', 'complete']);
    await kit.poll();
    const told = (await waitingEvents(kit)).slice(ids.length);
    expect(told.filter((event) => event.startsWith('left'))).toHaveLength(20);
    expect(told.filter((event) => event.startsWith('operator'))).toHaveLength(2);
  });

  it('are asked in shorter lists where the API takes no long ones, and the limit is remembered', async () => {
    const world = new ModelWorld(NOW, { taskIdsMax: 10 });
    const ids = Array.from({ length: 30 }, (_, at) => world.birth(NOW - 9 * DAY_MS + at * SECOND_MS));
    const newest = world.birth(NOW - DAY_MS);
    const kit = await setUp(world);
    await kit.poll();
    for (const taskId of ids) world.move(taskId, 3);
    expect((await kit.poll()).result).toBe('complete');
    expect((await kit.store.accounts())[0]?.taskIdsMax).toBeLessThanOrEqual(10);
    expect((await kit.store.openTasks({ pendingOnly: false })).map(({ task }) => task.taskId)).toEqual([newest]);
  });
});

describe('a long window', () => {
  it('is cut and walked at little more than a request for each hundred tasks', async () => {
    const world = new ModelWorld(NOW);
    const random = seededRandom(7);
    for (let made = 0; made < 20_000; made += 1)
      world.birth(NOW - DAY_MS - Math.floor(random() * 28 * 86_400) * SECOND_MS, 3);
    const kit = await setUp(world);
    await kit.poll();
    world.requests = 0;
    const summary = await backfill(kit.account, kit.deps, never);
    expect(summary).toMatchObject({ complete: true, tasks: 20_000 });
    expect(world.requests).toBeLessThanOrEqual(1.05 * 200 + 64);
    expect(await backfill(kit.account, kit.deps, never)).toBeNull();
    expect(await waitingEvents(kit)).toEqual([]);
  });

  it('that is too wide for the API is read in narrower ones', async () => {
    const world = new ModelWorld(NOW, { spanMs: 90 * DAY_MS });
    const old = world.birth(NOW - 2_000 * DAY_MS);
    const kit = await setUp(world);
    expect((await kit.poll()).result).toBe('complete');
    expect(await waitingEvents(kit)).toEqual([`pending ${old}`]);
  });
});

it('more than a thousand tasks of one second are all known', async () => {
  const world = new ModelWorld(NOW);
  for (let made = 0; made < 1_200; made += 1) world.birth(NOW - DAY_MS);
  const kit = await setUp(world);
  expect((await kit.poll()).result).toBe('complete');
  expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(1_200);
});

it('the history of an overfull second is no news for the next digest', async () => {
  const world = new ModelWorld(NOW);
  for (let made = 0; made < 150; made += 1) world.birth(NOW - 20 * DAY_MS, 3);
  const kit = await setUp(world);
  await kit.store.syncDigests([{ name: 'morning', scheduleKey: 'daily', nextAt: NOW + DAY_MS }], NOW);
  await kit.poll();
  expect(await backfill(kit.account, kit.deps, never)).toMatchObject({ complete: true, tasks: 150 });
  expect((await kit.store.previewDigest('morning', NOW)).changes).toEqual([]);
});

it('a task that left while its account was being renamed is told as left, and nothing else is told', async () => {
  const world = new ModelWorld(NOW);
  const [leaves, stays] = [world.birth(NOW - 2 * DAY_MS), world.birth(NOW - DAY_MS)];
  const old = await setUp(world);
  await old.poll();
  world.move(leaves, 3);
  await old.store.syncAccounts([{ name: 'production', filterKey: 'all' }], NOW);
  const renamed = { ...old.account, config: { ...old.account.config, name: 'production' } };
  await poll(renamed, old.deps, never);
  await backfill(renamed, old.deps, never);
  await poll(renamed, old.deps, never);
  expect(await waitingEvents(old)).toEqual([`pending ${leaves}`, `pending ${stays}`, `left ${leaves}`]);
});

it('a poll says what it shows of this machine’s clock, unless it could not read what waits', async () => {
  const world = new ModelWorld(NOW);
  const kit = await pollKit(world);
  const seen: [string, number][] = [];
  const deps = {
    ...kit.deps,
    hostClock: { saw: (account: string, offsetMs: number) => void seen.push([account, offsetMs]) },
  };
  let reads = world.read.bind(world);
  const reader: TaskReader & { clockOffsetMs(): number } = {
    read: (query) => reads(query),
    clockOffsetMs: () => 600_000,
  };
  await poll({ ...kit.account, reader }, deps, never);
  const failure = { kind: 'unavailable', code: 'HTTP 502', message: 'HTTP 502', requestId: null } as const;
  reads = async () => ({ ok: false, failure, cost: { requests: 4, throttles: 0 } });
  await poll({ ...kit.account, reader }, deps, never);
  expect(seen).toEqual([['prod', 600_000]]);
});

it('a blocked account is told once, is never "0 tasks", and told again when it may be read', async () => {
  const world = new ModelWorld(NOW);
  const taskId = world.birth(NOW - DAY_MS);
  let blocked = false;
  const failure = { kind: 'blocked', code: 'UnauthorizedOperation', message: 'not allowed', requestId: 'r' } as const;
  const reader: TaskReader = {
    read: async (query): Promise<ReadResult> =>
      blocked ? { ok: false, failure, cost: { requests: 1, throttles: 0 } } : world.read(query),
  };
  const kit = await setUp(reader);
  await kit.poll();
  blocked = true;
  await kit.poll();
  await kit.poll();
  expect(await kit.store.openTasks({ pendingOnly: true })).toHaveLength(1);
  blocked = false;
  await kit.poll();
  expect(await waitingEvents(kit)).toEqual([
    `pending ${taskId}`,
    'operator account-blocked',
    'operator account-blocked',
  ]);
});

it('a refusal is told, whatever else went wrong in the poll before it', async () => {
  const cost = { requests: 1, throttles: 0 };
  const kit = await setUp({
    async read({ taskStatus }): Promise<ReadResult> {
      const unavailable = { kind: 'unavailable', code: 'HTTP 502', message: 'HTTP 502', requestId: null } as const;
      const blocked = {
        kind: 'blocked',
        code: 'UnauthorizedOperation',
        message: 'not allowed',
        requestId: 'r',
      } as const;
      return { ok: false, failure: taskStatus === undefined ? blocked : unavailable, cost };
    },
  });
  const { failure, reason } = await kit.poll();
  expect([failure?.kind, reason]).toEqual(['blocked', 'HTTP 502']);
  expect(await waitingEvents(kit)).toEqual(['operator account-blocked']);
});
