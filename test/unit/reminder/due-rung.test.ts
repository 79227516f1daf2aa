import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { dueRung } from '../../../src/reminder/due-rung.ts';

const LADDER = [24 * HOUR_MS, 4 * HOUR_MS, HOUR_MS];
const DEADLINE = 100 * HOUR_MS;
const hoursBefore = (hours: number): number => DEADLINE - hours * HOUR_MS;

it.each([
  ['nothing before the first rung', 48, 25, null],
  ['the first rung when it passes', 48, 24, 24],
  ['only the last of several that passed', 48, 0.5, 1],
  ['no rung that had passed when the task was told', 3, 2, null],
  ['the next rung after the task was told late', 3, 1, 1],
  ['nothing once the deadline is over', 48, 0, null],
])('due is %s', (_name, toldHours, nowHours, rung) => {
  const due = dueRung(DEADLINE, LADDER, hoursBefore(toldHours), hoursBefore(nowHours));
  expect(due).toBe(rung === null ? null : rung * HOUR_MS);
});
