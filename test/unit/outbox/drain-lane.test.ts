import { expect, it } from 'vitest';
import { SECOND_MS } from '../../../src/lib/clock.ts';
import { drainLane } from '../../../src/outbox/drain-lane.ts';
import type { LaneStep } from '../../../src/outbox/lane.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { T0 } from '../../support/store-world.ts';

const never = new AbortController().signal;
const DELIVERED: LaneStep = { did: 'sent', key: 'rw-0123456789', state: 'delivered' };
const FAILED: LaneStep = { ...DELIVERED, state: 'waiting' };
const DEAD: LaneStep = { ...DELIVERED, state: 'dead' };
const nothing: LaneStep = { did: 'nothing', nextAt: null };

/** Plays the steps, where a number stands for "nothing, the oldest is due in so many seconds"; how it ended, and when. */
async function drain(steps: readonly (LaneStep | number)[], patienceSeconds = 30) {
  const clock = createFakeClock(T0);
  const left = [...steps];
  const step = async (): Promise<LaneStep> => {
    const next = left.shift() ?? nothing;
    return typeof next === 'number' ? { did: 'nothing', nextAt: clock.now() + next * SECOND_MS } : next;
  };
  const delivered = await clock.drive(drainLane({ step }, clock, patienceSeconds * SECOND_MS, never));
  return { delivered, left: left.length, seconds: (clock.now() - T0) / SECOND_MS };
}

it('a lane that has nothing more to do is drained', async () => {
  expect(await drain([DELIVERED, DEAD, DELIVERED])).toEqual({ delivered: 2, left: 0, seconds: 0 });
});

it('a message that failed is tried once more when its pause is over, and what stood behind it goes then', async () => {
  expect(await drain([FAILED, 2, DELIVERED, DELIVERED])).toEqual({ delivered: 2, left: 0, seconds: 2 });
});

it('a message that waits from an earlier run is tried when its pause is over', async () => {
  expect(await drain([7, DELIVERED])).toEqual({ delivered: 1, left: 0, seconds: 7 });
});

it('a message of which nobody knows whether it was taken over is waited for no more than once, too', async () => {
  const unknown: LaneStep = { ...DELIVERED, state: 'unknown' };
  expect(await drain([unknown, 2, unknown, 3, DELIVERED])).toEqual({ delivered: 0, left: 1, seconds: 2 });
});

it('a message that fails once more is left, with all that stands behind it', async () => {
  expect(await drain([FAILED, 2, FAILED, 3, DELIVERED])).toEqual({ delivered: 0, left: 1, seconds: 2 });
});

it('each message has its own second try, as long as the waits together are short enough', async () => {
  expect(await drain([FAILED, 20, DELIVERED, FAILED, 10, DELIVERED])).toMatchObject({ delivered: 2, seconds: 30 });
  expect(await drain([FAILED, 20, DELIVERED, FAILED, 11, DELIVERED])).toMatchObject({ delivered: 1, seconds: 20 });
});

it('nobody waits for a lane that pauses for long, or without patience', async () => {
  expect(await drain([FAILED, 300, DELIVERED])).toMatchObject({ delivered: 0, seconds: 0 });
  expect(await drain([FAILED, 1, DELIVERED], 0)).toMatchObject({ delivered: 0, seconds: 0 });
});
