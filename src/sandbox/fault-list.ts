/** Faults that are set on a stand-in, oldest first; each can be hit a number of times. */
export class FaultList<F extends { readonly times?: number }> {
  #set: { readonly fault: F; left: number }[] = [];

  add(fault: F): void {
    this.#set.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#set = [];
  }

  /** The first fault that fits and is not used up, used up by one; null: none. */
  take<G extends F>(fits: (fault: F) => fault is G): G | null;
  take(fits?: (fault: F) => boolean): F | null;
  take(fits: (fault: F) => boolean = () => true): F | null {
    const hit = this.#set.find(({ fault, left }) => left > 0 && fits(fault));
    if (hit === undefined) return null;
    hit.left -= 1;
    return hit.fault;
  }
}
