import type { RepairTask } from '../model/task.ts';

/** The vendor's prose is a handful of texts; more different ones than this are not worth keeping. */
const KEPT_AT_MOST = 500;
const kept = new Map<string, string>();

/** The task with its prose as the one copy of that text: 20,000 tasks read from the store must not hold it 20,000 times. */
export function withSharedText(task: RepairTask): RepairTask {
  return task.taskDetail === null ? task : { ...task, taskDetail: shared(task.taskDetail) };
}

function shared(text: string): string {
  const known = kept.get(text);
  if (known !== undefined) return known;
  if (kept.size >= KEPT_AT_MOST) kept.clear();
  kept.set(text, text);
  return text;
}
