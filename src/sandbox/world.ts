import type { EpochMs } from '../lib/clock.ts';
import { type VendorRow, vendorRow } from './row.ts';
import { RowsByTime } from './rows-by-time.ts';
import { formatVendorTime, vendorSecond } from './vendor-time.ts';

/** One change of a world; null: the task was not, or is no longer, listed. */
export interface WorldChange {
  readonly at: EpochMs;
  readonly taskId: string;
  readonly before: VendorRow | null;
  readonly after: VendorRow | null;
}

export interface WorldOptions {
  /** The true clock: for the history. */
  readonly now: () => EpochMs;
  /** The server's clock, which may be off: for CreateTime. */
  readonly serverNow: () => EpochMs;
  /** Offset of the vendor's timestamps from UTC in milliseconds. */
  readonly utcOffsetMs: () => number;
}

/** All repair tasks of one account, and how they came to be so: the truth that a test compares with. */
export class World {
  readonly #options: WorldOptions;
  readonly #rows = new Map<string, VendorRow>();
  readonly #removed = new Map<string, VendorRow>();
  readonly #byStatus = new Map<number, RowsByTime>();
  readonly #history: WorldChange[] = [];
  #made = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  /** Every change since the world began, except what `load` put there; oldest first. */
  get history(): readonly WorldChange[] {
    return this.#history;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** The rows of each status, by CreateTime. */
  get indexes(): Iterable<readonly [status: number, rows: RowsByTime]> {
    return this.#byStatus;
  }

  /** `at` in the vendor's form and zone; now, if left out. */
  time(at: EpochMs = this.#options.serverNow()): string {
    return formatVendorTime(at, this.#options.utcOffsetMs());
  }

  /** Lists a new task, filled in where `task` leaves fields out (CreateTime: now); throws if the id is taken. */
  add(task: Partial<VendorRow> = {}): VendorRow {
    const row = this.make(task);
    this.#list(row);
    this.#note(row.TaskId, null, row);
    return row;
  }

  /** Lists many tasks at once as if they had always been there: no history. */
  load(tasks: Iterable<Partial<VendorRow>>): void {
    for (const task of tasks) this.#list(this.make(task));
  }

  /** Changes fields of a listed task. */
  set(taskId: string, changes: Partial<VendorRow>): VendorRow {
    const before = this.#listed(taskId);
    const after = { ...before, ...changes, TaskId: taskId };
    this.#index(after);
    this.#unindex(before);
    this.#rows.set(taskId, after);
    this.#note(taskId, before, after);
    return after;
  }

  /** The API no longer lists the task. */
  remove(taskId: string): void {
    const row = this.#listed(taskId);
    this.#unindex(row);
    this.#rows.delete(taskId);
    this.#removed.set(taskId, row);
    this.#note(taskId, row, null);
  }

  /** The API lists a removed task again, as it was. */
  restore(taskId: string): void {
    const row = this.#removed.get(taskId);
    if (row === undefined) throw new Error(`${taskId} was not removed`);
    this.#removed.delete(taskId);
    this.#list(row);
    this.#note(taskId, null, row);
  }

  get(taskId: string): VendorRow | null {
    return this.#rows.get(taskId) ?? null;
  }

  /** Every listed task, in the order of listing. */
  all(): readonly VendorRow[] {
    return [...this.#rows.values()];
  }

  /** What was otherwise at `at`: for each task that has changed since, its row then. */
  otherwiseAt(at: EpochMs): ReadonlyMap<string, VendorRow | null> {
    const then = new Map<string, VendorRow | null>();
    for (let i = this.#history.length - 1; i >= 0; i--) {
      const change = this.#history[i];
      if (change === undefined || change.at <= at) break;
      then.set(change.taskId, change.before);
    }
    return then;
  }

  /** The row that `add` would list. */
  make(task: Partial<VendorRow>): VendorRow {
    this.#made += 1;
    const created = task.CreateTime === undefined ? null : vendorSecond(task.CreateTime);
    const utcOffsetMs = this.#options.utcOffsetMs();
    const createdAt = created === null ? this.#options.serverNow() : created * 1000 - utcOffsetMs;
    return vendorRow(task, { number: this.#made, createdAt, utcOffsetMs });
  }

  #listed(taskId: string): VendorRow {
    const row = this.#rows.get(taskId);
    if (row === undefined) throw new Error(`${taskId} is not listed`);
    return row;
  }

  #list(row: VendorRow): void {
    if (this.#rows.has(row.TaskId)) throw new Error(`${row.TaskId} is listed already`);
    this.#index(row);
    this.#rows.set(row.TaskId, row);
  }

  #index(row: VendorRow): void {
    const second = secondOf(row);
    const status = Number(row.TaskStatus);
    const index = this.#byStatus.get(status) ?? new RowsByTime();
    this.#byStatus.set(status, index);
    index.add(second, row);
  }

  #unindex(row: VendorRow): void {
    this.#byStatus.get(Number(row.TaskStatus))?.remove(secondOf(row), row);
  }

  #note(taskId: string, before: VendorRow | null, after: VendorRow | null): void {
    this.#history.push({ at: this.#options.now(), taskId, before, after });
  }
}

function secondOf(row: VendorRow): number {
  const second = vendorSecond(row.CreateTime);
  if (second === null) throw new Error(`${row.TaskId}: CreateTime ${row.CreateTime} is not YYYY-MM-DD hh:mm:ss`);
  return second;
}
