import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Lease, LeaseStore } from '../store/store.ts';
import type { Unit } from './unit.ts';

export interface HoldingsDeps {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly log: Log;
  /** The owner that the leases name. */
  readonly me: string;
}

/** What is done for a unit while its lease is held. */
export type Work = (unit: Unit, lease: Lease, signal: AbortSignal) => Promise<void>;

interface Holding {
  readonly unit: Unit;
  readonly lease: Lease;
  readonly stop: AbortController;
  /** The work is over, and the lease given back where it was still held. */
  readonly ended: Promise<void>;
}

/** Leases that are given back together. */
interface Batch {
  readonly leases: Lease[];
  readonly done: Promise<void>;
}

/** The leases that this process holds, each with the work that is done for it and that stops with it. */
export class Holdings {
  readonly #deps: HoldingsDeps;
  readonly #held = new Map<string, Holding>();
  /** Not begun yet. */
  #releasing: Batch | null = null;
  #lastReleased: Promise<void> = Promise.resolve();

  constructor(deps: HoldingsDeps) {
    this.#deps = deps;
  }

  /** Names of units whose work goes on, or is just being ended. */
  names(): ReadonlySet<string> {
    return new Set(this.#held.keys());
  }

  isWorking(name: string): boolean {
    return this.#held.get(name)?.stop.signal.aborted === false;
  }

  /** Aborted as soon as the work for any of them must stop. */
  anyStops(): AbortSignal {
    return AbortSignal.any([...this.#held.values()].map(({ stop }) => stop.signal));
  }

  /** Takes those of the units that are free, and begins their work. */
  async take(units: readonly Unit[], work: Work): Promise<void> {
    const { store, clock, me } = this.#deps;
    if (units.length === 0) return;
    const asked = clock.monotonic();
    const leases = new Map((await store.acquireLeases(me, units, clock.now())).map((lease) => [lease.name, lease]));
    for (const unit of units) {
      const lease = leases.get(unit.name);
      if (lease !== undefined) this.#begin(unit, lease, asked + unit.lastsMs, work);
    }
  }

  /** What cannot be renewed is stopped: somebody else has it. */
  async renew(): Promise<void> {
    const { store, clock, log } = this.#deps;
    const all = [...this.#held.values()];
    const asked = clock.monotonic();
    const renewed = await store.renewLeases(
      all.map(({ lease, unit: { lastsMs } }) => ({ ...lease, lastsMs })),
      clock.now(),
    );
    const still = new Set(renewed.map(({ name }) => name));
    for (const holding of all) {
      const { unit, stop } = holding;
      if (this.#held.get(unit.name) !== holding || stop.signal.aborted) continue;
      if (still.has(unit.name)) unit.fence.renewed(asked + unit.lastsMs);
      else {
        log.warn('lease-lost', { unit: unit.name });
        unit.fence.lost();
      }
    }
  }

  /** Stops the work for these units and gives their leases back. */
  async giveBack(names: Iterable<string>): Promise<void> {
    const meant = [...names].map((name) => this.#held.get(name)).filter((holding) => holding !== undefined);
    for (const { stop } of meant) stop.abort(new Error('its lease is given back'));
    await Promise.all(meant.map(({ ended }) => ended));
  }

  #begin(unit: Unit, lease: Lease, until: number, work: Work): void {
    const stop = new AbortController();
    unit.fence.hold(lease, until, stop);
    this.#deps.log.info('lease-taken', { unit: unit.name, fence: lease.fence });
    const ended = this.#work(unit, lease, stop, work);
    this.#held.set(unit.name, { unit, lease, stop, ended });
  }

  async #work(unit: Unit, lease: Lease, stop: AbortController, work: Work): Promise<void> {
    const { log } = this.#deps;
    const over = new AbortController();
    void this.#watch(unit, stop, over.signal);
    try {
      await work(unit, lease, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) log.error('unit-failed', { unit: unit.name, error });
    }
    over.abort();
    const isHeld = unit.fence.leftMs() > 0;
    unit.fence.drop();
    try {
      if (isHeld) await this.#release(lease);
      if (isHeld) log.info('lease-given-back', { unit: unit.name, fence: lease.fence });
    } catch (error) {
      // It ends by itself.
      log.warn('lease-not-given-back', { unit: unit.name, error });
    }
    this.#held.delete(unit.name);
  }

  /** Those whose work ends while others are being released go together in the next transaction: a stop ends hundreds at once. */
  #release(lease: Lease): Promise<void> {
    const batch = this.#releasing ?? this.#nextBatch();
    batch.leases.push(lease);
    return batch.done;
  }

  #nextBatch(): Batch {
    const leases: Lease[] = [];
    const done = this.#lastReleased.then(() => {
      this.#releasing = null;
      return this.#deps.store.releaseLeases(leases);
    });
    this.#lastReleased = done.catch(() => undefined); // whoever gave them back hears of it
    this.#releasing = { leases, done };
    return this.#releasing;
  }

  /** Stops the work at the end of its lease, however long a renewal has been under way. */
  async #watch(unit: Unit, stop: AbortController, over: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    const until = AbortSignal.any([stop.signal, over]);
    try {
      for (let leftMs = unit.fence.leftMs(); leftMs > 0; leftMs = unit.fence.leftMs()) await clock.sleep(leftMs, until);
    } catch {
      return; // it was stopped before
    }
    log.warn('lease-ended', { unit: unit.name });
    stop.abort(new Error('its lease ended before it was renewed'));
  }
}
