import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { createLog } from '../../../src/lib/log.ts';
import { forgetLimits } from '../../../src/poll/api-limits.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { PageQuery, ReadResult, TaskReader } from '../../../src/poll/task-reader.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';

const never = new AbortController().signal;

async function setUp(world: ModelWorld, refuses: (query: PageQuery) => boolean = () => false) {
  const failure = { kind: 'refused', code: 'InvalidParameterValue', message: 'it is refused', requestId: 'r' } as const;
  const reader: TaskReader = {
    read: async (query): Promise<ReadResult> =>
      refuses(query) ? { ok: false, failure, cost: { requests: 1, throttles: 0 } } : world.read(query),
  };
  const kit = await pollKit(reader);
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: 'warn', write: (line) => lines.push(JSON.parse(line)) });
  const deps = { ...kit.deps, log };
  return {
    ...kit,
    see: () => poll(kit.account, deps, never),
    limitsTold: () => lines.filter(({ event }) => event === 'api-limit-found'),
    notes: async () =>
      (await kit.store.polls({ limit: 1 })).flatMap(({ sets }) => sets.flatMap(({ notes = [] }) => notes)),
  };
}

it('a shorter TaskIds list that the API takes is remembered, and told in the log and the ledger', async () => {
  const world = new ModelWorld(NOW, { taskIdsMax: 10 });
  const ids = Array.from({ length: 30 }, (_, at) => world.birth(NOW - 9 * DAY_MS + at * SECOND_MS));
  world.birth(NOW - HOUR_MS);
  const kit = await setUp(world);
  await kit.see();
  for (const taskId of ids) world.move(taskId, 3);
  expect((await kit.see()).result).toBe('complete');
  expect(kit.account.limits.taskIdsMax).toBe(7);
  expect(kit.limitsTold()).toMatchObject([{ limit: 'task-ids', refused: 30, taken: 7, code: 'InvalidParameterValue' }]);
  expect(await kit.notes()).toEqual([
    'the API refused a list of 30 TaskIds (InvalidParameterValue); lists of at most 7 are asked from now on',
  ]);
});

it('a list that is refused however short it is was no limit', async () => {
  const world = new ModelWorld(NOW);
  const ids = Array.from({ length: 30 }, (_, at) => world.birth(NOW - 9 * DAY_MS + at * SECOND_MS));
  world.birth(NOW - HOUR_MS);
  let refusing = false;
  const kit = await setUp(world, (query) => refusing && query.taskIds !== undefined);
  await kit.see();
  for (const taskId of ids) world.move(taskId, 3);
  refusing = true;
  expect(await kit.see()).toMatchObject({ result: 'incomplete', reason: 'it is refused' });
  expect(kit.account.limits.taskIdsMax).toBe(100);
  expect(await kit.store.accounts()).toMatchObject([{ taskIdsMax: 100 }]);
  expect(kit.limitsTold()).toEqual([]);
});

