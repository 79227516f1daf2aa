import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Fence, Lease, Store } from '../../src/store/store.ts';
import {
  claimedOf,
  commitPending,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pollEnd,
  pollThatFinds,
  T0,
} from '../support/store-world.ts';
import type { TheStore } from './store.ts';

const LONG_MS = 3_600_000;
const SHORT_MS = 50;
const want = (name: string, lastsMs = LONG_MS) => ({ name, lastsMs });

/** Takes one lease, or null. */
async function take(store: Store, owner: string, name: string, now = T0, lastsMs = LONG_MS): Promise<Lease | null> {
  const [lease] = await store.acquireLeases(owner, [want(name, lastsMs)], now);
  return lease ?? null;
}

/** A moment at which the lease has ended: a little later by `now`, or by the server's own clock, whichever counts. */
async function ended(store: Store, name: string): Promise<number> {
  for (let now = T0; ; now += 1) {
    const found = (await store.leases(now)).find((lease) => lease.name === name);
    if (found?.leftMs === 0) return now;
    await turn();
  }
}

function fenceOf(lease: Lease | null): Fence & { readonly losses: number } {
  let losses = 0;
  return {
    current: () => lease,
    lost() {
      losses += 1;
    },
    get losses() {
      return losses;
    },
  };
}

export function leaseCases(the: TheStore): void {
  test('of two that claim a lease at once one gets it', async () => {
    const claims = await Promise.all(['a', 'b', 'c'].map((owner) => take(the(), owner, 'lane x')));
    const [winner, ...others] = claims.filter((claim) => claim !== null);
    expect(others).toEqual([]);
    expect(await the().leases(T0)).toEqual([
      { name: 'lane x', owner: winner?.owner, fence: 1, leftMs: expect.any(Number) },
    ]);
  });

  test('of several leases those that are free are taken', async () => {
    await take(the(), 'a', 'two');
    const taken = await the().acquireLeases(
      'b',
      ['one', 'two', 'three'].map((name) => want(name)),
      T0,
    );
    expect(taken.map(({ name }) => name)).toEqual(['one', 'three']);
  });

  test('more leases than one statement takes are taken, renewed and given back, and of them only those that are held', async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `accounts ${index}`);
    await take(the(), 'other', 'accounts 700');
    const taken = await the().acquireLeases(
      'me',
      names.map((name) => want(name)),
      T0,
    );
    const mine = names.filter((name) => name !== 'accounts 700');
    expect(taken.map(({ name }) => name).toSorted()).toEqual(mine.toSorted());
    const believed = [...taken, { name: 'accounts 700', owner: 'me', fence: 1 }].map((lease) => ({
      ...lease,
      fence: lease.name === 'accounts 3' ? 7 : lease.fence,
      lastsMs: lease.name === 'accounts 9' ? 2 * LONG_MS : LONG_MS,
    }));
    const still = (await the().renewLeases(believed, T0 + 1)).map(({ name }) => name);
    expect(still.toSorted()).toEqual(mine.filter((name) => name !== 'accounts 3').toSorted());
    const longest = (await the().leases(T0 + 1)).toSorted((a, b) => b.leftMs - a.leftMs)[0];
    expect(longest?.name).toBe('accounts 9');
    await the().releaseLeases(believed);
    const left = (await the().leases(T0 + 1)).filter(({ leftMs }) => leftMs > 0);
    expect(left.map(({ name }) => name)).toEqual(['accounts 3', 'accounts 700']);
  });

  test('a lease that has ended is anybody’s, is not renewed, and its number grows', async () => {
    const first = await take(the(), 'a', 'lane x', T0, SHORT_MS);
    const later = await ended(the(), 'lane x');
    if (first === null) throw new Error('it was free');
    expect(await the().renewLeases([{ ...first, lastsMs: LONG_MS }], later)).toEqual([]);
    expect(await take(the(), 'b', 'lane x', later)).toMatchObject({ owner: 'b', fence: 2 });
    expect(await take(the(), 'a', 'lane x', later)).toBeNull();
  });

  test('a renewed lease lasts from then on; only its holder renews it', async () => {
    const lease = await take(the(), 'a', 'lane x', T0, 10_000);
    if (lease === null) throw new Error('it was free');
    expect(await the().renewLeases([{ ...lease, owner: 'b', lastsMs: LONG_MS }], T0)).toEqual([]);
    expect(await the().renewLeases([{ ...lease, lastsMs: LONG_MS }], T0)).toEqual([lease]);
    const [record] = await the().leases(T0);
    expect(record?.leftMs).toBeGreaterThan(LONG_MS / 2);
  });

  test('a released lease is free at once, and nobody releases another’s', async () => {
    const lease = await take(the(), 'a', 'lane x');
    if (lease === null) throw new Error('it was free');
    await the().releaseLeases([{ ...lease, owner: 'b' }]);
    expect(await take(the(), 'b', 'lane x')).toBeNull();
    await the().releaseLeases([lease]);
    expect(await take(the(), 'b', 'lane x')).toEqual({ name: 'lane x', owner: 'b', fence: 2 });
    await the().releaseLeases([lease]);
    expect(await take(the(), 'c', 'lane x')).toBeNull();
  });

  test('who restarts under the same name takes its own lease anew, which fences out what it was', async () => {
    const before = fenceOf(await take(the(), 'a', 'lane x'));
    expect(await take(the(), 'a', 'lane x')).toMatchObject({ fence: 2 });
    await expect(the().within(before).beat({ loop: 'l', at: T0, withinMs: 1 })).rejects.toThrow(/holds the lease/);
  });

  test('who works within a lease writes until another has taken it, and then nothing', async () => {
    const fence = fenceOf(await take(the(), 'a', 'accounts k', T0, SHORT_MS));
    const old = the().within(fence);
    const { poll } = await old.beginPoll('prod', 'poll', T0);
    await commitPending(old, poll, ['rep-a']);
    const later = await ended(the(), 'accounts k');
    await commitPending(old, poll, ['rep-b']);
    await take(the(), 'b', 'accounts k', later);
    let decided = 0;
    const decide = () => {
      decided += 1;
      return page({});
    };
    await expect(old.commitPage(poll, ['rep-c'], decide)).rejects.toThrow(/holds the lease "accounts k" now/);
    await expect(old.endPoll(poll, pollEnd({ checkpoint: T0 }))).rejects.toThrow(/holds the lease/);
    expect({ decided, losses: fence.losses }).toEqual({ decided: 0, losses: 2 });
    expect(await the().openTaskCount('prod')).toBe(2);
    expect(await the().accounts()).toMatchObject([{ checkpoint: null }]);
    expect(await old.openTaskCount('prod')).toBe(2);
  });

  test('a message that a frozen replica had claimed is claimed by the next, and settled by that one only', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const old = the().within(fenceOf(await take(the(), 'a', 'lane x', T0, SHORT_MS)));
    const first = claimedOf(await old.claim(LANE, T0, LEASE_MS, oneEach));
    const later = await ended(the(), 'lane x');
    const next = the().within(fenceOf(await take(the(), 'b', 'lane x', later)));
    expect(await next.recoverMessages(T0, LANE.channels)).toBe(1);
    const again = claimedOf(await next.claim(LANE, T0, LEASE_MS, oneEach));
    expect(again).toMatchObject({ message: first.message, mayRepeat: true });
    await expect(old.settle(first, { state: 'dead', at: T0, reason: 'x' })).rejects.toThrow(/holds the lease/);
    await expect(old.claim(LANE, T0 + LEASE_MS, LEASE_MS, oneEach)).rejects.toThrow(/holds the lease/);
    await next.settle(again, { state: 'delivered', at: T0, receipt: 'ok' });
    expect(await the().deliveries({ limit: 9 })).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  test('who gave its lease back writes nothing more', async () => {
    const fence = fenceOf(null);
    await expect(the().within(fence).beat({ loop: 'l', at: T0, withinMs: 1 })).rejects.toThrow(/given back/);
    expect(fence.losses).toBe(1);
  });

  test('who takes accounts or channels over takes up theirs and leaves the others’ alone', async () => {
    await the().syncAccounts(
      ['prod', 'other'].map((name) => ({ name, filterKey: 'all' })),
      T0,
    );
    const { poll: mine } = await the().beginPoll('prod', 'poll', T0);
    const { poll: theirs } = await the().beginPoll('other', 'poll', T0);
    expect(await the().recoverPolls(T0 + 1, (account) => account === 'prod')).toBe(1);
    expect(await the().poll(mine.id)).toMatchObject({ result: 'interrupted' });
    expect(await the().poll(theirs.id)).toMatchObject({ result: null });
    await pollThatFinds(the(), ['rep-a'], ['slack', 'mail']);
    for (const channel of ['slack', 'mail']) await the().claim({ channels: [channel] }, T0, LEASE_MS, oneEach);
    expect(await the().recoverMessages(T0 + 1, ['slack'])).toBe(1);
    expect(await the().claim({ channels: ['mail'] }, T0 + 1, LEASE_MS, oneEach)).toMatchObject({ kind: 'nothing' });
    expect(await the().claim({ channels: ['slack'] }, T0 + 1, LEASE_MS, oneEach)).toMatchObject({ kind: 'message' });
  });

  test('only the beats that are named are forgotten, or all', async () => {
    for (const loop of ['polls a', 'polls b']) await the().beat({ loop, at: T0, withinMs: 1 });
    await the().forgetBeats(['polls a', 'polls z']);
    expect((await the().beats()).map(({ loop }) => loop)).toEqual(['polls b']);
    await the().forgetBeats();
    expect(await the().beats()).toEqual([]);
  });
}
