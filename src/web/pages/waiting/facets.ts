import { isOpen, PENDING } from '../../../model/task.ts';
import { TASK_STATUSES } from '../../../model/vocabulary.ts';
import type { AlikeCount, OpenCount } from '../../../store/store.ts';
import { CLOSED, FILTERS, type Filter, OPEN, stateOf, type WaitingQuery } from './query.ts';

/** A value that the list can be narrowed to, and how many tasks would be left; null: nobody has counted them. */
export interface Choice {
  readonly value: string;
  readonly tasks: number | null;
}

/** What was counted: open tasks always, of closed ones as many as can be counted quickly, and only where they are looked at. */
export interface Counts {
  readonly open: readonly OpenCount[];
  readonly closed: { readonly counts: readonly AlikeCount[]; readonly whole: boolean } | null;
}

/** What can be chosen of each filter while the others stay; and what passes all of them, the text aside. */
export interface Facets {
  readonly choices: Readonly<Record<Filter, readonly Choice[]>>;
  /** Null: more than were counted. */
  readonly tasks: number | null;
  readonly dataLoss: number;
  /** Of the tasks above those whose estimated deadlines passed hours ago. */
  readonly lapsed: { readonly dataLoss: number; readonly other: number };
  /** The nearest deadlines of those that wait, by whether they may lose data; null: none is known. */
  readonly nearest: { readonly dataLoss: number | null; readonly other: number | null };
}

/** Counts tasks for the filters. Pure. */
export function facetsOf(counts: Counts, query: WaitingQuery): Facets {
  const whole = stateOf(query.status) !== 'closed' || counts.closed?.whole === true;
  const shown: readonly Counted[] = shownOf(counts, query);
  const passing = shown.filter((count) => FILTERS.every((filter) => passes(count, filter, query)));
  const dataLoss = passing.filter((count) => count.dataLoss);
  const others = passing.filter((count) => !count.dataLoss);
  const lapsed = (some: readonly Counted[]): number => sum(some.filter((count) => count.lapsed === true));
  const choices = (filter: Filter) => choicesOf(shown, filter, query, whole);
  return {
    choices: {
      account: choices('account'),
      status: statusChoices(counts, query),
      type: choices('type'),
      zone: choices('zone'),
      product: choices('product'),
    },
    tasks: whole ? sum(passing) : null,
    dataLoss: sum(dataLoss),
    lapsed: { dataLoss: lapsed(dataLoss), other: lapsed(others) },
    nearest: { dataLoss: nearestOf(dataLoss), other: nearestOf(others) },
  };
}

type Counted = AlikeCount & Partial<OpenCount>;

function shownOf({ open, closed }: Counts, { status }: WaitingQuery): readonly Counted[] {
  return stateOf(status) === 'closed' ? (closed?.counts ?? []) : open;
}

function passes(count: AlikeCount, filter: Filter, query: WaitingQuery): boolean {
  const wanted = query[filter];
  if (filter !== 'status') return wanted === '' || valueFor(count, filter) === wanted;
  if (wanted === OPEN || wanted === CLOSED) return true;
  return count.status === (wanted === '' ? PENDING : Number(wanted));
}

function valueFor(count: AlikeCount, filter: Filter): string {
  if (filter === 'type') return count.typeId === null ? '' : String(count.typeId);
  if (filter === 'status') return String(count.status);
  return count[filter] ?? '';
}

/** In order of their values, with the chosen one even where nothing is left of it. */
function choicesOf(
  counts: readonly AlikeCount[],
  filter: Filter,
  query: WaitingQuery,
  whole: boolean,
): readonly Choice[] {
  const byValue = Map.groupBy(othersPass(counts, filter, query), (count) => valueFor(count, filter));
  byValue.delete('');
  const chosen = query[filter];
  if (chosen !== '' && !byValue.has(chosen)) byValue.set(chosen, []);
  return [...byValue]
    .map(([value, alike]) => ({ value, tasks: whole ? sum(alike) : null }))
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

/** What waits, the other open statuses, all open ones; then the closed ones. */
function statusChoices({ open, closed }: Counts, query: WaitingQuery): readonly Choice[] {
  const left = othersPass(open, 'status', query);
  const over = othersPass(closed?.counts ?? [], 'status', query);
  const known = [...Object.keys(TASK_STATUSES).map(Number), ...[...left, ...over].map(({ status }) => status)];
  const chosen = Number(query.status);
  const statuses = [...new Set(Number.isInteger(chosen) && chosen > 0 ? [...known, chosen] : known)].toSorted(
    (a, b) => a - b,
  );
  const ofStatus = (counts: readonly AlikeCount[], wanted: number): number =>
    sum(counts.filter(({ status }) => status === wanted));
  const counted = (tasks: number): number | null => (closed?.whole === true ? tasks : null);
  return [
    { value: '', tasks: ofStatus(left, PENDING) },
    ...statuses
      .filter((status) => isOpen({ taskStatus: status }) && status !== PENDING)
      .map((status) => ({ value: String(status), tasks: ofStatus(left, status) })),
    { value: OPEN, tasks: sum(left) },
    ...statuses
      .filter((status) => !isOpen({ taskStatus: status }))
      .map((status) => ({ value: String(status), tasks: counted(ofStatus(over, status)) })),
    { value: CLOSED, tasks: counted(sum(over)) },
  ];
}

function othersPass<T extends AlikeCount>(counts: readonly T[], filter: Filter, query: WaitingQuery): readonly T[] {
  const others = FILTERS.filter((other) => other !== filter);
  return counts.filter((count) => others.every((other) => passes(count, other, query)));
}

function sum(counts: readonly Pick<AlikeCount, 'tasks'>[]): number {
  return counts.reduce((total, { tasks }) => total + tasks, 0);
}

function nearestOf(counts: readonly Counted[]): number | null {
  const known = counts.flatMap(({ nearestDeadline = null }) => (nearestDeadline === null ? [] : [nearestDeadline]));
  return known.length === 0 ? null : Math.min(...known);
}
