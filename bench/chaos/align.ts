import type { EpochMs } from '../../src/lib/clock.ts';
import type { Due } from './histories.ts';
import type { EventKind } from './known.ts';
import type { Naming } from './told.ts';

/** One message (by its key) that names the task, as it first arrived. */
export interface Mention extends Naming {
  readonly key: string;
  readonly at: EpochMs;
}

export interface Alignment {
  /** Events that no message tells. */
  readonly missing: readonly Due[];
  /** Messages that tell nothing that is due: a second key for the same event, or one out of order. */
  readonly surplus: readonly Mention[];
  readonly alone: readonly EventKind[];
  /** Events told together with a later one about the same task. */
  readonly folded: readonly EventKind[];
}

const NONE: Alignment = { missing: [], surplus: [], alone: [], folded: [] };

/**
 * The best reading of the messages about a task, in the order of their arrival, as telling what is due, in its order: each message tells a
 * run of events that ends with the newest it shows. Both must come out even; the fewest leftovers count.
 */
export function align(due: readonly Due[], mentions: readonly Mention[]): Alignment {
  let row: Alignment[] = [NONE];
  for (const event of due) row.push({ ...NONE, missing: [...(row.at(-1)?.missing ?? []), event] });
  for (const mention of mentions) {
    const before = row;
    row = [];
    for (let events = 0; events <= due.length; events += 1) row.push(best(due, mention, events, before, row));
  }
  return row.at(-1) ?? NONE;
}

/** `before[n]`: the first n events and the earlier messages; `row[n]`: with this message, for n below `events`. */
function best(
  due: readonly Due[],
  mention: Mention,
  events: number,
  before: readonly Alignment[],
  row: readonly Alignment[],
): Alignment {
  const ways: Alignment[] = [];
  const without = before[events];
  if (without !== undefined) ways.push({ ...without, surplus: [...without.surplus, mention] });
  const shorter = row[events - 1];
  const last = due[events - 1];
  if (shorter !== undefined && last !== undefined) ways.push({ ...shorter, missing: [...shorter.missing, last] });
  for (let from = events - 1; from >= 0; from -= 1) {
    const run = due.slice(from, events);
    const rest = before[from];
    if (rest !== undefined && tells(mention, run)) ways.push(withRun(rest, run));
  }
  const [first = NONE, ...others] = ways;
  return others.reduce((least, way) => (costOf(way) < costOf(least) ? way : least), first);
}

function withRun(rest: Alignment, run: readonly Due[]): Alignment {
  const kinds = run.map(({ kind }) => kind);
  return {
    ...rest,
    alone: [...rest.alone, ...kinds.slice(-1)],
    folded: [...rest.folded, ...kinds.slice(0, -1)],
  };
}

/** How much a reading leaves unexplained. */
export function costOf({ missing, surplus }: Readonly<Record<'missing' | 'surplus', readonly unknown[]>>): number {
  return missing.length + surplus.length;
}

function tells({ shows, whole, at }: Mention, run: readonly Due[]): boolean {
  const newest = run.at(-1);
  if (newest === undefined || at < newest.earliest || shows.length > run.length) return false;
  if (whole && shows.length !== run.length) return false;
  return shows.every((kind, place) => run[run.length - shows.length + place]?.kind === kind);
}
