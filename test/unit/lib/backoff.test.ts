import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from '../../../src/lib/backoff.ts';

const policy = (random: () => number) => ({ baseMs: 1_000, capMs: 60_000, random });

test('the longest wait doubles with each failed try up to the cap', () => {
  const almostOne = policy(() => 0.999999);
  expect([1, 2, 3, 6, 7, 5_000].map((attempt) => backoffMs(attempt, almostOne))).toEqual([
    1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
  ]);
});

test('a wait is whole milliseconds between zero and the cap, whatever the attempt and the draw', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -5, max: 100_000 }),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (attempt, draw) => {
        const waitMs = backoffMs(
          attempt,
          policy(() => draw),
        );
        expect(Number.isInteger(waitMs) && waitMs >= 0 && waitMs <= 60_000).toBe(true);
      },
    ),
  );
});

test('the draw spreads the waits over the whole span', () => {
  expect(
    [0, 0.25, 0.5].map((draw) =>
      backoffMs(
        3,
        policy(() => draw),
      ),
    ),
  ).toEqual([0, 1_000, 2_000]);
});
