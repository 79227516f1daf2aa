import { expect, it } from 'vitest';
import { createPlaces } from '../../../src/lib/places.ts';

const never = new AbortController().signal;

it('only so many are in at a time, and who waits is let in in order', async () => {
  const places = createPlaces(2);
  const first = await places.enter(never);
  await places.enter(never);
  const came: string[] = [];
  const third = places.enter(never).then(() => came.push('third'));
  const fourth = places.enter(never).then((leave) => [came.push('fourth'), leave] as const);
  first();
  await third;
  expect(came).toEqual(['third']);
  first(); // a second time frees nothing
  await new Promise(setImmediate);
  expect(came).toEqual(['third']);
  void fourth;
});

it('who gives up the wait takes no place', async () => {
  const places = createPlaces(1);
  const leave = await places.enter(never);
  const stop = new AbortController();
  const waits = places.enter(stop.signal);
  const next = places.enter(never);
  stop.abort(new Error('stopped'));
  await expect(waits).rejects.toThrow('stopped');
  leave();
  (await next)();
  await expect(places.enter(stop.signal)).rejects.toThrow('stopped');
  await places.enter(never);
});
