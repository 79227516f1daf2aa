import type { RouteConfig } from '../config/config.ts';
import type { RepairTask } from '../model/task.ts';
import { matchesTask } from '../model/task-match.ts';

/** Which rungs each channel wants of a task, in milliseconds before the deadline; a channel without any is not in it. */
export type Ladder = (account: string, task: RepairTask) => ReadonlyMap<string, readonly number[]>;

/** The routes' ladders as a function; what no route matches goes to the operator's channels by the general one. As `createRoute`, for each rung. */
export function createLadder(
  routes: readonly RouteConfig[],
  operatorChannels: readonly string[],
  rungsMs: readonly number[],
): Ladder {
  return (account, task) => {
    const ladder = new Map<string, readonly number[]>();
    const add = (channels: readonly string[], rungs: readonly number[]): void => {
      if (rungs.length === 0) return;
      for (const channel of channels) ladder.set(channel, [...new Set([...(ladder.get(channel) ?? []), ...rungs])]);
    };
    let matched = false;
    for (const route of routes) {
      if (!matchesTask(route.match, account, task)) continue;
      matched = true;
      if (route.events.includes('reminder')) add(route.channels, route.remindersMs ?? rungsMs);
      if (!route.continue) break;
    }
    if (!matched) add(operatorChannels, rungsMs);
    return ladder;
  };
}
