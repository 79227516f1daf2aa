import { type Clock, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { untilAborted } from '../lib/until-aborted.ts';
import type { LeaseRecord, LeaseStore } from '../store/store.ts';
import { Holdings, type Work } from './holdings.ts';
import { ALIVE_MS, RENEW_MS, REPLICA, shareOf } from './share.ts';
import type { Unit } from './unit.ts';
import { UnitFence } from './unit-fence.ts';

export interface ReplicaDeps {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process among all that share the store, for people too. */
  readonly me: string;
  readonly units: readonly Unit[];
}

/** One of several equal processes on one store; each works for the units whose leases it holds. */
export interface Replica {
  readonly me: string;
  /** Takes its share of the units, and `work`s for each until its lease ends; at the signal it gives all back. */
  run(signal: AbortSignal, work: (unit: Unit, signal: AbortSignal) => Promise<void>): Promise<void>;
  /**
   * Works with every unit at once; where another process holds one, does nothing and says who holds which. Stops and says the same where a lease is
   * lost meanwhile, which nobody may hold yet.
   */
  withAll<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<HeldAll<T>>;
  /** Whether this process works for the unit now. */
  works(unit: string): boolean;
}

export type HeldAll<T> = { readonly done: T } | { readonly heldBy: readonly LeaseRecord[] };

/** A look at the leases costs one small reading; by it a clean stop or a newcomer is seen this soon. */
const LOOK_MS = SECOND_MS;
/** The one before may have begun requests until its lease ended, and the pace of a key counts in sliding seconds. */
const QUIET_MS = SECOND_MS;

export function createReplica(deps: ReplicaDeps): Replica {
  const { store, clock, log, me, units } = deps;
  const holdings = new Holdings(deps);
  const fence = new UnitFence(clock);
  const alive: Unit = {
    name: `${REPLICA}${me}`,
    kind: 'replica',
    lastsMs: ALIVE_MS,
    fence,
    takeUp: async () => undefined,
    run: untilAborted,
  };
  let renewAt = Number.NEGATIVE_INFINITY;

  async function round(work: Work): Promise<void> {
    if (!holdings.names().has(alive.name)) await holdings.take([alive], (_, __, signal) => untilAborted(signal));
    if (clock.monotonic() >= renewAt) {
      renewAt = clock.monotonic() + RENEW_MS;
      await holdings.renew();
    }
    const { take, give } = shareOf(units, holdings.names(), await store.leases(clock.now()), me);
    // Not awaited: what is under way may take a moment to stop, and the rest must be renewed meanwhile.
    void holdings.giveBack(give);
    const wanted = new Set(take);
    await holdings.take(
      units.filter(({ name }) => wanted.has(name)),
      work,
    );
  }

  async function run(signal: AbortSignal, work: Parameters<Replica['run']>[1]): Promise<void> {
    let isTroubled = false;
    const begin: Work = async (unit, lease, mine) => {
      await unit.takeUp();
      if (lease.fence > 1) await clock.sleep(QUIET_MS, mine);
      await work(unit, mine);
    };
    while (!signal.aborted) {
      try {
        await round(begin);
        isTroubled = false;
      } catch (error) {
        // What cannot be renewed ends by itself.
        if (!isTroubled) log.warn('leases-not-tended', { error });
        isTroubled = true;
      }
      await clock.sleep(LOOK_MS, signal).catch(() => undefined); // aborted: the loop ends
    }
    await holdings.giveBack(holdings.names());
  }

  async function withAll<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<HeldAll<T>> {
    try {
      await holdings.take(units, (_, __, mine) => untilAborted(mine));
      if (holdings.names().size < units.length) return { heldBy: await heldByOthers() };
      const both = AbortSignal.any([signal, holdings.anyStops()]);
      const over = new AbortController();
      const renewing = renewUntil(AbortSignal.any([both, over.signal]));
      try {
        await Promise.all(units.map((unit) => unit.takeUp()));
        await clock.sleep(units.some((unit) => (unit.fence.current()?.fence ?? 0) > 1) ? QUIET_MS : 0, both);
        return { done: await work(both) };
      } catch (error) {
        if (signal.aborted || !both.aborted) throw error;
        return { heldBy: await heldByOthers() };
      } finally {
        over.abort();
        await renewing;
      }
    } finally {
      await holdings.giveBack(holdings.names());
    }
  }

  async function heldByOthers(): Promise<readonly LeaseRecord[]> {
    const wanted = new Set(units.map(({ name }) => name));
    const leases = await store.leases(clock.now());
    return leases.filter(({ name, owner, leftMs }) => wanted.has(name) && owner !== me && leftMs > 0);
  }

  async function renewUntil(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await clock.sleep(RENEW_MS, over).catch(() => undefined); // over: the loop ends
      if (!over.aborted) await holdings.renew().catch((error: unknown) => log.warn('leases-not-tended', { error }));
    }
  }

  return { me, run, withAll, works: (unit) => holdings.isWorking(unit) };
}
