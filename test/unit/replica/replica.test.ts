import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../src/lib/log.ts';
import { untilAborted } from '../../../src/lib/until-aborted.ts';
import { createFencing } from '../../../src/replica/fencing.ts';
import { createReplica, type Replica } from '../../../src/replica/replica.ts';
import type { Unit } from '../../../src/replica/unit.ts';
import { openMemoryStore } from '../../../src/store/sqlite-store.ts';
import type { LeaseStore, Store } from '../../../src/store/store.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { T0 } from '../../support/store-world.ts';

const LEASE_MS = 15_000;

let clock: FakeClock;
let store: Store;
const running: (() => Promise<void>)[] = [];
beforeEach(async () => {
  clock = createFakeClock(T0);
  store = await openMemoryStore(clock);
});
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
  await store.close();
});

interface Played {
  readonly replica: Replica;
  /** What it did, e.g. `a: taken up`. */
  readonly did: string[];
  /** How many leases it gave back in each transaction. */
  readonly released: number[];
  /** Cuts it off from the store, or connects it again. */
  cut(off: boolean): void;
  stop(): Promise<void>;
}

function play(me: string, names: readonly string[], starts = true): Played {
  const did: string[] = [];
  const released: number[] = [];
  let isCut = false;
  const cutOff = <A extends unknown[], T>(verb: (...args: A) => Promise<T>) => {
    return (...args: A): Promise<T> => (isCut ? Promise.reject(new Error('cut off')) : verb(...args));
  };
  const leases: LeaseStore = {
    acquireLeases: cutOff(store.acquireLeases),
    renewLeases: cutOff(store.renewLeases),
    releaseLeases: cutOff((held) => {
      released.push(held.length);
      return store.releaseLeases(held);
    }),
    leases: cutOff(store.leases),
  };
  const fenced = createFencing({ ...store, shared: true }, clock);
  const units = names.map(
    (name): Unit => ({
      name,
      kind: 'accounts',
      lastsMs: LEASE_MS,
      fence: fenced(name).fence,
      takeUp: async () => void did.push(`${name}: taken up`),
      async run(signal) {
        did.push(`${name}: runs at ${(clock.now() - T0) / 1000}`);
        await untilAborted(signal);
        did.push(`${name}: stops at ${(clock.now() - T0) / 1000}`);
      },
    }),
  );
  const replica = createReplica({ store: leases, clock, log: silentLog, me, units });
  const end = new AbortController();
  const ran = starts ? replica.run(end.signal, (unit, signal) => unit.run(signal)) : Promise.resolve();
  const stop = async (): Promise<void> => {
    end.abort();
    await ran;
  };
  running.push(stop);
  return {
    replica,
    did,
    released,
    cut(off) {
      isCut = off;
    },
    stop,
  };
}

it('takes up what another left before it runs, and waits a second where another had it', async () => {
  const first = play('first', ['a']);
  await clock.advance(0);
  expect(first.did).toEqual(['a: taken up', 'a: runs at 0']);
  await first.stop();
  const next = play('next', ['a']);
  await clock.advance(1000);
  expect(next.did).toEqual(['a: taken up', 'a: runs at 1']);
});

it('keeps what it holds for as long as it runs', async () => {
  const only = play('only', ['a', 'b']);
  await clock.advance(10 * LEASE_MS);
  expect(only.did.filter((line) => line.includes('stops'))).toEqual([]);
  expect(only.replica.works('a')).toBe(true);
});

it('shares with a newcomer within two looks, and has all again when that one goes', async () => {
  const first = play('first', ['a', 'b']);
  await clock.advance(0);
  const second = play('second', ['a', 'b']);
  await clock.advance(4000);
  expect([first.replica.works('a'), first.replica.works('b')]).toEqual([true, false]);
  expect([second.replica.works('a'), second.replica.works('b')]).toEqual([false, true]);
  await second.stop();
  await clock.advance(2000);
  expect(first.replica.works('b')).toBe(true);
});

it('takes over within two leases what several left that died one after the other', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const replicas = [play('first', names), play('second', names), play('third', names)];
  const works = ({ replica }: Played) => names.filter((name) => replica.works(name));
  await clock.advance(10_000);
  expect(replicas.map((each) => works(each).length)).toEqual([2, 2, 2]);
  const [first, second, third] = replicas;
  const ofFirst = first === undefined ? [] : works(first);
  first?.cut(true);
  // The second has just renewed what it holds, and takes nothing any more of what the first one's leases leave five seconds later.
  await clock.advance(10_000);
  second?.cut(true);
  await clock.advance(10_000);
  expect(ofFirst.every((name) => third?.replica.works(name))).toBe(true);
  await clock.advance(10_000);
  expect(third === undefined ? [] : works(third)).toEqual(names);
});

it('stops its work at the end of its lease while the store is out of reach, and takes it anew afterwards', async () => {
  const only = play('only', ['a']);
  await clock.advance(0);
  only.cut(true);
  await clock.advance(LEASE_MS);
  expect(only.did.at(-1)).toBe('a: stops at 15');
  expect(only.replica.works('a')).toBe(false);
  only.cut(false);
  await clock.advance(3000);
  expect(only.replica.works('a')).toBe(true);
});

it('stops what another has taken from it as soon as it learns of it', async () => {
  const frozen = play('frozen', ['a']);
  await clock.advance(0);
  frozen.cut(true);
  // The other's clock is the store's; a frozen process's own stands still.
  await store.acquireLeases('other', [{ name: 'a', lastsMs: LEASE_MS }], T0 + LEASE_MS);
  frozen.cut(false);
  await clock.advance(5000);
  expect(frozen.did).toEqual(['a: taken up', 'a: runs at 0', 'a: stops at 5']);
  expect(frozen.replica.works('a')).toBe(false);
});

it('works with all at once only where nobody else holds anything, and says who does', async () => {
  const first = play('first', ['a', 'b']);
  await clock.advance(0);
  const once = play('once', ['a', 'b'], false);
  const held = await once.replica.withAll(new AbortController().signal, async () => 'done');
  expect(held).toMatchObject({
    heldBy: [
      { name: 'a', owner: 'first' },
      { name: 'b', owner: 'first' },
    ],
  });
  await first.stop();
  const done = once.replica.withAll(new AbortController().signal, async () => 'done');
  await clock.advance(1000);
  expect(await done).toEqual({ done: 'done' });
  expect((await store.leases(clock.now())).filter(({ leftMs }) => leftMs > 0)).toEqual([]);
});

it('gives back at a stop what it has in few transactions, however much that is', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `unit ${index}`);
  const only = play('only', names);
  await clock.advance(0);
  await only.stop();
  expect((await store.leases(clock.now())).filter(({ leftMs }) => leftMs > 0)).toEqual([]);
  // Its own lease is one of them.
  expect(only.released.reduce((sum, count) => sum + count, 0)).toBe(101);
  expect(only.released.length).toBeLessThan(10);
});
