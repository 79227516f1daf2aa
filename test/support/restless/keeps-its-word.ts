import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { noTally, playScene } from './promise.ts';
import type { Scene } from './scene.ts';
import { openEmptiableStore } from './store-pool.ts';

/** A poll that always gives up would keep the promise too, and be of no use. */
const LEAST_COMPLETE = 0.75;

/** Plays so many scenes, and fails with the seed, the smallest scene and its last requests where a poll broke its promise. */
export async function keepsItsWord(given: fc.Arbitrary<Scene>, cases: number): Promise<void> {
  const pool = await openEmptiableStore();
  const tally = noTally();
  const property = fc.asyncProperty(given, async (scene) => {
    // A scene takes no turn of the event loop by itself, and the runner wants to hear of its worker.
    await turn();
    pool.empty();
    await playScene(scene, pool.store, tally);
  });
  await fc.assert(property, { numRuns: cases, includeErrorInReport: true });
  expect(tally.complete / tally.polls).toBeGreaterThan(LEAST_COMPLETE);
}
