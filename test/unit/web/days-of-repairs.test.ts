import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/lib/clock.ts';
import { daysOfRepairs } from '../../../src/web/pages/timeline/days-of-repairs.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { T0 } from '../../support/store-world.ts';

const DAYS = 3;

function opened() {
  const clock = createFakeClock(T0);
  const asked: number[] = [];
  const world = { version: '1', isAway: false };
  const view = {
    version: async () => world.version,
    async startedRepairs(from: number) {
      asked.push(from);
      if (world.isAway) throw new Error('away');
      const what = { account: 'prod', zone: null, dataLoss: false, seen: true, taskId: 'rep-a' };
      return [{ ...what, tasks: Number(world.version) }];
    },
  };
  const days = daysOfRepairs(view, clock);
  const read = async () => (await days(DAYS, 'Asia/Shanghai')).map(({ name, repairs }) => [name, repairs[0]?.tasks]);
  /** How many days were asked for since the last time. */
  const askedFor = () => asked.splice(0).length;
  return { clock, world, read, askedFor };
}

it('reads days that have ended once for all readers, and today for each', async () => {
  const { read, askedFor } = opened();
  const [one, other] = await Promise.all([read(), read()]);
  expect(one).toEqual([
    ['2026-11-22', 1],
    ['2026-11-23', 1],
    ['2026-11-24', 1],
  ]);
  expect(other).toEqual(one);
  expect(askedFor()).toBe(DAYS - 1 + 2);
  await read();
  expect(askedFor()).toBe(1);
});

it('reads them anew once something has changed, or a day has ended', async () => {
  const { clock, world, read, askedFor } = opened();
  await read();
  world.version = '2';
  expect((await read()).map(([, tasks]) => tasks)).toEqual([2, 2, 2]);
  expect(askedFor()).toBe(2 * DAYS);
  await clock.advance(DAY_MS - HOUR_MS);
  expect((await read()).map(([name]) => name)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25']);
  expect(askedFor()).toBe(DAYS);
});

it('keeps nothing of a reading that failed', async () => {
  const { world, read, askedFor } = opened();
  world.isAway = true;
  await expect(read()).rejects.toThrow('away');
  world.isAway = false;
  askedFor();
  expect(await read()).toHaveLength(DAYS);
  expect(askedFor()).toBe(DAYS);
});
