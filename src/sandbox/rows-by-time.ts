import type { VendorRow } from './row.ts';

/** Rows in the order of CreateTime, found by halving; rows of one second keep the order of their arrival. */
export class RowsByTime {
  readonly #seconds: number[] = [];
  readonly #rows: VendorRow[] = [];

  get size(): number {
    return this.#rows.length;
  }

  add(second: number, row: VendorRow): void {
    const at = this.after(second);
    if (at === this.#rows.length) {
      this.#seconds.push(second);
      this.#rows.push(row);
      return;
    }
    this.#seconds.splice(at, 0, second);
    this.#rows.splice(at, 0, row);
  }

  remove(second: number, row: VendorRow): void {
    const at = this.#rows.indexOf(row, this.before(second));
    if (at < 0) throw new Error(`the index does not hold ${row.TaskId}`);
    this.#seconds.splice(at, 1);
    this.#rows.splice(at, 1);
  }

  /** How many rows were created before that second. */
  before(second: number): number {
    let low = 0;
    let high = this.#seconds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#seconds[middle] ?? Number.POSITIVE_INFINITY) < second) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many rows were created up to that second, itself included. */
  after(second: number): number {
    return this.before(second + 1);
  }

  /** The rows created from `first` to `last`, both seconds included. */
  between(first: number, last: number): readonly VendorRow[] {
    return this.#rows.slice(this.before(first), this.after(last));
  }
}
