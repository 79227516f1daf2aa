import type { EpochMs } from '../../lib/clock.ts';

/** The right to work for something, until it ends or is given back. */
export interface Lease {
  readonly name: string;
  /** Names a process, for people too. */
  readonly owner: string;
  /** Greater than that of every lease of this name before. */
  readonly fence: number;
}

export interface LeaseRecord extends Lease {
  /** How long it still lasts by the store's clock; 0: it has ended. */
  readonly leftMs: number;
}

/** What a writer must hold at each of its writes. */
export interface Fence {
  /** The lease as the writer knows it; null: it holds none. */
  current(): Lease | null;
  /** Called before a write is refused: somebody else has taken the lease since, or there is none. */
  lost(): void;
}

/**
 * Leases by which several processes share the work of one store. An engine with a server goes by that server's clock and leaves `now` alone, so that
 * the clocks of hosts may disagree; an engine of one process goes by `now`.
 */
export interface LeaseStore {
  /** Takes those of the wanted leases that are free, have ended, or are the owner's own; each gets a new number. */
  acquireLeases(
    owner: string,
    wanted: readonly { readonly name: string; readonly lastsMs: number }[],
    now: EpochMs,
  ): Promise<readonly Lease[]>;
  /** From now on each lasts so long again. Returns those that are still held: an ended one must be acquired anew. */
  renewLeases(held: readonly (Lease & { readonly lastsMs: number })[], now: EpochMs): Promise<readonly Lease[]>;
  /** Ends those that are still held. */
  releaseLeases(held: readonly Lease[]): Promise<void>;
  /** Every lease that there ever was, by name. */
  leases(now: EpochMs): Promise<readonly LeaseRecord[]>;
}
