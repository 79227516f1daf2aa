import { setImmediate } from 'node:timers/promises';
import type { EpochMs } from '../lib/clock.ts';
import type { Store, StoredTask, TaskQuery } from '../store/store.ts';

/** Tasks that are read at once. */
const PART = 200;

/**
 * A whole list part by part, each task once; others have their turn between two parts. What moves in the order meanwhile may be left out or
 * be shown as it was.
 */
export async function* allTasks(
  store: Pick<Store, 'taskPart'>,
  query: TaskQuery,
  now: EpochMs,
  size = PART,
): AsyncGenerator<readonly StoredTask[]> {
  const shown = new Set<string>();
  for (let after: string | null = null; ; ) {
    const { items, next } = await store.taskPart(query, after, size, now);
    const fresh = items.filter(({ account, task }) => !shown.has(`${task.taskId} ${account}`));
    for (const { account, task } of fresh) shown.add(`${task.taskId} ${account}`);
    yield fresh;
    if (next === null) return;
    after = next;
    await setImmediate();
  }
}
