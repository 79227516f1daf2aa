import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readParameters } from '../../src/sandbox/parameters.ts';
import { runQuery } from '../../src/sandbox/query.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { seededRandom } from '../../src/sandbox/seeded-random.ts';
import { DEFAULT_SWITCHES } from '../../src/sandbox/switches.ts';
import { formatVendorTime, vendorSecond } from '../../src/sandbox/vendor-time.ts';
import { World } from '../../src/sandbox/world.ts';
import { taskRow } from '../support/task-row.ts';

let now = Date.UTC(2026, 0, 5);
let world: World;

beforeEach(() => {
  now = Date.UTC(2026, 0, 5);
  world = new World({ now: () => now, serverNow: () => now, utcOffsetMs: () => 8 * 3_600_000 });
});

test('a world knows what is, and remembers what was', () => {
  const added = world.add({ TaskId: 'rep-a' });
  now += 1000;
  const changed = world.set('rep-a', { TaskStatus: 4 });
  now += 1000;
  world.remove('rep-a');
  expect(world.all()).toEqual([]);
  now += 1000;
  world.restore('rep-a');
  expect(world.all()).toEqual([{ ...added, TaskStatus: 4 }]);
  expect(world.history.map(({ at, before, after }) => [at - now, before, after])).toEqual([
    [-3000, null, added],
    [-2000, added, changed],
    [-1000, changed, null],
    [0, null, changed],
  ]);
});

test('a task that is filled in is a whole, pending one, and each has its own ids', () => {
  const [first, second] = [world.add(), world.add({ TaskTypeId: 103 })];
  expect(first).toMatchObject({ TaskStatus: 1, CreateTime: '2026-01-05 08:00:00', AuthTime: '2026-01-07 08:00:00' });
  expect(second).toMatchObject({ TaskTypeName: '实例硬盘异常', AuthTime: null });
  expect(first.TaskId).not.toBe(second.TaskId);
  expect(first.InstanceId).not.toBe(second.InstanceId);
  expect(Object.keys(taskRow()).sort()).toEqual(Object.keys(first).sort());
});

test.each([
  ['a task twice', () => world.add({ TaskId: 'rep-a' }), 'rep-a is listed already'],
  ['a task that is not there', () => world.set('rep-b', {}), 'rep-b is not listed'],
  ['a time that is none', () => world.set('rep-a', { CreateTime: 'soon' }), 'CreateTime soon is not'],
  ['a return without a removal', () => world.restore('rep-a'), 'rep-a was not removed'],
])('%s is a mistake of the test and throws', (_what, deed, sentence) => {
  world.add({ TaskId: 'rep-a' });
  expect(deed).toThrow(sentence);
  expect(world.all()).toHaveLength(1);
});

/** The obvious way to answer, to compare the index with. */
function naively(all: World, first: number, last: number, statuses: readonly number[] | null): readonly string[] {
  return all
    .all()
    .filter((row) => statuses?.includes(Number(row.TaskStatus)) ?? true)
    .map((row) => row.CreateTime)
    .filter((time) => (vendorSecond(time) ?? 0) >= first && (vendorSecond(time) ?? 0) <= last)
    .sort();
}

test('the index answers every window, status, page and order as a plain search would', () => {
  const second = fc.integer({ min: 0, max: 12 });
  const task = fc.record({ second, status: fc.integer({ min: 1, max: 6 }) });
  const ask = fc.record({
    first: second,
    last: second,
    status: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 })),
    Limit: fc.integer({ min: 1, max: 8 }),
    Offset: fc.integer({ min: 0, max: 20 }),
    Order: fc.constantFrom(0, 1),
  });
  fc.assert(
    fc.property(fc.array(task, { maxLength: 40 }), fc.array(task, { maxLength: 5 }), ask, (tasks, moved, asked) => {
      const small = new World({ now: () => 0, serverNow: () => 0, utcOffsetMs: () => 0 });
      const fields = (t: { second: number; status: number }) => ({
        CreateTime: formatVendorTime(t.second * 1000, 0),
        TaskStatus: t.status,
      });
      const rows = tasks.map((each) => small.add(fields(each)));
      for (const [i, each] of moved.entries()) if (rows[i]) small.set(rows[i].TaskId, fields(each));
      const { first, last, status, ...paging } = asked;
      const times = { StartDate: formatVendorTime(first * 1000, 0), EndDate: formatVendorTime(last * 1000, 0) };
      const read = readParameters({ ...times, ...paging, ...(status ? { TaskStatus: status } : {}) }, DEFAULT_SWITCHES);
      if (!read.ok) throw new Error(read.error.message);
      const context = { switches: DEFAULT_SWITCHES, nowSecond: 0, random: seededRandom(1), otherwise: new Map() };
      const result = runQuery(small, read.query, context);
      if ('code' in result) throw new Error(result.message);
      const expected = [...naively(small, first, last, status)];
      if (asked.Order === 1) expected.reverse();
      expect(result.totalCount).toBe(expected.length);
      const page = expected.slice(asked.Offset, asked.Offset + asked.Limit);
      expect(result.rows.map((row) => row.CreateTime)).toEqual(page);
      expect(new Set(result.rows.map((row) => row.TaskId)).size).toBe(page.length);
    }),
    { numRuns: 300 },
  );
});

let sandbox: Sandbox | null = null;
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
});

test('the sandbox hands out the world of a key that it was given, and of no other', async () => {
  sandbox = await startSandbox({ keys: [{ secretId: 'AKIDone', secretKey: 'x' }] });
  expect(sandbox.world('AKIDone')).toBe(sandbox.world());
  expect(() => sandbox?.world('AKIDtwo')).toThrow('was not given the key AKIDtwo');
});
