import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { askSandbox, idsOf } from '../support/ask-sandbox.ts';

const NOON = Date.UTC(2026, 0, 5, 4, 0, 0); // 12:00 in Beijing
const SINCE_2015 = { StartDate: '2015-01-01 00:00:00' };

let sandbox: Sandbox;
let now: number;
const clock: Clock = { ...systemClock, now: () => now };

beforeEach(async () => {
  now = NOON;
  sandbox = await startSandbox({ clock, switches: { requestsPerSecond: Number.POSITIVE_INFINITY } });
});
afterEach(() => sandbox.close());

describe('the window', () => {
  test('begins at midnight in Beijing and ends now, unless the request says otherwise', async () => {
    const world = sandbox.world();
    world.add({ TaskId: 'rep-yesterday', CreateTime: '2026-01-04 23:59:59' });
    world.add({ TaskId: 'rep-midnight', CreateTime: '2026-01-05 00:00:00' });
    world.add({ TaskId: 'rep-tonight', CreateTime: '2026-01-05 20:00:00' });
    expect(idsOf(await askSandbox(sandbox))).toEqual(['rep-midnight']);
    expect(idsOf(await askSandbox(sandbox, { TaskIds: ['rep-yesterday'] }))).toEqual([]);
    expect(idsOf(await askSandbox(sandbox, SINCE_2015))).toEqual(['rep-yesterday', 'rep-midnight']);
    const withEnd = { ...SINCE_2015, EndDate: '2026-01-06 00:00:00' };
    expect(idsOf(await askSandbox(sandbox, withEnd))).toEqual(['rep-yesterday', 'rep-midnight', 'rep-tonight']);
  });

  test('moves with the offset of the timestamps', async () => {
    sandbox.configure({ utcOffsetMs: 0 });
    sandbox.world().add({ TaskId: 'rep-late', CreateTime: '2026-01-05 05:00:00' });
    expect(idsOf(await askSandbox(sandbox))).toEqual([]);
    sandbox.configure({ utcOffsetMs: 8 * 3_600_000 });
    expect(idsOf(await askSandbox(sandbox))).toEqual(['rep-late']);
  });

  test.each([
    [true, true, ['rep-a', 'rep-b', 'rep-c']],
    [false, true, ['rep-b', 'rep-c']],
    [true, false, ['rep-a', 'rep-b']],
    [false, false, ['rep-b']],
  ])('holds its first second: %s, its last: %s', async (startInclusive, endInclusive, expected) => {
    sandbox.configure({ startInclusive, endInclusive });
    for (const [index, id] of ['rep-a', 'rep-b', 'rep-c'].entries()) {
      sandbox.world().add({ TaskId: id, CreateTime: `2026-01-05 00:00:0${index}` });
    }
    const window = { StartDate: '2026-01-05 00:00:00', EndDate: '2026-01-05 00:00:02' };
    expect(idsOf(await askSandbox(sandbox, window))).toEqual(expected);
    expect(idsOf(await askSandbox(sandbox, { ...window, Product: 'CVM' }))).toEqual(expected);
  });
});

describe('the filters', () => {
  test.each([
    [{ TaskStatus: [1, 2] }, ['rep-a', 'rep-b']],
    [{ TaskTypeIds: [107] }, ['rep-a', 'rep-c']],
    [{ TaskIds: ['rep-c', 'rep-a', 'rep-c', 'rep-none'] }, ['rep-a', 'rep-c']],
    [{ InstanceIds: ['ins-b'] }, ['rep-b']],
    [{ Aliases: ['web'] }, ['rep-c']],
    [{ Product: 'CDH' }, ['rep-b']],
    [{ Product: 'CVM', TaskStatus: [3] }, ['rep-c']],
    [{ TaskIds: ['rep-a'], TaskStatus: [2] }, []],
  ])('%j', async (filter, expected) => {
    const world = sandbox.world();
    world.add({ TaskId: 'rep-a', CreateTime: '2026-01-05 00:00:00', Alias: null });
    const b = { InstanceId: 'ins-b', Product: 'CDH', TaskTypeId: 101, TaskStatus: 2 };
    world.add({ TaskId: 'rep-b', CreateTime: '2026-01-05 00:00:01', ...b });
    world.add({ TaskId: 'rep-c', CreateTime: '2026-01-05 00:00:02', TaskTypeId: '107', TaskStatus: 3, Alias: 'web' });
    const answer = await askSandbox(sandbox, { ...SINCE_2015, ...filter });
    expect(idsOf(answer)).toEqual(expected);
    expect(answer.TotalCount).toBe(expected.length);
  });
});

