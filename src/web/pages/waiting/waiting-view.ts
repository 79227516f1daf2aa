import type { EpochMs } from '../../../lib/clock.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { AccountReading } from '../../../model/message.ts';
import { type Silences, silencesByTask } from '../../../model/silence.ts';
import type { OpenCount } from '../../../store/store.ts';
import { type TaskView, taskView } from '../../task-view.ts';
import { type Facets, facetsOf } from './facets.ts';
import type { Found } from './find-tasks.ts';
import { isNarrowed, type WaitingQuery } from './query.ts';

/** An account's reading, and whether someone must act before it can be read again. */
export type Reading = AccountReading & { readonly blocked: boolean };

export interface WaitingFacts {
  readonly query: WaitingQuery;
  readonly found: Found;
  readonly counts: readonly OpenCount[];
  readonly silences: Silences;
  readonly readings: readonly Reading[];
  readonly now: EpochMs;
}

/** The page `/` as it is to be shown. */
export interface WaitingView {
  readonly query: WaitingQuery;
  readonly facets: Facets;
  /** The first of the whole list, where this page begins it and it waits. */
  readonly first: TaskView | null;
  /** The first of those without a risk where it starts before the first of all. */
  readonly sooner: TaskView | null;
  readonly dataLoss: readonly TaskView[];
  readonly others: readonly TaskView[];
  readonly next: string | null;
  /** Of the accounts that the filter lets through, those first that are not known. */
  readonly readings: readonly Reading[];
  readonly narrowed: boolean;
  readonly now: EpochMs;
}

/** What the page says, out of what was read. Pure. */
export function waitingView(facts: WaitingFacts, speaker: Speaker): WaitingView {
  const { query, found, counts, silences, readings, now } = facts;
  const silenceOf = silencesByTask(silences);
  const tasks = found.tasks.map((stored) =>
    taskView(stored, silenceOf(stored.account, stored.task, stored.revision), now, speaker),
  );
  const dataLoss = tasks.filter((task) => task.dataLoss);
  const others = tasks.filter((task) => !task.dataLoss);
  const [head] = tasks;
  const first = query.after === '' && head !== undefined && head.timeLeft !== null ? head : null;
  return {
    query,
    facets: facetsOf(counts, query),
    first,
    sooner: first === null ? null : soonerThan(first, others[0]),
    dataLoss,
    others,
    next: found.next,
    readings: readings
      .filter(({ account }) => query.account === '' || account === query.account)
      .toSorted((a, b) => Number(a.known) - Number(b.known)),
    narrowed: isNarrowed(query),
    now,
  };
}

function soonerThan(first: TaskView, other: TaskView | undefined): TaskView | null {
  const at = other?.timeLeft?.at ?? null;
  if (other === undefined || other === first || at === null) return null;
  return at < (first.timeLeft?.at ?? Number.POSITIVE_INFINITY) ? other : null;
}
