import type { RouteConfig } from '../config/config.ts';
import type { RepairTask } from '../model/task.ts';
import { decidingRoutes } from '../poll/route.ts';

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
    const deciding = decidingRoutes(routes, account, task);
    for (const route of deciding)
      if (route.events.includes('reminder')) add(route.channels, route.remindersMs ?? rungsMs);
    if (deciding.length === 0) add(operatorChannels, rungsMs);
    return ladder;
  };
}
