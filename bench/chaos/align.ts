import type { EpochMs } from '../../src/lib/clock.ts';
import type { Expected, ToldKind } from './expected.ts';
import type { Naming } from './told.ts';

/** One message (by its key) that names the task, as it was first tried. */
export interface Mention extends Naming {
  readonly key: string;
  readonly at: EpochMs;
}

export interface Alignment {
  /** What must be told and no message tells. */
  readonly missing: readonly Expected[];
  /** Messages that tell nothing that is expected: a second key for the same event, or one out of order. */
  readonly surplus: readonly Mention[];
  readonly told: readonly Expected[];
  /** Of these, how many were told by themselves or as the newest. */
  readonly alone: readonly ToldKind[];
}

const NONE: Alignment = { missing: [], surplus: [], told: [], alone: [] };

/**
 * The best reading of the messages about a task, in their order, as telling what is expected, in its order: each message tells a
 * run of events that ends with the newest it shows. Both must come out even; the fewest leftovers count.
 */
export function align(expected: readonly Expected[], mentions: readonly Mention[]): Alignment {
  let row: Alignment[] = [NONE];
  for (const item of expected) row.push(without(row.at(-1) ?? NONE, item));
  for (const mention of mentions) {
    const before = row;
    row = [];
    for (let items = 0; items <= expected.length; items += 1) row.push(best(expected, mention, items, before, row));
  }
  return row.at(-1) ?? NONE;
}

/** `before[n]`: the first n items and the earlier messages; `row[n]`: with this message, for n below `items`. */
function best(
  expected: readonly Expected[],
  mention: Mention,
  items: number,
  before: readonly Alignment[],
  row: readonly Alignment[],
): Alignment {
  const ways: Alignment[] = [];
  const unread = before[items];
  if (unread !== undefined) ways.push({ ...unread, surplus: [...unread.surplus, mention] });
  const shorter = row[items - 1];
  const last = expected[items - 1];
  if (shorter !== undefined && last !== undefined) ways.push(without(shorter, last));
  for (let from = items - 1; from >= 0; from -= 1) {
    const rest = before[from];
    const run = toldBy(mention, expected.slice(from, items));
    if (rest !== undefined && run !== null) ways.push(withRun(rest, run));
  }
  const [first = NONE, ...others] = ways;
  return others.reduce((least, way) => (costOf(way) < costOf(least) ? way : least), first);
}

function without(rest: Alignment, item: Expected): Alignment {
  return item.optional ? rest : { ...rest, missing: [...rest.missing, item] };
}

function withRun(rest: Alignment, run: readonly Expected[]): Alignment {
  const newest = run.slice(-1).map(({ kind }) => kind);
  return { ...rest, told: [...rest.told, ...run], alone: [...rest.alone, ...newest] };
}

/** How much a reading leaves unexplained. */
export function costOf({ missing, surplus }: Readonly<Record<'missing' | 'surplus', readonly unknown[]>>): number {
  return missing.length + surplus.length;
}

/**
 * What of the run the message tells, when it tells all of it that is not optional and the newest; null otherwise. A reminder beside the news that
 * the task has left status 1 was made without a look at its state: nothing explains that.
 */
function toldBy({ shows, whole, at }: Mention, run: readonly Expected[]): readonly Expected[] | null {
  const newest = run.at(-1);
  if (newest === undefined || at < newest.earliest) return null;
  const told: Expected[] = [];
  let shown = shows.length - 1;
  for (const item of run.toReversed()) {
    const isHidden = shown < 0 && !whole;
    if (isHidden || item.kind === shows[shown]) told.unshift(item);
    else if (!item.optional || item === newest) return null;
    shown -= isHidden || item.kind === shows[shown] ? 1 : 0;
  }
  if (shown >= 0 || (newest.kind === 'left' && shows.includes('reminder'))) return null;
  return told;
}
