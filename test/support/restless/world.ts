import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import type { Random } from '../../../src/sandbox/seeded-random.ts';
import { repairTask } from '../repair-task.ts';
import type { Scene } from './scene.ts';

/** What a row shows from a moment on. */
export interface Shown {
  readonly since: number;
  readonly listed: boolean;
  readonly task: RepairTask;
}

export interface WorldRow {
  readonly taskId: string;
  readonly createTime: number;
  /** Oldest first; the last one is what is shown now. */
  readonly states: Shown[];
  /** When it was first listed; before the world began: −∞. */
  readonly appearedAt: number;
}

/** The product that a narrowed account reads. */
export const WATCHED_PRODUCT = 'CVM';
const OTHER_PRODUCT = 'CDH';
/** Between two calls of `stir`: a second that never holds still cannot be read by anybody. */
const MOST_CHANGES = 40;
/** How far the history is read; some rows are older. */
export const LOOKBACK_MS = 30 * DAY_MS;
/** Rows appear at most so long after their CreateTime: within the overlap of `new`, lag and all. */
export const LATEST_MS = 9 * MINUTE_MS;

/**
 * What is behind the API: tasks that are born with a CreateTime in the past, change, vanish, come back, leave and enter the filter. It remembers
 * what each showed when, so that a lagging replica can show the past, and the promise can be judged.
 */
export class World {
  readonly rows: WorldRow[] = [];
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #now: () => number;
  /** The second that most things happen in. */
  readonly #crowd: number;
  #left = 0;

  constructor(scene: Scene, random: Random, now: () => number) {
    this.#scene = scene;
    this.#random = random;
    this.#now = now;
    this.#crowd = Math.floor(now() / SECOND_MS) * SECOND_MS - 5 * MINUTE_MS;
    for (let made = scene.pages * scene.pageLimit + scene.more; made > 0; made -= 1)
      this.#add(this.#firstTime(), random() < 0.7 ? 1 : 2 + this.#below(2) * 2, Number.NEGATIVE_INFINITY);
  }

  /** Nothing changes any more after so many changes, until the next call. */
  stir(): void {
    this.#left = this.#below(MOST_CHANGES);
  }

  /** Some changes, as restless as the scene is. */
  live(): void {
    for (let chance = this.#scene.restless; chance > 0 && this.#left > 0; chance -= 1) {
      if (this.#random() >= chance) continue;
      this.#left -= 1;
      this.#change();
    }
  }

  #change(): void {
    const what = this.#random();
    if (what < 0.25) this.#birth();
    else if (what < 0.55) this.#show(this.#some(), { taskStatus: 1 + this.#below(6) });
    else if (what < 0.66) this.#list(this.#some(), false);
    else if (what < 0.79) this.#list(this.#unlisted(), true);
    else if (what < 0.92) this.#swap();
    else this.#show(this.#some(), { product: this.#random() < 0.7 ? WATCHED_PRODUCT : OTHER_PRODUCT });
  }

  /** Most often late, and often closed when it appears. */
  #birth(): void {
    const now = Math.floor(this.#now() / SECOND_MS) * SECOND_MS;
    const crowded = this.#random() < 0.4 && now - this.#crowd < LATEST_MS;
    const createTime = crowded ? this.#crowd : now - this.#below(LATEST_MS / SECOND_MS) * SECOND_MS;
    this.#add(createTime, this.#random() < 0.6 ? 1 : 2 + this.#below(2), this.#now());
  }

  /** One goes, another of the same second comes: TotalCount stays. */
  #swap(): void {
    const goes = this.#some();
    if (goes === undefined || !last(goes).listed) return;
    this.#list(goes, false);
    const comes = this.rows.find((row) => row !== goes && row.createTime === goes.createTime && !last(row).listed);
    if (comes !== undefined) this.#list(comes, true);
    else if (this.#now() - goes.createTime < LATEST_MS) this.#add(goes.createTime, 1, this.#now());
  }

  #firstTime(): number {
    const { seconds } = this.#scene;
    if (this.#random() < 0.15) return this.#crowd - this.#below((39 * DAY_MS) / SECOND_MS) * SECOND_MS;
    return this.#crowd - this.#below(seconds) * SECOND_MS;
  }

  #add(createTime: number, taskStatus: number, since: number): void {
    const taskId = `rep-${String(this.rows.length + 1).padStart(5, '0')}`;
    const product = this.#random() < 0.9 ? WATCHED_PRODUCT : OTHER_PRODUCT;
    const task = repairTask({ taskId, createTime, taskStatus, product });
    this.rows.push({ taskId, createTime, states: [{ since, listed: true, task }], appearedAt: since });
  }

  #show(row: WorldRow | undefined, facts: Partial<RepairTask>): void {
    if (row === undefined) return;
    const { listed, task } = last(row);
    row.states.push({ since: this.#now(), listed, task: { ...task, ...facts } });
  }

  #list(row: WorldRow | undefined, listed: boolean): void {
    if (row === undefined || last(row).listed === listed) return;
    row.states.push({ since: this.#now(), listed, task: last(row).task });
  }

  #some(): WorldRow | undefined {
    return this.rows[this.#below(this.rows.length)];
  }

  #unlisted(): WorldRow | undefined {
    const gone = this.rows.filter((row) => !last(row).listed);
    return gone[this.#below(gone.length)];
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end);
  }
}

/** What the row shows at a moment; null before it appeared. */
export function shownAt(row: WorldRow, at: number): Shown | null {
  return row.states.findLast(({ since }) => since <= at) ?? null;
}

/** True where every view from `from` to `to` shows the row so. */
export function throughout(row: WorldRow, from: number, to: number, so: (shown: Shown) => boolean): boolean {
  const first = shownAt(row, from);
  return (
    first !== null && so(first) && row.states.every((shown) => shown.since <= from || shown.since > to || so(shown))
  );
}

/** True where some view from `from` to `to` shows the row so. */
export function sometimes(row: WorldRow, from: number, to: number, so: (shown: Shown) => boolean): boolean {
  const first = shownAt(row, from);
  return (
    (first !== null && so(first)) || row.states.some((shown) => shown.since > from && shown.since <= to && so(shown))
  );
}

function last(row: WorldRow): Shown {
  const shown = row.states.at(-1);
  if (shown === undefined) throw new Error(`The row ${row.taskId} has no state.`);
  return shown;
}
