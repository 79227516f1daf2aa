import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../src/lib/clock.ts';
import { poll } from '../../src/poll/poll.ts';
import { seededRandom } from '../../src/sandbox/seeded-random.ts';
import { ModelWorld, readByOffset, type WorldSwitches } from '../support/model-world.ts';
import { NOW, pollKit } from '../support/poll-kit.ts';

const CASES = 1_000;
const POLLS_PER_CASE = 3;

const switches: fc.Arbitrary<WorldSwitches> = fc.record({
  startInclusive: fc.boolean(),
  endInclusive: fc.boolean(),
  taskIdsMax: fc.constantFrom(10, 50, 100),
  spanMs: fc.constantFrom(Number.POSITIVE_INFINITY, 400 * DAY_MS, 4_000 * DAY_MS),
});

const scene = fc.record({
  seed: fc.integer(),
  switches,
  tasks: fc.integer({ min: 0, max: 450 }),
  seconds: fc.constantFrom(1, 3, 40, 5_000),
});

function worldOf({
  seed,
  switches,
  tasks,
  seconds,
}: {
  seed: number;
  switches: WorldSwitches;
  tasks: number;
  seconds: number;
}): ModelWorld {
  const random = seededRandom(seed);
  const world = new ModelWorld({ switches, random, restless: true, now: NOW });
  for (let made = 0; made < tasks; made += 1)
    world.birth(NOW - DAY_MS + Math.floor(random() * seconds) * SECOND_MS, random() < 0.8 ? 1 : 2);
  return world;
}

it('knows after each poll every task that was listed in status 1 all along, or says that it could not', {
  timeout: 180_000,
}, async () => {
  let complete = 0;
  const check = fc.asyncProperty(scene, async (given) => {
    const world = worldOf(given);
    const { store, account, deps } = await pollKit(world);
    for (let polls = 0; polls < POLLS_PER_CASE; polls += 1) {
      world.watch();
      const summary = await poll(account, deps, new AbortController().signal);
      const known = new Set((await store.openTasks({ pendingOnly: true })).map(({ task }) => task.taskId));
      const missed = [...world.pendingAllAlong()].filter((taskId) => !known.has(taskId));
      if (summary.result === 'complete') {
        complete += 1;
        expect(missed).toEqual([]);
      } else expect(summary.reason).not.toBeNull();
    }
    await store.close();
  });
  await fc.assert(check, { numRuns: CASES });
  // A poll that always gives up would keep the promise too, and be of no use.
  expect(complete).toBeGreaterThan(0.6 * CASES * POLLS_PER_CASE);
});

it('is a property that plain offset paging breaks', async () => {
  let lost = 0;
  for (let seed = 0; seed < 1_000 && lost === 0; seed += 1) {
    const inclusive = { startInclusive: true, endInclusive: true, taskIdsMax: 100, spanMs: Number.POSITIVE_INFINITY };
    const world = worldOf({ seed, switches: inclusive, tasks: 350, seconds: 40 });
    world.watch();
    const seen = await readByOffset(world, NOW - 2 * DAY_MS);
    lost = [...world.pendingAllAlong()].filter((taskId) => !seen.has(taskId)).length;
  }
  expect(lost).toBeGreaterThan(0);
});
