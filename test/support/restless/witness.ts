import type { PageDecision, Store, StoredTask } from '../../../src/store/store.ts';

/** A row as a poll wrote it or saw it unchanged, and when. */
export interface Written {
  readonly at: number;
  readonly row: Omit<StoredTask, 'seenPoll'>;
}

/** What polls wrote and told, as the store was given it. */
export interface Witness {
  readonly store: Store;
  /** Of the poll under way; the property empties them. */
  readonly written: Written[];
  readonly toldLeft: { readonly taskId: string; readonly how: string }[];
  /** Told as pending, and not told as left since. */
  readonly toldPending: Set<string>;
}

export function witness(store: Store, now: () => number): Witness {
  const seen: Witness = {
    written: [],
    toldLeft: [],
    toldPending: new Set(),
    store: {
      ...store,
      async commitPage(poll, taskIds, decide, progress) {
        const unchanged: StoredTask[] = [];
        const decision = await store.commitPage(
          poll,
          taskIds,
          (known) => {
            const made = decide(known);
            unchanged.push(...made.touch.flatMap((taskId) => known.get(taskId) ?? []));
            return made;
          },
          progress,
        );
        for (const row of unchanged) seen.written.push({ at: now(), row });
        note(seen, decision, now());
        return decision;
      },
    },
  };
  return seen;
}

function note(seen: Witness, { write, alerts }: PageDecision, at: number): void {
  for (const row of write) {
    seen.written.push({ at, row });
    if (row.ending === 'unwatched') seen.toldPending.delete(row.task.taskId);
  }
  for (const { taskId, event } of alerts) {
    if (event.event === 'pending') seen.toldPending.add(taskId);
    if (event.event !== 'left') continue;
    seen.toldPending.delete(taskId);
    seen.toldLeft.push({ taskId, how: event.how });
  }
}
