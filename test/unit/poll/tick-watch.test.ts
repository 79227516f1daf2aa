import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { createTickWatch } from '../../../src/poll/tick-watch.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

it('polls go on while the wall clock was set back and the schedule waits for it', async () => {
  const clock = createFakeClock(Date.UTC(2026, 10, 24, 4));
  let ticks = 0;
  const watch = createTickWatch(clock, 5 * MINUTE_MS, () => {
    ticks += 1;
  });
  clock.jumpWall(-HOUR_MS);
  for (let looks = 0; looks < 60; looks += 1) {
    await clock.advance(MINUTE_MS);
    watch.look();
  }
  expect(ticks).toBe(10);
});

it('the watch is silent while the schedule ticks', async () => {
  const clock = createFakeClock(0);
  const watch = createTickWatch(clock, 5 * MINUTE_MS, () => expect.unreachable('nothing was missed'));
  for (let ticks = 0; ticks < 10; ticks += 1) {
    await clock.advance(5 * MINUTE_MS);
    expect(watch.look()).toBe(false);
    watch.ticked();
  }
});
