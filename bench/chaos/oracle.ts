import type { VendorRow } from '../../src/sandbox/row.ts';
import { type Fate, fateOf, isStray } from './committed.ts';
import { advance, type History, NOTHING_YET } from './histories.ts';
import type { ApiRequest, Journal } from './journal.ts';
import { type Known, missed, type Step, seen } from './known.ts';

/** For each task the histories that the answers allow; each task is of one account. */
export function historiesOf({
  requests,
  said,
}: Pick<Journal, 'requests' | 'said'>): ReadonlyMap<string, readonly History[]> {
  const all = new Map<string, readonly History[]>();
  for (const own of Map.groupBy(requests, ({ account }) => account).values()) {
    const oracle = new Oracle();
    let earlier: ApiRequest | undefined;
    for (const [at, request] of own.entries()) {
      if (said !== null && isStray(request, earlier)) continue;
      oracle.take(request, fateOf(request, own.slice(at + 1, at + 1 + LOOKED_AT), said));
      if (request.set !== 'history') earlier = request;
    }
    for (const [taskId, histories] of oracle.histories) all.set(taskId, histories);
  }
  return all;
}

/** A process that goes on asks for the next page long before so many others were asked for. */
const LOOKED_AT = 300;

/** What one poll has shown of one task. */
interface Shown {
  /** The row that was certainly committed in this poll. */
  committed: VendorRow | null;
  /** A row that may have been. */
  perhaps: VendorRow | null;
  /** Answers to requests by id that did not list the task. */
  unlisted: number;
}

class Oracle {
  readonly histories = new Map<string, readonly History[]>();
  /** Of each process, its poll. */
  readonly #polls = new Map<number, Map<string, Shown>>();
  #poll = new Map<string, Shown>();

  take(request: ApiRequest, { wentOn, inTime }: Fate): void {
    const { answer, set, life } = request;
    this.#poll = (request.beginsPoll ? undefined : this.#polls.get(life)) ?? new Map();
    this.#polls.set(life, this.#poll);
    if (answer === null) return;
    const taken = inTime && !answer.spoiled;
    for (const row of answer.rows) {
      if (set === 'history') this.#advance(row.TaskId, false, answer.at, onlyNew(row));
      else this.#show(row, set === 'ids', taken, answer.at);
    }
    // A spoiled answer that was refused ends the reading of this poll; one that was asked for again does not count.
    if (set !== 'ids' || (answer.spoiled && !wentOn)) return;
    const listed = new Set(answer.rows.map(({ TaskId }) => TaskId));
    for (const taskId of request.taskIds) if (!listed.has(taskId)) this.#miss(taskId, taken, answer.at);
  }

  /** A row that contradicts one of the same poll is not written; the task is asked for by id, and that answer counts. */
  #show(row: VendorRow, byId: boolean, taken: boolean, at: number): void {
    const shown = this.#shown(row.TaskId);
    const same = (other: VendorRow | null): boolean => other === null || JSON.stringify(other) === JSON.stringify(row);
    if (!byId && shown.committed !== null && !same(shown.committed)) return;
    const certain = taken && (byId || shown.committed !== null || same(shown.perhaps));
    this.#advance(row.TaskId, certain, at, (known) => seen(known, row));
    if (certain) shown.committed = row;
    else shown.perhaps = row;
  }

  /** Asked for among others or alone, then once more alone: the second answer counts as one poll without the task. */
  #miss(taskId: string, taken: boolean, at: number): void {
    const shown = this.#shown(taskId);
    shown.unlisted += 1;
    if (shown.unlisted !== 2 || shown.committed !== null) return;
    this.#advance(taskId, taken && shown.perhaps === null, at, missed);
  }

  #shown(taskId: string): Shown {
    const shown = this.#poll.get(taskId) ?? { committed: null, perhaps: null, unlisted: 0 };
    this.#poll.set(taskId, shown);
    return shown;
  }

  #advance(taskId: string, certain: boolean, at: number, step: (known: Known) => Step): void {
    this.histories.set(taskId, advance(this.histories.get(taskId) ?? NOTHING_YET, certain, at, step));
  }
}

/** The history never decides about a task that a poll has shown. */
function onlyNew(row: VendorRow): (known: Known) => Step {
  return (known) => (known.status === null ? seen(known, row) : { known, event: null });
}
