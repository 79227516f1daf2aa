import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { PRIORITIES, type Priority } from '../../../src/poll/task-reader.ts';
import { lastingKey } from '../../../src/tencent/credentials/lasting-key.ts';
import { createPace } from '../../../src/tencent/pace.ts';
import { createPaceRegistry, paceKey } from '../../../src/tencent/pace-registry.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;
/** Sums of fractions of milliseconds are not exact. */
const ROUNDING_MS = 1e-6;

/** Its timers fire late by what `lateness` gives next. */
function withLateTimers(clock: FakeClock, lateness: () => number): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => clock.sleep(ms + lateness(), signal),
  };
}

function mostInAnySecond(starts: readonly number[]): number {
  return Math.max(
    0,
    ...starts.map((from) => starts.filter((at) => at >= from && at < from + 1000 - ROUNDING_MS).length),
  );
}

test('starts are evenly spaced from the first one on, and an idle pace stores none up', async () => {
  const clock = createFakeClock(0);
  const pace = createPace({ perSecond: 10, clock });
  const starts: number[] = [];
  const ask = () => pace.start('live', never).then(() => starts.push(clock.monotonic()));
  const first = [ask(), ask(), ask()];
  await clock.advance(5000);
  const second = [ask(), ask()];
  await clock.drive(Promise.all([...first, ...second]));
  expect(starts).toEqual([0, 100, 200, 5000, 5100]);
});

test('the most urgent goes first, and within one priority who came first', async () => {
  const clock = createFakeClock(0);
  const pace = createPace({ perSecond: 10, clock });
  const order: string[] = [];
  const backwards: Priority[] = [...PRIORITIES].reverse();
  const asked = ['', ...backwards, ...backwards].map((name, i) =>
    pace
      .start(name === '' ? 'command' : (backwards[(i - 1) % backwards.length] ?? 'live'), never)
      .then(() => order.push(name)),
  );
  await clock.drive(Promise.all(asked));
  expect(order).toEqual(['', ...PRIORITIES.flatMap((name) => [name, name])]);
});

test('who gives up while it waits takes no slot, and hears the reason', async () => {
  const clock = createFakeClock(0);
  const pace = createPace({ perSecond: 10, clock });
  const stop = new AbortController();
  const why = new Error('enough');
  await pace.start('live', never);
  const given = pace.start('live', stop.signal);
  stop.abort(why);
  await expect(given).rejects.toBe(why);
  await expect(pace.start('live', stop.signal)).rejects.toBe(why);
  await clock.advance(0);
  expect(clock.sleepers()).toBe(0);
  await clock.drive(pace.start('live', never));
  expect(clock.monotonic()).toBe(100);
});

test('timers that fire up to 20 ms late cost less than 3 % of the rate', async () => {
  const fake = createFakeClock(0);
  let turn = 0;
  const clock = withLateTimers(fake, () => {
    turn += 1;
    return (turn * 7) % 20;
  });
  const pace = createPace({ perSecond: 18, clock });
  const starts: number[] = [];
  const all = Array.from({ length: 1801 }, () =>
    pace.start('backfill', never).then(() => starts.push(fake.monotonic())),
  );
  await fake.drive(Promise.all(all));
  expect(fake.monotonic()).toBeLessThanOrEqual(100_000 / 0.97);
  expect(mostInAnySecond(starts)).toBeLessThanOrEqual(18);
});

test('RequestLimitExceeded halves the speed once for one burst; the full speed is back within 10 s', async () => {
  const clock = createFakeClock(0);
  const pace = createPace({ perSecond: 18, clock });
  pace.slowDown();
  pace.slowDown();
  expect(pace.rate()).toBe(9);
  await clock.advance(5000);
  expect(pace.rate()).toBeCloseTo(13.5);
  await clock.advance(5000);
  expect(pace.rate()).toBe(18);
});

test('however often it is slowed down, one start a second is left', async () => {
  const clock = createFakeClock(0);
  const pace = createPace({ perSecond: 2, clock });
  for (let i = 0; i < 5; i += 1) {
    pace.slowDown();
    await clock.advance(1000);
  }
  expect(pace.rate()).toBeGreaterThanOrEqual(1);
  await clock.drive(pace.start('live', never));
});

