import type { EpochMs } from '../lib/clock.ts';
import { deadlineOf, hasLapsed } from './deadline.ts';
import { mayLoseData, type RepairTask } from './task.ts';

interface Listed {
  readonly task: RepairTask;
}

/** The order of every list, for `sort`: data-loss tasks first, then by deadline, estimates that have lapsed and then the unknown ones last, then by id. */
export function byListOrder(now: EpochMs): (a: Listed, b: Listed) => number {
  return ({ task: a }, { task: b }) =>
    compare(riskOf(a), riskOf(b)) ||
    compare(certaintyOf(a, now), certaintyOf(b, now)) ||
    compare(deadlineOf(a).at ?? 0, deadlineOf(b).at ?? 0) ||
    compare(a.taskId, b.taskId);
}

function riskOf(task: RepairTask): number {
  return mayLoseData(task) ? 0 : 1;
}

function certaintyOf(task: RepairTask, now: EpochMs): number {
  if (deadlineOf(task).at === null) return 2;
  return hasLapsed(task, now) ? 1 : 0;
}

/** Strings have no minus. */
function compare<T extends number | string>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