it('a narrower window that the API takes is remembered and told once, not for each range that needs it', async () => {
  const world = new ModelWorld(NOW, { spanMs: 900 * DAY_MS });
  world.birth(NOW - 2_000 * DAY_MS);
  const kit = await setUp(world);
  await kit.see();
  expect(kit.account.limits.spanMs).toBeLessThanOrEqual(900 * DAY_MS);
  expect(kit.limitsTold()).toMatchObject([{ limit: 'span', taken: kit.account.limits.spanMs }]);
  expect(await kit.notes()).toEqual([expect.stringMatching(/^the API refused a window of 4345(\.\d)? days \(Inv/)]);
  await kit.see();
  expect(kit.limitsTold()).toHaveLength(1);
});

it('a window that is refused however narrow it is was no limit, so the next poll is as cheap as ever', async () => {
  const world = new ModelWorld(NOW);
  world.birth(NOW - HOUR_MS);
  let refusing = true;
  const kit = await setUp(world, () => refusing);
  expect((await kit.see()).result).toBe('incomplete');
  expect(kit.account.limits.spanMs).toBe(Number.POSITIVE_INFINITY);
  refusing = false;
  expect((await kit.see()).sets.map(({ requests }) => requests)).toEqual([1, 1, 0]);
  expect(kit.limitsTold()).toEqual([]);
});

it.each([1, 4, 9, 12])(
  '%d refusals that pass are no limit: neither this poll nor the next reads day by day',
  async (times) => {
    const world = new ModelWorld(NOW);
    world.birth(NOW - HOUR_MS);
    let left = times;
    const kit = await setUp(world, () => left-- > 0);
    const [live] = (await kit.see()).sets;
    expect(live).toMatchObject({ complete: true, distinct: 1 });
    // Halved down, then doubled again while it is read.
    expect(live?.requests).toBeLessThanOrEqual(2 * times + 2);
    expect((await kit.see()).sets[0]?.requests).toBeLessThanOrEqual(3);
  },
);

it.each([1, 3])('%d refusals of a backfill that pass leave the polls no narrower windows', async (times) => {
  const world = new ModelWorld(NOW);
  world.birth(NOW - HOUR_MS);
  let left = 0;
  const kit = await setUp(world, () => left-- > 0);
  await kit.see();
  left = times;
  expect(await backfill(kit.account, kit.deps, never)).toMatchObject({ complete: true });
  expect((await kit.see()).sets[0]?.requests).toBe(1);
  expect(kit.limitsTold()).toEqual([]);
});

it.each([
  [366, 11, 40],
  [366, 0, 27],
  [90, 0, 70],
  [31, 0, 170],
  [7, 0, 670],
])(
  'a limit of %d days is found within a fifteenth, also after %d refusals that passed',
  async (days, refusals, most) => {
    const world = new ModelWorld(NOW, { spanMs: days * DAY_MS });
    world.birth(NOW - 2_000 * DAY_MS);
    let left = refusals;
    const kit = await setUp(world, () => left-- > 0);
    const { result, sets } = await kit.see();
    expect(result).toBe('complete');
    expect(sets[0]?.requests).toBeLessThanOrEqual(most);
    expect(kit.account.limits.spanMs).toBeLessThanOrEqual(days * DAY_MS);
    expect(kit.account.limits.spanMs).toBeGreaterThan((days * DAY_MS * 14) / 15);
    expect(kit.limitsTold()).toHaveLength(1);
  },
);

it('where the API is hours ahead and takes no wide window, what left is asked for in one that ends', async () => {
  const world = new ModelWorld(NOW + 8 * HOUR_MS, { spanMs: 2 * DAY_MS });
  const taskId = world.birth(NOW - 20 * HOUR_MS);
  world.birth(NOW - HOUR_MS);
  const kit = await setUp(world);
  expect((await kit.see()).result).toBe('complete');
  expect(kit.account.limits.spanMs).toBeGreaterThan(DAY_MS);
  world.move(taskId, 3);
  expect(await kit.see()).toMatchObject({ result: 'complete', open: 1 });
});

it('a window that an audit forgets during a poll is still remembered by that poll', async () => {
  const world = new ModelWorld(NOW, { spanMs: 900 * DAY_MS });
  const taskId = world.birth(NOW - 2_000 * DAY_MS);
  world.birth(NOW - HOUR_MS);
  const atNew = (query: PageQuery) => query.taskStatus === undefined && query.taskIds === undefined;
  const kit = await setUp(world, (query) => {
    if (atNew(query)) forgetLimits(kit.account.limits);
    return false;
  });
  await kit.see();
  world.move(taskId, 3);
  expect(await kit.see()).toMatchObject({ result: 'complete', open: 1 });
  expect(kit.account.limits.spanMs).toBe(Number.POSITIVE_INFINITY);
});

it('the windows of a span that the API limits are read side by side, at about a request each', async () => {
  const spanMs = 31 * DAY_MS;
  const world = new ModelWorld(NOW, { spanMs });
  world.birth(NOW - HOUR_MS);
  let [inFlight, most] = [0, 0];
  const kit = await pollKit({
    async read(query) {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await setImmediate();
      inFlight -= 1;
      return world.read(query);
    },
  });
  const see = () => poll(kit.account, kit.deps, never);
  await see();
  most = 0;
  const summary = await see();
  const windows = (NOW - kit.deps.poll.sinceMs) / kit.account.limits.spanMs;
  expect(summary).toMatchObject({ result: 'complete', open: 1 });
  expect(summary.sets[0]?.requests).toBeLessThanOrEqual(windows + 64);
  expect(most).toBeGreaterThanOrEqual(16);
});

describe('an API that answers fewer rows than are asked for', () => {
  const born = (world: ModelWorld, count: number, apartMs = SECOND_MS): string[] =>
    Array.from({ length: count }, (_, at) => world.birth(NOW - 9 * DAY_MS + at * apartMs));

  it.each([SECOND_MS, 0])('is read whole in pages of that many, of tasks that are %d ms apart', async (apartMs) => {
    const world = new ModelWorld(NOW, { pageMax: 20 });
    born(world, 250, apartMs);
    const kit = await setUp(world);
    expect(await kit.see()).toMatchObject({ result: 'complete', open: 250 });
    expect(kit.account.limits.pageLimit).toBe(20);
    expect(await kit.notes()).toEqual([
      'the API answers at most 20 rows where 100 are asked for; 20 are asked from now on',
    ]);
    expect(await kit.see()).toMatchObject({ result: 'complete' });
    expect(kit.limitsTold()).toMatchObject([{ limit: 'page', refused: 100, taken: 20 }]);
    forgetLimits(kit.account.limits);
    expect(kit.account.limits.pageLimit).toBe(100);
  });

  it('is found so by a list of ids, too', async () => {
    const world = new ModelWorld(NOW, { pageMax: 20 });
    const ids: string[] = [];
    const kit = await setUp(world);
    world.birth(NOW - HOUR_MS);
    for (let waves = 0; waves < 3; waves += 1) {
      ids.push(...born(world, 15));
      await kit.see();
      // As the tasks are booked after each other, no poll shows more than a page of them.
      for (const taskId of ids) world.list(taskId, false);
    }
    for (const taskId of ids) {
      world.list(taskId, true);
      world.move(taskId, 3);
    }
    expect((await kit.see()).result).toBe('complete');
    expect(kit.account.limits.pageLimit).toBe(20);
  });

  it('keeps it to itself where a background reading finds it', async () => {
    const world = new ModelWorld(NOW, { pageMax: 20 });
    for (const taskId of born(world, 250)) world.move(taskId, 3);
    const kit = await setUp(world);
    await kit.see();
    expect(await backfill(kit.account, kit.deps, never)).toMatchObject({ complete: true, tasks: 250 });
    expect(kit.account.limits.pageLimit).toBe(100);
  });

  it('gives no proof where it answers a few at a time', async () => {
    const world = new ModelWorld(NOW, { pageMax: 9 });
    born(world, 250);
    const kit = await setUp(world);
    expect((await kit.see()).reason).toMatch(/answered 9 rows where 100 were due/);
    expect(kit.account.limits.pageLimit).toBe(100);
  });

  it.each([
    ['keeps rows back of those it has chosen', true],
    ['keeps rows back before it chooses', false],
  ])('and %s, is not believed', async (_name, choosesFirst) => {
    // The last ones stand in the first page and behind it, all of one second, so that as many are due of each.
    const few = { tasks: 60, apartMs: SECOND_MS, places: [0, 1, 2] };
    const many = { tasks: 300, apartMs: 0, places: [0, 1, 2, 110, 111, 112] };
    const others = [
      { ...few, places: [28, 29, 30] },
      { ...few, places: [57, 58, 59] },
    ];
    for (const { tasks, apartMs, places } of [few, ...others, ...(choosesFirst ? [many] : [])]) {
      const world = new ModelWorld(NOW);
      const ids = born(world, tasks, apartMs);
      const isShown = ({ taskId }: { taskId: string }) => !places.some((at) => ids[at] === taskId);
      const kit = await pollKit({
        async read({ offset, limit, ...query }) {
          const answer = await world.read({ ...query, offset: 0, limit: 1_000 });
          if (!answer.ok) return answer;
          const all = answer.page.rows.toSorted((a, b) => ids.indexOf(a.taskId) - ids.indexOf(b.taskId));
          const part = (rows: typeof all) => rows.slice(offset, offset + limit);
          const rows = choosesFirst ? part(all).filter(isShown) : part(all.filter(isShown));
          return { ...answer, page: { ...answer.page, rows } };
        },
      });
      expect(await poll(kit.account, kit.deps, never)).toMatchObject({ result: 'incomplete' });
      expect(kit.account.limits.pageLimit).toBe(100);
    }
  });
});
