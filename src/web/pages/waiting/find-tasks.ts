import { setImmediate } from 'node:timers/promises';
import type { Clock, EpochMs } from '../../../lib/clock.ts';
import type { StoredTask, TaskQuery, ViewStore } from '../../../store/store.ts';

/** Parts of a narrowed list that one request looks through, and how long it goes on looking; what is further down is found by following the list. */
const PARTS_MAX = 40;
const LOOKING_MS = 40;

/** A part of the list, and where it goes on. Without tasks: so far none was found. */
export interface Found {
  readonly tasks: readonly StoredTask[];
  readonly next: string | null;
}

/**
 * The next tasks of a list, at most `limit` of them; others have their turn between the parts that are looked through.
 * Rejects with a RangeError where `after` is no place of a list.
 */
export async function findTasks(
  view: Pick<ViewStore, 'taskPart'>,
  query: TaskQuery,
  { after, limit, now }: { readonly after: string | null; readonly limit: number; readonly now: EpochMs },
  clock: Pick<Clock, 'monotonic'>,
): Promise<Found> {
  const tasks: StoredTask[] = [];
  const begun = clock.monotonic();
  let from = after;
  for (let part = 0; part < PARTS_MAX; part += 1) {
    const { items, next } = await view.taskPart(query, from, limit - tasks.length, now);
    tasks.push(...items);
    from = next;
    if (from === null || tasks.length === limit || clock.monotonic() - begun >= LOOKING_MS) break;
    await setImmediate();
  }
  return { tasks, next: from };
}
