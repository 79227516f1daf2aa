import { SECOND_MS } from '../lib/clock.ts';

/** Counts the arrivals of one key in the second that slides along with them. */
export class ArrivalPace {
  #recent: number[] = [];
  #greatest = 0;

  /** The greatest number of arrivals that any sliding second has held. */
  get greatest(): number {
    return this.#greatest;
  }

  /** Notes an arrival at that moment of the monotonic clock; returns how many the second that ends with it holds. */
  arrive(at: number): number {
    this.#recent = this.#recent.filter((earlier) => earlier > at - SECOND_MS);
    this.#recent.push(at);
    this.#greatest = Math.max(this.#greatest, this.#recent.length);
    return this.#recent.length;
  }
}
