import type { Clock } from '../lib/clock.ts';
import type { Fence, Lease } from '../store/store.ts';

interface Held {
  readonly lease: Lease;
  readonly stop: AbortController;
  /** By the monotonic clock, counted from before the request for it: never later than the end by the store's clock. */
  until: number;
}

/** What a unit of this replica knows of its lease. The store's word counts; this one is asked where the store is not. */
export class UnitFence implements Fence {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #held: Held | null = null;
  /** The number of the last lease but the one that is held. */
  #before: number | null = null;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  current(): Lease | null {
    return this.#held?.lease ?? null;
  }

  /** Milliseconds until the lease ends unless it is renewed; 0 where none is held. */
  leftMs(): number {
    return this.#held === null ? 0 : Math.max(0, this.#held.until - this.#clock.monotonic());
  }

  /** True where nobody has held it since this process held it last. */
  goesOn(): boolean {
    return this.#held !== null && this.#before === this.#held.lease.fence - 1;
  }

  hold(lease: Lease, until: number, stop: AbortController): void {
    this.#held = { lease, until, stop };
  }

  renewed(until: number): void {
    if (this.#held !== null) this.#held.until = until;
  }

  drop(): void {
    this.#before = this.#held?.lease.fence ?? this.#before;
    this.#held = null;
  }

  lost(): void {
    if (this.#held === null) return;
    this.#held.until = Number.NEGATIVE_INFINITY;
    this.#held.stop.abort(new Error('its lease was lost'));
  }

  /** For what is done outside the store, before each step: throws once the lease has ended. A process that was frozen learns it here first. */
  requireHeld(): void {
    if (this.leftMs() > 0) return;
    this.lost();
    throw new Error('its lease has ended');
  }
}
