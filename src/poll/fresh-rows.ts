import type { BadRow } from './task-reader.ts';

/** More are not remembered: a vendor that sends garbage must not fill the memory. */
const REMEMBERED = 1000;

/** Windows overlap and sets show the same tasks, so one row comes several times in a poll; this lets it through once. */
export function createFreshRows(): { fresh(rows: readonly BadRow[]): readonly BadRow[] } {
  const known = new Set<string>();
  return {
    fresh: (rows) =>
      rows.filter(({ taskId, raw }) => {
        const key = `${taskId ?? ''} ${raw}`;
        if (known.has(key)) return false;
        if (known.size < REMEMBERED) known.add(key);
        return true;
      }),
  };
}
