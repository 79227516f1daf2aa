import type { Clock } from '../../../src/lib/clock.ts';

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Time that passes only from event to event. The next event happens when everything that could act on the last one has acted, so that what
 * overlaps in time is decided by the events' moments alone, and repeats. Only for code whose only waits are promises and this time.
 */
export class Timeline {
  readonly #events: Event[] = [];
  readonly #onStep: () => void;
  #now: number;
  #turning = false;

  /** `onStep` is called before each event, at its moment. */
  constructor(start: number, onStep: () => void) {
    this.#now = start;
    this.#onStep = onStep;
  }

  get now(): number {
    return this.#now;
  }

  /** Lets time pass while nothing is under way. */
  skip(ms: number): void {
    if (this.#events.length > 0) throw new Error('Time cannot be skipped while something is under way.');
    this.#now += ms;
  }

  after(ms: number, run: () => void): void {
    const event = { at: this.#now + ms, run };
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.at ?? 0) > event.at) place -= 1;
    this.#events.splice(place, 0, event);
    this.#turn();
  }

  clock(): Clock {
    return {
      now: () => this.#now,
      monotonic: () => this.#now,
      sleep: (ms) => new Promise((resolve) => this.after(ms, resolve)),
    };
  }

  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    // A tick that is asked for by a microtask comes when no microtask is left.
    queueMicrotask(() => process.nextTick(() => this.#next()));
  }

  #next(): void {
    this.#turning = false;
    const event = this.#events.shift();
    if (event === undefined) return;
    this.#now = event.at;
    this.#onStep();
    event.run();
    if (this.#events.length > 0) this.#turn();
  }
}
