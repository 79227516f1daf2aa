import { expect, test } from 'vitest';
import type { Clock } from '../../../src/lib/clock.ts';
import { createClosers } from '../../../src/lib/closers.ts';

/** A clock whose sleeps end when told. */
function handClock(): Clock & { wake(): void } {
  const sleepers: (() => void)[] = [];
  return {
    now: () => 0,
    monotonic: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    wake: () => sleepers.splice(0).forEach((wake) => void wake()),
  };
}

test('what was opened last is closed first, and each only once', async () => {
  const closed: string[] = [];
  const closers = createClosers();
  for (const name of ['store', 'lane', 'server']) closers.push(name, () => void closed.push(name));
  const [first, second] = await Promise.all([closers.closeAll(), closers.closeAll()]);
  expect(closed).toEqual(['server', 'lane', 'store']);
  expect(first).toEqual([]);
  expect(second).toEqual([]);
});

test('a closer that throws or rejects is reported by name and does not stop the others', async () => {
  const closed: string[] = [];
  const closers = createClosers();
  closers.push('store', () => void closed.push('store'));
  closers.push('lane', () => Promise.reject(new Error('stuck')));
  closers.push('server', () => {
    throw new Error('broken');
  });
  const failures = await closers.closeAll();
  expect(closed).toEqual(['store']);
  expect(failures.map(({ name, error }) => `${name}: ${String(error)}`)).toEqual([
    'server: Error: broken',
    'lane: Error: stuck',
  ]);
});

test('a closer that never ends is left behind after its time', async () => {
  const clock = handClock();
  const closed: string[] = [];
  const closers = createClosers({ clock, timeoutMs: 3_000 });
  closers.push('store', () => void closed.push('store'));
  closers.push('server', () => {
    queueMicrotask(clock.wake);
    return new Promise<void>(() => undefined);
  });
  const failures = await closers.closeAll();
  expect(failures.map(({ name, error }) => `${name}: ${String(error)}`)).toEqual([
    'server: Error: not closed within 3000 ms',
  ]);
  expect(closed).toEqual(['store']);
});

test('what is opened while everything closes is closed too', async () => {
  const closed: string[] = [];
  const closers = createClosers();
  closers.push('server', () => {
    closers.push('late connection', () => void closed.push('late connection'));
  });
  await closers.closeAll();
  closers.push('later still', () => void closed.push('later still'));
  await closers.closeAll();
  expect(closed).toEqual(['late connection', 'later still']);
});
