import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { nextPollAt, phaseOf, spreadOf, startPollTicks } from '../../../src/poll/poll-ticks.ts';
import { ACCOUNT } from '../../support/poll-kit.ts';
import { timerClock as clock } from '../../support/timer-clock.ts';

const GENERAL = { schedule: '* * * * *', timezone: 'Asia/Shanghai' };
const POLL = { ...GENERAL, lookbackMs: 0, overlapMs: 0, requestsPerSecond: 18, sinceMs: 0, requestTimeoutMs: 0 };
const NOON = Date.UTC(2026, 10, 24, 12);

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

/** The moments, in milliseconds after the start, at which each account was ticked. */
function start(accounts: readonly { readonly name: string; readonly schedule?: typeof GENERAL }[]) {
  const began = Date.now();
  const ticked = new Map<string, number[]>(accounts.map(({ name }) => [name, []]));
  const pollers = accounts.map(({ name }) => ({
    account: name,
    tick: () => void ticked.get(name)?.push(Date.now() - began),
  }));
  const config = { accounts: accounts.map((account) => ({ ...ACCOUNT, ...account })), poll: POLL };
  return { ticked, ticks: startPollTicks(config, pollers, { clock, log: silentLog }) };
}

it('one account is polled at its tick', async () => {
  const { ticked, ticks } = start([{ name: 'prod' }]);
  await vi.advanceTimersByTimeAsync(3 * MINUTE_MS + SECOND_MS);
  expect(ticked.get('prod')?.map((at) => Math.round(at / SECOND_MS))).toEqual([60, 120, 180]);
  await ticks.stop();
});

it('500 accounts are each polled every minute, each at its own place in it', async () => {
  const accounts = Array.from({ length: 500 }, (_, i) => ({ name: `shop-${i}` }));
  const { ticked, ticks } = start(accounts);
  await vi.advanceTimersByTimeAsync(4 * MINUTE_MS - 1);
  const all = [...ticked.values()].map((moments) => moments.slice(0, 2));
  expect(all.every(([first = 0, second = 0]) => Math.abs(second - first - MINUTE_MS) < 100)).toBe(true);
  const bySecond = Map.groupBy(all.flat(), (at) => Math.floor(at / SECOND_MS));
  expect(Math.max(...[...bySecond.values()].map((moments) => moments.length))).toBeLessThan(25);
  await ticks.stop();
});

it('accounts with schedules of their own are polled by these', async () => {
  const hourly = { schedule: '30 12 * * *', timezone: 'UTC' };
  const { ticked, ticks } = start([{ name: 'prod' }, { name: 'test', schedule: hourly }]);
  await vi.advanceTimersByTimeAsync(31 * MINUTE_MS);
  expect(ticked.get('prod')?.length).toBeGreaterThanOrEqual(30);
  expect(ticked.get('test')?.map((at) => Math.round(at / MINUTE_MS))).toEqual([30]);
  await ticks.stop();
});

it('the next poll is that of the zone whose clock comes to it first', () => {
  const daily = (name: string, timezone: string) => ({
    ...ACCOUNT,
    name,
    schedule: { schedule: '0 9 * * *', timezone },
  });
  vi.setSystemTime(Date.UTC(2026, 10, 24));
  const accounts = [daily('beijing', 'Asia/Shanghai'), daily('london', 'Europe/London')];
  expect(nextPollAt({ accounts, poll: POLL })).toBe(Date.UTC(2026, 10, 24, 1));
});

it('after a stop nobody is ticked, not even who was to be within the spread', async () => {
  const { ticked, ticks } = start(Array.from({ length: 100 }, (_, i) => ({ name: `shop-${i}` })));
  await vi.advanceTimersByTimeAsync(MINUTE_MS + 30 * SECOND_MS);
  await ticks.stop();
  const before = [...ticked.values()].flat().length;
  expect(before).toBeGreaterThan(10);
  expect(before).toBeLessThan(90);
  await vi.advanceTimersByTimeAsync(5 * MINUTE_MS);
  expect([...ticked.values()].flat()).toHaveLength(before);
});

it('the spread is a second for each further account, and never longer than until the next tick', () => {
  expect([1, 2, 31, 500].map((accounts) => spreadOf(accounts, MINUTE_MS))).toEqual([0, 1_000, 30_000, 60_000]);
});

it('the place of an account is by its name alone', () => {
  expect(phaseOf('prod')).toBeCloseTo(0.4036, 4);
  expect(phaseOf('prod')).not.toBe(phaseOf('test'));
});

it('who goes on keeps its place over a reload, what passed meanwhile is made up for, and who is new is polled at once', async () => {
  const accounts = Array.from({ length: 30 }, (_, i) => ({ name: `shop-${i}` }));
  const before = start(accounts);
  await vi.advanceTimersByTimeAsync(MINUTE_MS + 10 * SECOND_MS);
  const early = new Set(accounts.map(({ name }) => name).filter((name) => before.ticked.get(name)?.length === 1));
  const places = await before.ticks.stop();
  await vi.advanceTimersByTimeAsync(2 * SECOND_MS);
  const after = start([...accounts, { name: 'new' }]);
  after.ticks.begin(places);
  expect(after.ticked.get('new')).toEqual([0]);
  await vi.advanceTimersByTimeAsync(45 * SECOND_MS);
  for (const { name } of accounts) expect(after.ticked.get(name)).toHaveLength(early.has(name) ? 0 : 1);
  const counts = accounts.map(({ name }) => after.ticked.get(name)?.[0] ?? 0);
  expect(new Set(counts.map((at) => Math.floor(at / SECOND_MS))).size).toBeGreaterThan(8);
  await vi.advanceTimersByTimeAsync(45 * SECOND_MS);
  for (const { name } of accounts) expect(after.ticked.get(name)?.length).toBeGreaterThanOrEqual(1);
  await after.ticks.stop();
});

it('a tick that comes while one configuration gives way to the next is not lost', async () => {
  const before = start([{ name: 'prod' }]);
  await vi.advanceTimersByTimeAsync(MINUTE_MS - SECOND_MS);
  const places = await before.ticks.stop();
  await vi.advanceTimersByTimeAsync(2 * SECOND_MS);
  const after = start([{ name: 'prod' }]);
  after.ticks.begin(places);
  expect(after.ticked.get('prod')).toEqual([0]);
  await after.ticks.stop();
});
