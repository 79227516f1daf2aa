import type { EpochMs } from '../../src/lib/clock.ts';
import { type EventKind, type Known, type Step, UNKNOWN } from './known.ts';

/** An event that must be told. It was committed at some moment between these. */
export interface Due {
  readonly kind: EventKind;
  readonly earliest: EpochMs;
  readonly latest: EpochMs;
  /** The deadline that holds from then on, as in `Known`. */
  readonly deadline: EpochMs | null;
}

/** One course of things that the counterpart's journal allows: what the program knows of a task, and what it owes for it. */
export interface History {
  readonly known: Known;
  readonly due: readonly Due[];
}

export const NOTHING_YET: readonly History[] = [{ known: UNKNOWN, due: [] }];

/** More than this and the journal says too little; the generator of life is too fast then. */
const MOST = 200;

/**
 * Every history goes one step; where it is not certain that the step was committed, every history also stays as it was. Histories that
 * owe the same and know the same become one, whose events have the wider bounds.
 */
export function advance(
  histories: readonly History[],
  certain: boolean,
  at: EpochMs,
  step: (known: Known) => Step,
): readonly History[] {
  const moved = histories.map(({ known, due }) => {
    const next = step(known);
    return {
      known: next.known,
      due: next.event === null ? due : [...due, dueOf(next.event, next.known, at)],
    };
  });
  const merged = merge(certain ? moved : [...histories, ...moved]);
  if (merged.length > MOST)
    throw new Error(`the oracle has ${merged.length} histories of one task, too many to tell anything`);
  return merged;
}

function dueOf(kind: EventKind, { deadline }: Known, at: EpochMs): Due {
  return { kind, earliest: at, latest: at, deadline };
}

function merge(histories: readonly History[]): readonly History[] {
  const byMeaning = new Map<string, History>();
  for (const history of histories) {
    const meaning = JSON.stringify([history.known, history.due.map(({ kind, deadline }) => [kind, deadline])]);
    const same = byMeaning.get(meaning);
    byMeaning.set(meaning, same === undefined ? history : { known: same.known, due: widened(same.due, history.due) });
  }
  return [...byMeaning.values()];
}

function widened(one: readonly Due[], other: readonly Due[]): Due[] {
  return one.map((due, at) => ({
    ...due,
    earliest: Math.min(due.earliest, other[at]?.earliest ?? due.earliest),
    latest: Math.max(due.latest, other[at]?.latest ?? due.latest),
  }));
}
