import { PENDING } from '../../../model/task.ts';
import type { OpenCount } from '../../../store/store.ts';
import { FILTERS, type Filter, OPEN, type WaitingQuery } from './query.ts';

/** A value that the list can be narrowed to, and how many tasks would be left. */
export interface Choice {
  readonly value: string;
  readonly tasks: number;
}

/** What can be chosen of each filter while the others stay; and what passes all of them, the text aside. */
export interface Facets {
  readonly choices: Readonly<Record<Filter, readonly Choice[]>>;
  readonly tasks: number;
  readonly dataLoss: number;
  /** The nearest deadlines of those that wait, by whether they may lose data; null: none is known. */
  readonly nearest: { readonly dataLoss: number | null; readonly other: number | null };
}

/** Counts the open tasks for the filters. Pure. */
export function facetsOf(counts: readonly OpenCount[], query: WaitingQuery): Facets {
  const passing = counts.filter((count) => FILTERS.every((filter) => passes(count, filter, query)));
  const dataLoss = passing.filter((count) => count.dataLoss);
  const others = passing.filter((count) => !count.dataLoss);
  return {
    choices: {
      account: choicesOf(counts, 'account', query),
      status: choicesOf(counts, 'status', query),
      type: choicesOf(counts, 'type', query),
      zone: choicesOf(counts, 'zone', query),
      product: choicesOf(counts, 'product', query),
    },
    tasks: sum(passing),
    dataLoss: sum(dataLoss),
    nearest: { dataLoss: nearestOf(dataLoss), other: nearestOf(others) },
  };
}

function passes(count: OpenCount, filter: Filter, query: WaitingQuery): boolean {
  const wanted = query[filter];
  if (filter !== 'status') return wanted === '' || valueFor(count, filter) === wanted;
  if (wanted === OPEN) return true;
  return count.status === (wanted === '' ? PENDING : Number(wanted));
}

function valueFor(count: OpenCount, filter: Filter): string {
  if (filter === 'type') return count.typeId === null ? '' : String(count.typeId);
  if (filter === 'status') return String(count.status);
  return count[filter] ?? '';
}

/** In order of their values, with the chosen one even where nothing is left of it. */
function choicesOf(counts: readonly OpenCount[], filter: Filter, query: WaitingQuery): readonly Choice[] {
  const others = FILTERS.filter((other) => other !== filter);
  const left = counts.filter((count) => others.every((other) => passes(count, other, query)));
  const byValue = Map.groupBy(left, (count) => valueFor(count, filter));
  byValue.delete('');
  const chosen = query[filter];
  if (chosen !== '' && chosen !== OPEN && !byValue.has(chosen)) byValue.set(chosen, []);
  return [...byValue]
    .map(([value, alike]) => ({ value, tasks: sum(alike) }))
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

function sum(counts: readonly OpenCount[]): number {
  return counts.reduce((total, { tasks }) => total + tasks, 0);
}

function nearestOf(counts: readonly OpenCount[]): number | null {
  const known = counts.flatMap(({ nearestDeadline }) => (nearestDeadline === null ? [] : [nearestDeadline]));
  return known.length === 0 ? null : Math.min(...known);
}
