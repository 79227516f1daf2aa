/** What a stand-in saw, in order; tests wait on it instead of sleeping. */
export class Journal<T> {
  readonly #entries: T[] = [];
  readonly #waiting = new Set<() => void>();

  get entries(): readonly T[] {
    return this.#entries;
  }

  add(entry: T): void {
    this.#entries.push(entry);
    for (const look of this.#waiting) look();
  }

  /** Resolves with the first entry that satisfies `test`, those already there included; never rejects. */
  async until(test: (entry: T) => boolean): Promise<T> {
    const [first] = await this.untilCount(1, test);
    if (first === undefined) throw new Error('a journal resolved a wait without an entry');
    return first;
  }

  /** Resolves with the first `count` entries that satisfy `test`, those already there included; never rejects. */
  untilCount(count: number, test: (entry: T) => boolean = () => true): Promise<readonly T[]> {
    return new Promise((resolve) => {
      const found: T[] = [];
      let seen = 0;
      const look = (): void => {
        for (; seen < this.#entries.length && found.length < count; seen++) {
          const entry = this.#entries[seen];
          if (entry !== undefined && test(entry)) found.push(entry);
        }
        if (found.length < count) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
