import { expect, it } from 'vitest';
import { createLife } from '../../../bench/chaos/life.ts';
import { seededRandom } from '../../../src/sandbox/seeded-random.ts';
import { World } from '../../../src/sandbox/world.ts';

const NOW = Date.UTC(2026, 10, 24);

it('news is a new task that waits, also where life itself brings no more of them', () => {
  const world = new World({ now: () => NOW, serverNow: () => NOW, utcOffsetMs: () => 0 });
  const life = createLife(world, seededRandom(1));
  for (let more = 0; more < 200; more += 1) life.news();
  expect(life.pending()).toHaveLength(200);
});
