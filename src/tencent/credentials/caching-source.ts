import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../../lib/clock.ts';
import type { Credential, CredentialSource } from './credential.ts';

/** A fetched key and where it came from. */
export interface Fetched {
  readonly credential: Credential;
  readonly from: string;
  /** The giver's own clock when it gave the key; null or left out: it did not tell. */
  readonly givenAt?: EpochMs | null;
}

export interface CachingOptions {
  /** Rejects with a CredentialError or the signal's reason. */
  readonly fetch: (signal: AbortSignal) => Promise<Fetched>;
  /** What the source is called before its first key. */
  readonly name: string;
  readonly clock: Clock;
}

/** Before expiry: five minutes, or a tenth of the lifetime if that is shorter. */
const LONGEST_LEAD_MS = 5 * MINUTE_MS;
const LEAD_SHARE = 0.1;
/** While a refresh fails or hangs and the old key is valid, it is waited for again this often. */
const RETRY_MS = 10_000;
/** While the old key is valid, nobody waits longer than this for the new one. */
const PATIENCE_MS = 2_000;
/** A key that seems to have ended when it is given is used for so long: rather our clock is wrong. */
const SHORTEST_USE_MS = 1_000;

/**
 * Keeps one key, fetches it once for all who ask at the same time, and keeps the old one while a refresh fails. A failed fetch is never kept.
 * A key's life is measured by the giver's clock and spent by the monotonic one, so a host clock that is wrong or jumps changes nothing.
 */
export function createCachingSource(options: CachingOptions): CredentialSource {
  return new CachingSource(options);
}

/** Both moments on the monotonic clock. */
interface Kept extends Fetched {
  readonly renewAt: number;
  readonly endsAt: number;
}

/** One fetch and how many wait for it. */
interface Flight {
  readonly credential: Promise<Credential>;
  readonly stop: AbortController;
  waiters: number;
}

class CachingSource implements CredentialSource {
  readonly #options: CachingOptions;
  #kept: Kept | null = null;
  #flight: Flight | null = null;

  constructor(options: CachingOptions) {
    this.#options = options;
  }

  async get(signal: AbortSignal): Promise<Credential> {
    const { clock } = this.#options;
    const kept = this.#kept;
    if (kept === null || clock.monotonic() >= kept.endsAt) return this.#join(signal);
    if (clock.monotonic() < kept.renewAt) return kept.credential;
    try {
      const renewed = await this.#withPatience(this.#join(signal));
      if (renewed !== null) return renewed;
    } catch (error) {
      signal.throwIfAborted();
      if (clock.monotonic() >= kept.endsAt) throw error;
    }
    if (this.#kept === kept) this.#kept = { ...kept, renewAt: clock.monotonic() + RETRY_MS };
    return kept.credential;
  }

  async refresh(signal: AbortSignal, refused: Credential | null = null): Promise<Credential> {
    signal.throwIfAborted();
    const kept = this.#kept;
    const isNewer = refused !== null && kept !== null && kept.credential !== refused;
    return isNewer && this.#options.clock.monotonic() < kept.endsAt ? kept.credential : this.#join(signal);
  }

  distrust(refused: Credential): void {
    if (this.#kept?.credential === refused) this.#kept = { ...this.#kept, renewAt: Number.NEGATIVE_INFINITY };
  }

  describe(): string {
    return this.#kept?.from ?? this.#options.name;
  }

  /** Waits for the fetch that is under way, or begins one. */
  async #join(signal: AbortSignal): Promise<Credential> {
    signal.throwIfAborted();
    const flight = this.#flight ?? this.#takeOff();
    flight.waiters += 1;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        reject(signal.reason);
        this.#leave(flight, signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const settled = () => signal.removeEventListener('abort', onAbort);
      flight.credential.then(resolve, reject).finally(settled);
    });
  }

  /** null when the patience ended first; who waited still counts as a waiter, so the fetch goes on until it ends or the signal comes. */
  async #withPatience(waiting: Promise<Credential>): Promise<Credential | null> {
    const done = new AbortController();
    const late = this.#options.clock.sleep(PATIENCE_MS, done.signal).then(
      () => null,
      () => null, // the key came first
    );
    try {
      return await Promise.race([waiting, late]);
    } finally {
      done.abort();
    }
  }

  #takeOff(): Flight {
    const stop = new AbortController();
    const landed = () => {
      if (this.#flight === flight) this.#flight = null;
    };
    const flight: Flight = { credential: this.#fetch(stop.signal).finally(landed), stop, waiters: 0 };
    this.#flight = flight;
    return flight;
  }

  /** The fetch belongs to all who wait for it: it ends early only when the last of them has gone. */
  #leave(flight: Flight, reason: unknown): void {
    flight.waiters -= 1;
    if (flight.waiters > 0) return;
    if (this.#flight === flight) this.#flight = null;
    flight.stop.abort(reason);
  }

  async #fetch(signal: AbortSignal): Promise<Credential> {
    const fetched = await this.#options.fetch(signal);
    this.#kept = { ...fetched, ...this.#span(fetched) };
    return fetched.credential;
  }

  #span({ credential: { expiresAt }, givenAt }: Fetched): Pick<Kept, 'renewAt' | 'endsAt'> {
    if (expiresAt === null) return { renewAt: Number.POSITIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY };
    const { clock } = this.#options;
    // A clock that was told in whole seconds may have been almost a second further.
    const given = givenAt == null ? clock.now() : givenAt + SECOND_MS - 1;
    const lifetime = Math.max(SHORTEST_USE_MS, expiresAt - given);
    const endsAt = clock.monotonic() + lifetime;
    return { renewAt: endsAt - Math.min(LONGEST_LEAD_MS, lifetime * LEAD_SHARE), endsAt };
  }
}
