import { expect, test } from 'vitest';
import { createFakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;

test('sleepers wake at their own moments, in order, those that fall asleep on the way included', async () => {
  const clock = createFakeClock(1000);
  const woken: string[] = [];
  const log = (name: string) => woken.push(`${name} at ${clock.monotonic()}`);
  const twice = clock
    .sleep(10, never)
    .then(() => log('a'))
    .then(() => clock.sleep(5, never))
    .then(() => log('a again'));
  const once = clock.sleep(12, never).then(() => log('b'));
  await clock.advance(14);
  expect(woken).toEqual(['a at 10', 'b at 12']);
  await clock.advance(1);
  expect(woken.at(-1)).toBe('a again at 15');
  expect(clock.now()).toBe(1015);
  await Promise.all([twice, once]);
});

test('an aborted sleep rejects with the reason and waits no more', async () => {
  const clock = createFakeClock(0);
  const stop = new AbortController();
  const slept = clock.sleep(10, stop.signal);
  const why = new Error('stopped');
  stop.abort(why);
  await expect(slept).rejects.toBe(why);
  await expect(clock.sleep(10, stop.signal)).rejects.toBe(why);
  expect(clock.sleepers()).toBe(0);
});

test('drive moves time as far as the work needs, and a wall jump does not disturb it', async () => {
  const clock = createFakeClock(0);
  const work = clock.sleep(100, never).then(() => clock.sleep(50, never));
  clock.jumpWall(-5000);
  await clock.drive(work);
  expect(clock.monotonic()).toBe(150);
  expect(clock.now()).toBe(-4850);
});
