import { expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import type { BackfillProgress } from '../../../src/poll/backfill-progress.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';

const TASKS = 4_000;
const LOOKBACK_MS = 30 * DAY_MS;
/** As far apart as fills the lookback. */
const APART_MS = 640 * SECOND_MS;
const never = new AbortController().signal;

it('tells about the right total all along, also while ranges are cut', async () => {
  const world = new ModelWorld(NOW);
  for (let made = 0; made < TASKS; made += 1) world.birth(NOW - SECOND_MS - made * APART_MS, 3);
  const { store, account, deps } = await pollKit(world);
  await store.startBackfill(account.config.name, NOW - LOOKBACK_MS, NOW);
  const told: BackfillProgress[] = [];
  await backfill(account, { ...deps, onBackfill: (progress) => told.push(progress) }, never);
  const totals = told.map(({ total }) => total ?? Number.NaN);
  expect(told.length).toBeGreaterThan(40);
  expect(Math.min(...totals)).toBeGreaterThan(0.9 * TASKS);
  expect(Math.max(...totals)).toBeLessThan(1.1 * TASKS);
  expect(totals.at(-1)).toBe(TASKS);
  await store.close();
});
