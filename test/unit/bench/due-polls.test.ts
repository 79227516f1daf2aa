import { expect, it } from 'vitest';
import { duePolls, type Ended } from '../../../bench/scale/due-polls.ts';
import { phaseOf } from '../../../src/poll/poll-ticks.ts';

const EVERY_MS = 60_000;
const MINUTE = Date.UTC(2026, 10, 24, 12, 0);
/** Two accounts spread over a second. */
const placeOf = (account: string): number => MINUTE + phaseOf(account) * 1000;
const began = (account: string, lateMs: number, result: Ended['result'] = 'complete'): Ended => ({
  account,
  startedAt: placeOf(account) + lateMs,
  endedAt: placeOf(account) + lateMs + 500,
  result,
});
const dueOf = (polls: readonly Ended[], toMs = 5000) =>
  duePolls(['a', 'b'], EVERY_MS, { from: MINUTE, to: MINUTE + toMs }, polls);

it('a poll is late by the time from its place in the schedule to its begin, and by nothing where a timer was early', () => {
  expect(dueOf([began('a', 250), began('b', -5)])).toEqual({ due: 2, done: 2, lateMs: [expect.closeTo(250), 0] });
});

it('what was not whole, or belongs to another tick, is not done', () => {
  expect(dueOf([began('a', 250, 'incomplete'), began('b', -1000)])).toEqual({ due: 2, done: 0, lateMs: [] });
});

it('each tick of the window is due', () => {
  expect(dueOf([began('a', 0), began('a', EVERY_MS + 10), began('b', 0)], 2 * EVERY_MS)).toMatchObject({
    due: 4,
    done: 3,
  });
});
