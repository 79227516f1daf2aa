import { expect, it } from 'vitest';
import { findTasks } from '../../../src/web/pages/waiting/find-tasks.ts';
import { T0 } from '../../support/store-world.ts';

/** A list in which no part holds what is looked for; looking through one takes `partMs`. */
async function lookedThrough(partMs: number): Promise<{ readonly parts: number; readonly next: string | null }> {
  let parts = 0;
  const view = {
    async taskPart() {
      parts += 1;
      return { items: [], next: String(parts) };
    },
  };
  const clock = { monotonic: () => parts * partMs };
  const { next } = await findTasks(view, { state: 'closed', text: 'x' }, { after: null, limit: 200, now: T0 }, clock);
  return { parts, next };
}

it('looks through a bounded number of parts, and says where the list goes on', async () => {
  expect(await lookedThrough(0)).toEqual({ parts: 40, next: '40' });
});

it('looks no longer than a reader may wait for the first byte, but through one part at least', async () => {
  expect(await lookedThrough(10)).toEqual({ parts: 4, next: '4' });
  expect(await lookedThrough(1_000)).toEqual({ parts: 1, next: '1' });
});