describe('the order', () => {
  test.each(['CreateTime', 'AuthTime', 'EndTime'] as const)('is by %s, both ways', async (OrderField) => {
    const times = ['2026-01-05 00:00:02', '2026-01-05 00:00:00', '2026-01-05 00:00:01'];
    const ids = ['rep-2', 'rep-0', 'rep-1'];
    for (const [i, time] of times.entries()) {
      sandbox.world().add({ TaskId: ids[i] ?? '', CreateTime: times[0] ?? '', [OrderField]: time });
    }
    const ask = { ...SINCE_2015, OrderField };
    expect(idsOf(await askSandbox(sandbox, ask))).toEqual(['rep-0', 'rep-1', 'rep-2']);
    expect(idsOf(await askSandbox(sandbox, { ...ask, Order: 1 }))).toEqual(['rep-2', 'rep-1', 'rep-0']);
  });

  test('of tasks of one second is drawn anew for each request, so that offset paging loses some and repeats others', async () => {
    sandbox.world().load(Array.from({ length: 200 }, () => ({ CreateTime: '2026-01-05 00:00:00' })));
    const page = (Offset: number): Promise<readonly string[]> =>
      askSandbox(sandbox, { ...SINCE_2015, Limit: 100, Offset }).then(idsOf);
    const first = await page(0);
    expect(first).toHaveLength(100);
    expect(new Set(first).size).toBe(100);
    expect(await page(0)).not.toEqual(first);
    expect(new Set([...first, ...(await page(100))]).size).toBeLessThan(200);
  });

  test('of tasks of one second holds still where the switch says so', async () => {
    sandbox.configure({ ties: 'steady' });
    sandbox.world().load(Array.from({ length: 200 }, () => ({ CreateTime: '2026-01-05 00:00:00' })));
    const pages = await Promise.all(
      [0, 100].map((Offset) => askSandbox(sandbox, { ...SINCE_2015, Limit: 100, Offset })),
    );
    expect(new Set(pages.flatMap(idsOf)).size).toBe(200);
  });
});

test('a result without rows is null, or an empty list where the switch says so', async () => {
  expect(await askSandbox(sandbox)).toMatchObject({ TotalCount: 0, RepairTaskInfoSet: null });
  sandbox.configure({ emptySet: 'array' });
  expect(await askSandbox(sandbox)).toMatchObject({ TotalCount: 0, RepairTaskInfoSet: [] });
});

test('a request past the end holds no row and still the whole count', async () => {
  sandbox.world().load([{}, {}, {}]);
  expect(await askSandbox(sandbox, { Offset: 3 })).toMatchObject({ TotalCount: 3, RepairTaskInfoSet: null });
});

test('a lagging replica shows what was within the lag, drawn anew for each request', async () => {
  const LAG_MS = 60_000;
  const world = sandbox.world();
  world.load([{ TaskId: 'rep-a' }, { TaskId: 'rep-b' }]);
  sandbox.configure({ lagMs: LAG_MS });
  const look = async (): Promise<string> => {
    const answer = await askSandbox(sandbox, SINCE_2015);
    return (answer.RepairTaskInfoSet ?? [])
      .map((row) => `${row.TaskId} ${row.TaskStatus}`)
      .sort()
      .join(', ');
  };
  now += 3_600_000;
  world.set('rep-a', { TaskStatus: 2 });
  world.remove('rep-b');
  world.add({ TaskId: 'rep-c' });
  const [before, after] = ['rep-a 1, rep-b 1', 'rep-a 2, rep-c 1'];
  now += LAG_MS / 2;
  const looks = await Promise.all(Array.from({ length: 30 }, look));
  expect(new Set(looks)).toEqual(new Set([before, after]));
  now += LAG_MS / 2 + 1;
  expect(new Set(await Promise.all(Array.from({ length: 30 }, look)))).toEqual(new Set([after]));
});
