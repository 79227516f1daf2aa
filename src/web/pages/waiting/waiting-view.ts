import type { EpochMs } from '../../../lib/clock.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { AccountReading } from '../../../model/message.ts';
import { type Silences, silencesByTask } from '../../../model/silence.ts';
import { type TaskView, taskView } from '../../task-view.ts';
import { type Counts, type Facets, facetsOf } from './facets.ts';
import type { Found } from './find-tasks.ts';
import { isNarrowed, stateOf, type WaitingQuery } from './query.ts';

/** An account's reading, and whether someone must act before it can be read again. */
export type Reading = AccountReading & { readonly blocked: boolean };

export interface WaitingFacts {
  readonly query: WaitingQuery;
  readonly found: Found;
  readonly counts: Counts;
  readonly silences: Silences;
  readonly readings: readonly Reading[];
  readonly now: EpochMs;
}

/** Tasks under one heading. `lapsed`: their estimated deadlines passed hours ago; `closed`: whatever is over, the latest change first. */
export interface Lane {
  readonly name: 'risk' | 'risk-lapsed' | 'others' | 'others-lapsed' | 'closed';
  readonly tasks: readonly TaskView[];
  /** How many there are beyond this page too, without the one on top; null: nobody has counted them. */
  readonly count: number | null;
  /** The one on top is of this lane. */
  readonly beside: boolean;
}

/** The page `/` as it is to be shown. */
export interface WaitingView {
  readonly query: WaitingQuery;
  readonly facets: Facets;
  /** The most urgent of the whole list, where this page begins it and something waits. */
  readonly first: TaskView | null;
  /** The first of those without a risk where it starts before the first of all. */
  readonly sooner: TaskView | null;
  /** Without the first; those that have no task are left out. */
  readonly lanes: readonly Lane[];
  readonly found: number;
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
  const waiting = tasks.filter(({ timeLeft }) => timeLeft !== null);
  const standing = waiting.filter(({ lapsed }) => !lapsed);
  // What passed hours ago and was a guess is urgent only where nothing else is.
  const first = query.after === '' ? (standing[0] ?? waiting[0] ?? null) : null;
  const facets = facetsOf(counts, query);
  return {
    query,
    facets,
    first,
    sooner:
      first === null
        ? null
        : soonerThan(
            first,
            standing.find(({ dataLoss }) => !dataLoss),
          ),
    lanes: lanesOf(tasks, first, facets, query).filter((lane) => lane.tasks.length > 0),
    found: tasks.length,
    next: found.next,
    readings: readings
      .filter(({ account }) => query.account === '' || account === query.account)
      .toSorted((a, b) => Number(a.known) - Number(b.known)),
    narrowed: isNarrowed(query),
    now,
  };
}

function lanesOf(
  tasks: readonly TaskView[],
  first: TaskView | null,
  { tasks: all, dataLoss, lapsed }: Facets,
  query: WaitingQuery,
): readonly Lane[] {
  // Of what follows the first page, and of a text, nobody has counted how many there are.
  const counted = query.text === '' && query.after === '';
  const lane = (name: Lane['name'], lets: (task: TaskView) => boolean, count: number | null): Lane => {
    const beside = first !== null && lets(first);
    return {
      name,
      tasks: tasks.filter((task) => task !== first && lets(task)),
      count: counted && count !== null ? count - Number(beside) : null,
      beside,
    };
  };
  if (stateOf(query.status) === 'closed') return [lane('closed', () => true, all)];
  const others = (all ?? 0) - dataLoss;
  return [
    lane('risk', (task) => task.dataLoss && !task.lapsed, dataLoss - lapsed.dataLoss),
    lane('risk-lapsed', (task) => task.dataLoss && task.lapsed, lapsed.dataLoss),
    lane('others', (task) => !task.dataLoss && !task.lapsed, others - lapsed.other),
    lane('others-lapsed', (task) => !task.dataLoss && task.lapsed, lapsed.other),
  ];
}

function soonerThan(first: TaskView, other: TaskView | undefined): TaskView | null {
  const at = other?.timeLeft?.at ?? null;
  if (other === undefined || other === first || at === null) return null;
  return at < (first.timeLeft?.at ?? Number.POSITIVE_INFINITY) ? other : null;
}
