import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BY_OFFSET } from '../support/restless/by-offset.ts';
import { FLAWED } from '../support/restless/flawed.ts';
import { BrokenPromise, noTally, playScene, type Subject } from '../support/restless/promise.ts';
import { scenes } from '../support/restless/scene.ts';
import { openEmptiableStore } from '../support/restless/store-pool.ts';

const CASES = 1_000;

/** How many cases it takes until the promise is broken in these words; null: more than a thousand. */
async function casesUntil(subject: Subject, breaks: RegExp): Promise<number | null> {
  const pool = await openEmptiableStore();
  const tally = noTally();
  for (const [at, scene] of fc.sample(scenes, CASES).entries()) {
    pool.empty();
    try {
      await playScene(scene, pool.store, tally, subject);
    } catch (error) {
      if (!(error instanceof BrokenPromise)) throw error;
      if (breaks.test(error.message.split('\n', 1)[0] ?? '')) return at + 1;
    }
  }
  return null;
}

it('finds within a thousand cases what paging by offset loses', async () => {
  expect(await casesUntil(BY_OFFSET, /did not know/)).not.toBeNull();
});

it.each(Object.entries(FLAWED))('finds within a thousand cases a poll that %s', async (_name, { subject, breaks }) => {
  expect(await casesUntil(subject, breaks)).not.toBeNull();
});
