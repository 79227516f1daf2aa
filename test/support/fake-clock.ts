import { setImmediate as turn } from 'node:timers/promises';
import type { Clock, EpochMs } from '../../src/lib/clock.ts';

/** A clock that moves only when a test says so. */
export interface FakeClock extends Clock {
  /** Moves both clocks on by `ms`; every sleeper that falls due is woken at its own moment, in order, those that begin to sleep on the way included. */
  advance(ms: number): Promise<void>;
  /** The wall clock jumps (a correction, a suspended host); `monotonic()` and sleepers do not notice. */
  jumpWall(ms: number): void;
  /** How many sleeps wait. */
  sleepers(): number;
  /** Milliseconds until the next sleeper falls due; Infinity where none sleeps. */
  untilNext(): number;
  /** Resolves as soon as at least `count` sleeps wait: for code that does real IO before it sleeps. */
  whenSleeping(count?: number): Promise<void>;
  /** Moves from sleeper to sleeper until `work` is done; for code that sleeps between real IO. Not for code whose sleep is a deadline of that IO. */
  drive<T>(work: Promise<T>): Promise<T>;
}

/** A fake clock whose wall clock begins at `start`; its monotonic clock begins at 0. */
export function createFakeClock(start: EpochMs): FakeClock {
  return new SteppedClock(start);
}

interface Sleeper {
  readonly dueAt: number;
  wake(): void;
}

/** How many turns of the event loop woken code gets before time moves on: enough for promise chains and ended local IO. */
const TURNS_AFTER_WAKE = 2;

async function letRun(): Promise<void> {
  for (let i = 0; i < TURNS_AFTER_WAKE; i += 1) await turn();
}

class SteppedClock implements FakeClock {
  /** Ordered by dueAt, then by arrival. */
  readonly #waiting: Sleeper[] = [];
  #elapsed = 0;
  #wallStart: EpochMs;

  constructor(start: EpochMs) {
    this.#wallStart = start;
  }

  now(): EpochMs {
    return this.#wallStart + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(sleeper), 1);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper: Sleeper = { dueAt: this.#elapsed + Math.max(0, ms), wake };
      signal.addEventListener('abort', onAbort, { once: true });
      const later = this.#waiting.findIndex((other) => other.dueAt > sleeper.dueAt);
      this.#waiting.splice(later === -1 ? this.#waiting.length : later, 0, sleeper);
    });
  }

  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await this.#wakeUntil(end);
    this.#elapsed = end;
  }

  jumpWall(ms: number): void {
    this.#wallStart += ms;
  }

  sleepers(): number {
    return this.#waiting.length;
  }

  untilNext(): number {
    return (this.#waiting[0]?.dueAt ?? Number.POSITIVE_INFINITY) - this.#elapsed;
  }

  async whenSleeping(count = 1): Promise<void> {
    while (this.#waiting.length < count) await turn();
  }

  async drive<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = () => {
      done = true;
    };
    work.then(end, end);
    while (!done) {
      await letRun();
      const first = this.#waiting[0];
      if (!done && first !== undefined) await this.#wakeUntil(first.dueAt);
    }
    return work;
  }

  async #wakeUntil(end: number): Promise<void> {
    await letRun();
    for (let first = this.#waiting[0]; first !== undefined && first.dueAt <= end; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#elapsed = Math.max(this.#elapsed, first.dueAt);
      first.wake();
      await letRun();
    }
  }
}