test('accounts of one key share a pace, and the registry keeps no key', () => {
  const registry = createPaceRegistry({ perSecond: 18, clock: createFakeClock(0) });
  const key = (id: string) => ({ secretId: new Secret(id), secretKey: new Secret('x'), token: null });
  const role = { roleArn: 'qcs::cam::uin/1:roleName/r', sessionName: 's', externalId: null };
  const keys = [
    paceKey({ key: key('AKID1'), assumeRole: null }),
    paceKey({ key: key('AKID2'), assumeRole: null }),
    paceKey({ key: key('AKID1'), assumeRole: role }),
    paceKey({ key: null, assumeRole: null }),
  ];
  expect(new Set(keys.map((each) => registry.paceFor(each))).size).toBe(4);
  expect(registry.paceFor(paceKey({ key: key('AKID1'), assumeRole: null }))).toBe(registry.paceFor(keys[0] ?? ''));
  expect(keys.join()).not.toContain('AKID');
});

test('a key that the chain finds has the pace of the same key in the configuration; a temporary one has the same after each renewal', () => {
  const found = (id: string, expiresAt: number | null) => ({ secretId: new Secret(id), expiresAt });
  const chained = { key: null, assumeRole: null };
  const explicit = { secretId: new Secret('AKID1'), secretKey: new Secret('x'), token: null };
  expect(paceKey(chained, found('AKID1', null))).toBe(paceKey({ key: explicit, assumeRole: null }));
  expect(paceKey(chained, found('AKID2', 1000))).toBe(paceKey(chained, found('AKID3', 2000)));
});

test('a pace without a whole number of starts is refused', () => {
  expect(() => createPace({ perSecond: 0, clock: createFakeClock(0) })).toThrow('requests per second are 0');
});

const aStep = fc.record({
  afterMs: fc.integer({ min: 0, max: 400 }),
  ask: fc.integer({ min: 0, max: 12 }),
  priority: fc.constantFrom(...PRIORITIES),
  abort: fc.boolean(),
  throttled: fc.boolean(),
});

test('whatever is asked, late or given up, no sliding second has more starts than the limit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.array(aStep, { maxLength: 25 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }),
      async (perSecond, steps, lateness) => {
        const fake = createFakeClock(0);
        let turn = 0;
        const pace = createPace({
          perSecond,
          clock: withLateTimers(fake, () => lateness[turn++ % lateness.length] ?? 0),
        });
        const starts: number[] = [];
        const asked: Promise<unknown>[] = [];
        for (const step of steps) {
          const stop = new AbortController();
          const note = () => starts.push(fake.monotonic());
          for (let i = 0; i < step.ask; i += 1)
            asked.push(pace.start(step.priority, stop.signal).then(note, () => 'given up'));
          if (step.throttled) pace.slowDown();
          await fake.advance(step.afterMs);
          if (step.abort) stop.abort();
        }
        await fake.drive(Promise.all(asked));
        expect(mostInAnySecond(starts)).toBeLessThanOrEqual(perSecond);
      },
    ),
    { numRuns: 60 },
  );
});

test('the key by which accounts are grouped is known beforehand where it stands in the environment or in the credentials file', async () => {
  const file = '[default]\nsecret_id = AKID-file\nsecret_key = x\n';
  const readFile = async (path: string): Promise<string> => {
    if (path === '/keys') return file;
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  };
  const inFile = { TENCENTCLOUD_CREDENTIALS_FILE: '/keys' };
  const inBoth = { ...inFile, TENCENTCLOUD_SECRET_ID: 'AKID-environment', TENCENTCLOUD_SECRET_KEY: 'x' };
  const chained = { key: null, assumeRole: null };
  for (const [env, id] of [
    [inFile, 'AKID-file'],
    [inBoth, 'AKID-environment'],
  ] as const) {
    const explicit = { key: { secretId: new Secret(id), secretKey: new Secret('x'), token: null }, assumeRole: null };
    expect(paceKey(chained, await lastingKey(env, readFile))).toBe(paceKey(explicit));
  }
  expect(await lastingKey({}, readFile)).toBeNull();
});
