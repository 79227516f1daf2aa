import type { VendorRow } from '../../src/sandbox/row.ts';
import { ANSWER_TAKEN_WITHIN_MS, createOwnerOf, type Fate, fateOf, followersOf, isStray } from './committed.ts';
import { advance, type History, NOTHING_YET } from './histories.ts';
import type { ApiRequest, Journal } from './journal.ts';
import { type Known, missed, type Step, seen } from './known.ts';

/** For each task the histories that the answers allow; each task is of one account. */
export function historiesOf({
  requests,
  said,
}: Pick<Journal, 'requests' | 'said'>): ReadonlyMap<string, readonly History[]> {
  const all = new Map<string, readonly History[]>();
  const ownerOf = said === null ? () => undefined : createOwnerOf(said);
  for (const own of Map.groupBy(requests, ({ account }) => account).values()) {
    const oracle = new Oracle();
    const followers = followersOf(own, said);
    let earlier: ApiRequest | undefined;
    for (const [at, request] of own.entries()) {
      if (said !== null && isStray(request, earlier, ownerOf)) continue;
      const follower = followers[at];
      oracle.take(request, fateOf(request, follower === undefined ? [] : [follower], said));
      if (request.set !== 'history') earlier = request;
    }
    for (const [taskId, histories] of oracle.histories) all.set(taskId, histories);
  }
  return all;
}

/** What one poll has shown of one task. */
interface Shown {
  /** The row that was certainly committed in this poll. */
  committed: VendorRow | null;
  /** A row that may have been. */
  perhaps: VendorRow | null;
  /** Requests by id whose answers did not list the task. */
  readonly unlisted: ApiRequest[];
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
    for (const taskId of request.taskIds) if (!listed.has(taskId)) this.#miss(taskId, request, taken, answer.at);
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
  #miss(taskId: string, request: ApiRequest, taken: boolean, at: number): void {
    const { unlisted, committed, perhaps } = this.#shown(taskId);
    unlisted.push(request);
    const [first] = unlisted;
    if (first === undefined || unlisted.length !== 2 || committed !== null) return;
    // So late the same question may be asked again for want of the first answer.
    const isOther = first.body !== request.body || request.at - first.at < ANSWER_TAKEN_WITHIN_MS;
    this.#advance(taskId, taken && isOther && perhaps === null, at, missed);
  }

  #shown(taskId: string): Shown {
    const shown = this.#poll.get(taskId) ?? { committed: null, perhaps: null, unlisted: [] };
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
