import { type Clock, MINUTE_MS } from '../../lib/clock.ts';
import type { Credential, CredentialSource } from './credential.ts';

/** A fetched key and where it came from. */
export interface Fetched {
  readonly credential: Credential;
  readonly from: string;
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
/** While a refresh fails and the old key is valid, it is tried again this often. */
const RETRY_MS = 10_000;

/** Keeps one key, fetches it once for all who ask at the same time, and keeps the old one while a refresh fails. A failed fetch is never kept. */
export function createCachingSource(options: CachingOptions): CredentialSource {
  return new CachingSource(options);
}

interface Kept extends Fetched {
  readonly renewAt: number;
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
    if (kept === null) return this.refresh(signal);
    if (clock.now() < kept.renewAt) return kept.credential;
    try {
      return await this.refresh(signal);
    } catch (error) {
      signal.throwIfAborted();
      const { expiresAt } = kept.credential;
      if (expiresAt !== null && clock.now() >= expiresAt) throw error;
      if (this.#kept === kept) this.#kept = { ...kept, renewAt: clock.now() + RETRY_MS };
      return kept.credential;
    }
  }

  async refresh(signal: AbortSignal): Promise<Credential> {
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

  describe(): string {
    return this.#kept?.from ?? this.#options.name;
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
    const { credential, from } = await this.#options.fetch(signal);
    this.#kept = { credential, from, renewAt: this.#renewAt(credential) };
    return credential;
  }

  #renewAt({ expiresAt }: Credential): number {
    if (expiresAt === null) return Number.POSITIVE_INFINITY;
    const lifetime = Math.max(0, expiresAt - this.#options.clock.now());
    return expiresAt - Math.min(LONGEST_LEAD_MS, lifetime * LEAD_SHARE);
  }
}
