import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { createSideBySide } from '../../../src/poll/side-by-side.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';

const never = new AbortController().signal;
const TASKS = 10_000;
const LOOKBACK_MS = 30 * DAY_MS;

describe('the number of ranges that are walked at a time', () => {
  it('is six before the first answer and while answers are quick', () => {
    const sideBySide = createSideBySide(64);
    expect(sideBySide.wanted()).toBe(6);
    sideBySide.answered(20);
    expect(sideBySide.wanted()).toBe(6);
  });

  it('is twice what 20 starts a second fill, and never above the most', () => {
    const sideBySide = createSideBySide(64);
    sideBySide.answered(200);
    expect(sideBySide.wanted()).toBe(8);
    sideBySide.answered(1_000);
    expect(sideBySide.wanted()).toBe(40);
    sideBySide.answered(9_000);
    expect(sideBySide.wanted()).toBe(64);
  });

  it('falls again once answers have been quick for a while', () => {
    const sideBySide = createSideBySide(64);
    sideBySide.answered(9_000);
    for (let answers = 0; answers < 60; answers += 1) sideBySide.answered(20);
    expect(sideBySide.wanted()).toBe(6);
  });

  it('is the most where nobody measures', () => {
    const sideBySide = createSideBySide(64);
    sideBySide.answered(undefined);
    sideBySide.answered(20);
    expect(sideBySide.wanted()).toBe(64);
  });
});

/** Reads a history whose answers take that long as the reader tells; resolves with how many reads were under way at most, and how many there were. */
async function readHistory(answeredInMs: number): Promise<{ readonly most: number; readonly reads: number }> {
  const world = new ModelWorld(NOW);
  const apartMs = (LOOKBACK_MS - DAY_MS) / TASKS;
  for (let made = 0; made < TASKS; made += 1)
    world.birth(NOW - SECOND_MS - Math.floor((made * apartMs) / SECOND_MS) * SECOND_MS, 3);
  let [underWay, most, reads] = [0, 0, 0];
  const { store, account, deps } = await pollKit({
    async read(query) {
      underWay += 1;
      reads += 1;
      most = Math.max(most, underWay);
      await setImmediate();
      underWay -= 1;
      return { ...(await world.read(query)), answeredInMs };
    },
  });
  await store.startBackfill(account.config.name, NOW - LOOKBACK_MS, NOW);
  const summary = await backfill(account, deps, never);
  expect(summary).toMatchObject({ complete: true, tasks: TASKS });
  await store.close();
  return { most, reads };
}

describe('a history is read', () => {
  it('by four reads at a time from a quick API, which costs fewer requests', async () => {
    const { most, reads } = await readHistory(20);
    expect(most).toBe(6);
    expect(reads).toBeLessThan(TASKS / 100 + 20);
  });

  it('by as many reads at a time as a slow API needs', async () => {
    const { most } = await readHistory(400);
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(16);
  });
});
