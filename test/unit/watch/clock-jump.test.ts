import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { createJumpWatch } from '../../../src/watch/clock-jump.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

it.each([HOUR_MS, -HOUR_MS])(
  'a wall clock that is set by %d ms is noticed once, and its correction too',
  async (jumpMs) => {
    const clock = createFakeClock(Date.UTC(2026, 10, 1));
    const jumped = createJumpWatch(clock);
    await clock.advance(HOUR_MS);
    expect(jumped()).toBe(0);
    clock.jumpWall(jumpMs);
    expect([jumped(), jumped()]).toEqual([jumpMs, 0]);
    clock.jumpWall(-jumpMs);
    expect([jumped(), jumped()]).toEqual([-jumpMs, 0]);
  },
);

it('a correction of seconds is none', () => {
  const clock = createFakeClock(Date.UTC(2026, 10, 1));
  const jumped = createJumpWatch(clock);
  clock.jumpWall(-5_000);
  expect(jumped()).toBe(0);
});
