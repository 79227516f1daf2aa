import type { PageFaultKind } from './faults.ts';
import type { QueryResult } from './query.ts';

/** The part of an answer that a fault of the page may spoil. */
export interface PageBody {
  readonly TotalCount: unknown;
  readonly RepairTaskInfoSet: unknown;
}

const GARBAGE = { TaskId: 'rep-garbage', TaskStatus: {}, CreateTime: 'yesterday' };

/** Spoils a true answer; a page too small to show the fault stays true. */
export function spoiledPage(kind: PageFaultKind, { totalCount, rows }: QueryResult, row: unknown): PageBody {
  const [first] = rows;
  if (first === undefined) return { TotalCount: totalCount, RepairTaskInfoSet: null };
  if (kind === 'empty-page') return { TotalCount: 0, RepairTaskInfoSet: null };
  const sets: Readonly<Record<Exclude<PageFaultKind, 'empty-page'>, unknown>> = {
    'garbage-row': [...rows.slice(0, -1), row ?? GARBAGE],
    'short-page': rows.slice(0, -1),
    'null-page': null,
    'unsorted-page': rows.toReversed(),
    'duplicate-row': [...rows.slice(0, -1), first],
  };
  return { TotalCount: totalCount, RepairTaskInfoSet: sets[kind] };
}
