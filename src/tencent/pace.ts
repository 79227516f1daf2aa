import { type Clock, SECOND_MS } from '../lib/clock.ts';
import { PRIORITIES, type Priority } from '../poll/task-reader.ts';

/** Lets requests of one key start evenly, the most urgent first, and never more than the limit in any sliding second. */
export interface Pace {
  /** Resolves when one request may start, at once; rejects with the signal's reason when it is aborted first. */
  start(priority: Priority, signal: AbortSignal): Promise<void>;
  /** The API said RequestLimitExceeded: half the speed from now on, at least one start a second, then a twentieth of the full one more each second. */
  slowDown(): void;
  /** Starts per second at this moment. */
  rate(): number;
}

export interface PaceOptions {
  /** Starts in any sliding second, a whole number from 1. */
  readonly perSecond: number;
  readonly clock: Clock;
}

export function createPace(options: PaceOptions): Pace {
  return new EvenPace(options);
}

/** After a slow-down the speed grows by this share of the full one each second. */
const RECOVERY_PER_SECOND = 0.05;
/** Answers to one burst come together: they are one reason to slow down. */
const ONE_BURST_MS = SECOND_MS;
/** How far behind its grid the pace may be and still catch up: two starts, or what a busy event loop costs a fast pace. */
const CATCH_UP_STARTS = 2;
const CATCH_UP_MS = 50;
/** While it catches up, starts keep this share of the even spacing; below the timers' own coarseness it means nothing. */
const TIGHTEST_SPACING = 0.75;
const TIMER_COARSENESS_MS = 5;

interface Waiter {
  readonly resolve: () => void;
}

/**
 * Starts lie on a grid of even steps of the monotonic clock, so a timer that fires late delays one start and not all that follow.
 * A ring of the last starts as they really were guards the sliding second.
 */
class EvenPace implements Pace {
  readonly #perSecond: number;
  readonly #clock: Clock;
  readonly #queues: ReadonlyMap<Priority, Set<Waiter>> = new Map(PRIORITIES.map((name) => [name, new Set<Waiter>()]));
  /** The last `perSecond` starts, a ring; `#ring[#oldest]` is the one that leaves it next. */
  readonly #ring: number[];
  #oldest = 0;
  #last = Number.NEGATIVE_INFINITY;
  #nextOnGrid = Number.NEGATIVE_INFINITY;
  #slowedTo: number;
  #slowedAt = Number.NEGATIVE_INFINITY;
  #nap: AbortController | null = null;

  constructor({ perSecond, clock }: PaceOptions) {
    if (!Number.isInteger(perSecond) || perSecond < 1) {
      throw new RangeError(`requests per second are ${perSecond}; they must be a whole number from 1`);
    }
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#ring = new Array<number>(perSecond).fill(Number.NEGATIVE_INFINITY);
    this.#slowedTo = perSecond;
  }

  start(priority: Priority, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const queue = this.#queues.get(priority);
      if (queue === undefined) return reject(new RangeError(`unknown priority ${priority}`));
      const onAbort = () => {
        queue.delete(waiter);
        if (this.#first() === null) this.#nap?.abort();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        resolve: () => {
          queue.delete(waiter);
          signal.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      queue.add(waiter);
      this.#release();
    });
  }

  slowDown(): void {
    const now = this.#clock.monotonic();
    if (now - this.#slowedAt < ONE_BURST_MS) return;
    this.#slowedTo = Math.max(1, this.rate() / 2);
    this.#slowedAt = now;
    this.#nextOnGrid = Math.max(this.#nextOnGrid, now + this.#stepMs());
  }

  rate(): number {
    const seconds = (this.#clock.monotonic() - this.#slowedAt) / SECOND_MS;
    return Math.min(this.#perSecond, this.#slowedTo + seconds * RECOVERY_PER_SECOND * this.#perSecond);
  }

  #stepMs(): number {
    return SECOND_MS / this.rate();
  }

  #first(): Waiter | null {
    for (const queue of this.#queues.values()) for (const waiter of queue) return waiter;
    return null;
  }

  /** Starts all that may start now; sleeps until the next one may if any waits. */
  #release(): void {
    if (this.#nap !== null) return;
    for (let first = this.#first(); first !== null; first = this.#first()) {
      const now = this.#clock.monotonic();
      const dueAt = this.#dueAt();
      if (now < dueAt) {
        this.#sleep(dueAt - now);
        return;
      }
      this.#note(now);
      first.resolve();
    }
  }

  #dueAt(): number {
    const step = this.#stepMs();
    const spaced = step > TIMER_COARSENESS_MS ? this.#last + step * TIGHTEST_SPACING : this.#last;
    const ringFree = (this.#ring[this.#oldest] ?? Number.NEGATIVE_INFINITY) + SECOND_MS;
    return Math.max(this.#nextOnGrid, spaced, ringFree);
  }

  #note(now: number): void {
    const step = this.#stepMs();
    const catchUp = Math.max(CATCH_UP_STARTS * step, CATCH_UP_MS);
    // A pace that idled must not store up starts: only a timer's lateness is caught up.
    const idle = now - this.#last > step + catchUp;
    this.#nextOnGrid = (idle ? now : Math.max(this.#nextOnGrid, now - catchUp)) + step;
    this.#last = now;
    this.#ring[this.#oldest] = now;
    this.#oldest = (this.#oldest + 1) % this.#perSecond;
  }

  #sleep(ms: number): void {
    const nap = new AbortController();
    this.#nap = nap;
    const wake = () => {
      this.#nap = null;
      this.#release();
    };
    this.#clock.sleep(ms, nap.signal).then(wake, wake);
  }
}
