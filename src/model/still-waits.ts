import { PENDING, type RepairTask } from './task.ts';

/** True for a stored task that waits for its authorization: one that is no longer watched keeps the status that it had last, and waits no more. */
export function stillWaits({
  ending,
  task,
}: {
  readonly ending: string | null;
  readonly task: Pick<RepairTask, 'taskStatus'>;
}): boolean {
  return ending === null && task.taskStatus === PENDING;
}
