import { SECOND_MS } from '../lib/clock.ts';
import type { Page } from './task-reader.ts';
import type { Range } from './walk.ts';

/** How far the backfill of one account is, of what was left to read when this process began it. */
export interface BackfillProgress {
  readonly account: string;
  readonly requests: number;
  /** Tasks of the seconds that are proven by now. */
  readonly tasks: number;
  /** What `tasks` will come to, estimated from the API's TotalCounts; null while nothing tells. */
  readonly total: number | null;
  readonly requestsPerSecond: number;
  readonly tasksPerSecond: number;
  /** At the rate until now; null while that is not known. */
  readonly secondsLeft: number | null;
  /** True at the end, whatever it came to. */
  readonly over: boolean;
}

/** Takes note of a backfill's progress; called with each page, so it decides itself how often to say something. */
export type OnBackfill = (progress: BackfillProgress) => void;

/** A rate over less than this says nothing. */
const SHORTEST_MS = SECOND_MS / 2;

/** Counts what the walk of a backfill has read and estimates what is left. No IO, and time is an argument; the ranges are the walk's own, whose cursors move. */
export class BackfillMeter {
  readonly #account: string;
  readonly #beganAt: number;
  readonly #width: number;
  /** Tasks that a range has left by the last TotalCount; null where none tells. */
  readonly #left = new Map<Range, number | null>();
  #requests = 0;
  #tasks = 0;

  /** `now`: the monotonic clock. */
  constructor(account: string, ranges: readonly Range[], now: number) {
    this.#account = account;
    this.#beganAt = now;
    for (const range of ranges) this.#left.set(range, null);
    this.#width = this.#widthLeft();
  }

  asked(requests: number): void {
    this.#requests += requests;
  }

  /** Tasks of seconds that are proven now. */
  proved(tasks: number): void {
    this.#tasks += tasks;
  }

  /** A page that proves the seconds before `cursor`. */
  page({ rows, bad, totalCount }: Pick<Page, 'rows' | 'bad' | 'totalCount'>, range: Range, cursor: number): void {
    const proven = rows.filter(({ createTime }) => createTime < cursor);
    const wholeWindow = totalCount <= rows.length + bad.length;
    // A window that the API's limits made narrower than the range says nothing of the rest.
    const saysNothing = wholeWindow && range.until !== null && cursor < range.until;
    this.#left.set(range, saysNothing ? null : wholeWindow ? 0 : totalCount - proven.length);
  }

  /** `rest` was cut off `range`: until they are asked, each has half of what was left. */
  cut(range: Range, rest: Range): void {
    const left = this.#left.get(range) ?? null;
    const half = left === null ? null : left / 2;
    this.#left.set(range, half);
    this.#left.set(rest, half);
  }

  /** `now`: the monotonic clock. */
  progress(now: number, over = false): BackfillProgress {
    const seconds = (now - this.#beganAt) / SECOND_MS;
    const perSecond = (count: number): number => (now - this.#beganAt < SHORTEST_MS ? 0 : count / seconds);
    const left = over ? 0 : this.#tasksLeft();
    const tasksPerSecond = perSecond(this.#tasks);
    return {
      account: this.#account,
      requests: this.#requests,
      tasks: this.#tasks,
      total: left === null ? null : this.#tasks + Math.round(left),
      requestsPerSecond: perSecond(this.#requests),
      tasksPerSecond,
      secondsLeft: left === null || tasksPerSecond === 0 ? null : Math.round(left / tasksPerSecond),
      over,
    };
  }

  /** Where no TotalCount tells, a second holds as many tasks as those that were read. */
  #tasksLeft(): number | null {
    const untold = [...this.#left].filter(([, left]) => left === null).map(([range]) => range);
    const told = [...this.#left.values()].reduce<number>((sum, left) => sum + (left ?? 0), 0);
    const untoldWidth = untold.reduce((sum, range) => sum + widthOf(range), 0);
    if (untoldWidth === 0) return told;
    const read = this.#width - this.#widthLeft();
    return read <= 0 ? null : told + (this.#tasks / read) * untoldWidth;
  }

  #widthLeft(): number {
    return [...this.#left.keys()].reduce((sum, range) => sum + widthOf(range), 0);
  }
}

function widthOf({ cursor, until }: Range): number {
  return until === null ? 0 : Math.max(0, until - cursor);
}

/** Several backfills as one: the slowest says how long it takes; unknown where one of them is. */
export function sumProgress(all: readonly BackfillProgress[]): Omit<BackfillProgress, 'account'> {
  const running = all.filter(({ over }) => !over);
  const sum = (of: (each: BackfillProgress) => number): number => all.reduce((total, each) => total + of(each), 0);
  const rate = (of: (each: BackfillProgress) => number): number => running.reduce((total, each) => total + of(each), 0);
  return {
    requests: sum(({ requests }) => requests),
    tasks: sum(({ tasks }) => tasks),
    total: all.some(({ total }) => total === null) ? null : sum(({ total }) => total ?? 0),
    requestsPerSecond: rate(({ requestsPerSecond }) => requestsPerSecond),
    tasksPerSecond: rate(({ tasksPerSecond }) => tasksPerSecond),
    secondsLeft: running.some(({ secondsLeft }) => secondsLeft === null)
      ? null
      : Math.max(0, ...running.map(({ secondsLeft }) => secondsLeft ?? 0)),
    over: running.length === 0,
  };
}
