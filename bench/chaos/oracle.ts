import { SECOND_MS } from '../../src/lib/clock.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';
import { advance, type History, NOTHING_YET } from './histories.ts';
import type { ApiRequest } from './journal.ts';
import { type Known, missed, type Step, seen } from './known.ts';

/** The program gives a request up after 10 s: a request that follows sooner follows an answer. */
const ANSWER_TAKEN_WITHIN_MS = 9 * SECOND_MS;

/**
 * For each task the histories that the answers allow. An answer proves that a row was shown, not that it was committed: that is certain
 * once the same process has asked for something else, since a poll reads one page after the other and commits each before it goes on.
 */
export function historiesOf(requests: readonly ApiRequest[]): ReadonlyMap<string, readonly History[]> {
  const oracle = new Oracle();
  for (const [at, request] of requests.entries()) {
    const next = nextOf(request, at, requests);
    oracle.take(request, next !== null, next !== null && next.at - request.at < ANSWER_TAKEN_WITHIN_MS);
  }
  return oracle.histories;
}

/** What the same process asked for next, where that was something else. The history is read beside the polls and proves nothing. */
function nextOf(request: ApiRequest, at: number, requests: readonly ApiRequest[]): ApiRequest | null {
  const next = requests.find((other, place) => place > at && other.set !== 'history');
  return next !== undefined && next.life === request.life && next.body !== request.body ? next : null;
}

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
  #poll = new Map<string, Shown>();
  #life = 0;

  /** `wentOn`: the process asked for something else then; `inTime`: so soon that it had this answer. */
  take(request: ApiRequest, wentOn: boolean, inTime: boolean): void {
    if (request.life !== this.#life || request.beginsPoll) this.#poll = new Map();
    this.#life = request.life;
    const { answer, set } = request;
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
