import { deadlineOf } from './deadline.ts';
import { mayLoseData, type RepairTask } from './task.ts';

interface Listed {
  readonly task: RepairTask;
}

/** The order of every list, for `sort`: data-loss tasks first, then by deadline, the unknown ones last, then by id. */
export function byListOrder(a: Listed, b: Listed): number {
  return (
    compare(riskOf(a), riskOf(b)) || compare(deadlineAt(a), deadlineAt(b)) || compare(a.task.taskId, b.task.taskId)
  );
}

function riskOf({ task }: Listed): number {
  return mayLoseData(task) ? 0 : 1;
}

function deadlineAt({ task }: Listed): number {
  return deadlineOf(task).at ?? Number.POSITIVE_INFINITY;
}

/** Infinity minus Infinity is not a number, and strings have no minus. */
function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
