import { setImmediate } from 'node:timers/promises';
import { hasText } from '../../../model/task-match.ts';
import type { StoredTask, TaskQuery, ViewStore } from '../../../store/store.ts';

const PART = 500;
/** More are looked through by following the list, so that one request never takes long. */
const LOOKED_THROUGH_MAX = 10 * PART;

/** A part of the list, and where it goes on. Without tasks: so far none was found. */
export interface Found {
  readonly tasks: readonly StoredTask[];
  readonly next: string | null;
}

/**
 * The next tasks of a list that hold a text, at most `limit` of them; reads in parts and lets others have their turn between them.
 * Rejects with a RangeError where `after` is no place of a list.
 */
export async function findTasks(
  view: Pick<ViewStore, 'taskPart'>,
  query: TaskQuery,
  { text, after, limit }: { readonly text: string; readonly after: string | null; readonly limit: number },
): Promise<Found> {
  if (text === '') {
    const { items, next } = await view.taskPart(query, after, limit);
    return { tasks: items, next };
  }
  const tasks: StoredTask[] = [];
  let from = after;
  for (let looked = 0; looked < LOOKED_THROUGH_MAX; looked += PART) {
    const { items, next } = await view.taskPart(query, from, PART);
    for (const [i, stored] of items.entries()) {
      if (hasText(stored.task, text)) tasks.push(stored);
      // Where this task stands: what follows it is the next part.
      if (tasks.length === limit) return { tasks, next: (await view.taskPart(query, from, i + 1)).next };
    }
    from = next;
    if (from === null) break;
    await setImmediate();
  }
  return { tasks, next: from };
}
