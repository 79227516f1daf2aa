import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { TaskReader } from '../../../src/poll/task-reader.ts';
import { remindDue } from '../../../src/reminder/remind.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';

/** A task whose default start is 8 h away, and how far the API has moved it since. */
async function setUp() {
  const world = new ModelWorld(NOW);
  world.birth(NOW - 40 * HOUR_MS);
  const moved = { ms: 0 };
  const reader: TaskReader = {
    async read(query) {
      const answer = await world.read(query);
      if (!answer.ok) return answer;
      const rows = answer.page.rows.map((task) => ({ ...task, authTime: (task.authTime ?? 0) + moved.ms }));
      return { ...answer, page: { ...answer.page, rows } };
    },
  };
  const kit = await pollKit(reader);
  const see = () => poll(kit.account, kit.deps, new AbortController().signal);
  await see();
  return {
    clock: kit.clock,
    async remindAfterMove(ms: number, rungsMs = [4 * HOUR_MS]): Promise<number> {
      moved.ms = ms;
      await see();
      const ladder = () => new Map([['ops', rungsMs]]);
      return remindDue({ ...kit.deps, ladder, intervalOf: () => 5 * MINUTE_MS });
    },
  };
}

it('a deadline that drifts by less than is told is not reminded of again', async () => {
  const { clock, remindAfterMove } = await setUp();
  await clock.advance(4 * HOUR_MS + MINUTE_MS);
  const made = [];
  for (const drift of [0, SECOND_MS, 2 * SECOND_MS, MINUTE_MS]) made.push(await remindAfterMove(drift));
  expect(made).toEqual([1, 0, 0, 0]);
});

it('a deadline that moved and was told as changed is reminded of anew', async () => {
  const { clock, remindAfterMove } = await setUp();
  await clock.advance(4 * HOUR_MS + MINUTE_MS);
  expect([await remindAfterMove(0), await remindAfterMove(HOUR_MS)]).toEqual([1, 0]);
  await clock.advance(HOUR_MS);
  expect(await remindAfterMove(HOUR_MS)).toBe(1);
});

it('rungs that had passed when a task was first seen are part of what is told then, the next one is told', async () => {
  const { clock, remindAfterMove } = await setUp();
  const rungsMs = [24 * HOUR_MS, 12 * HOUR_MS, 4 * HOUR_MS];
  expect(await remindAfterMove(0, rungsMs)).toBe(0);
  await clock.advance(4 * HOUR_MS + MINUTE_MS);
  expect(await remindAfterMove(0, rungsMs)).toBe(1);
});
