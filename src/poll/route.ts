import type { RouteConfig } from '../config/config.ts';
import type { TaskEventName } from '../model/alert.ts';
import type { RepairTask } from '../model/task.ts';
import { matchesTask } from '../model/task-match.ts';

/** Where an alert goes. `matched` false: no route knows the task at all, so it goes to the operator. */
export interface Routed {
  readonly matched: boolean;
  readonly channels: readonly string[];
}

export type Route = (account: string, task: RepairTask, event: TaskEventName) => Routed;

/**
 * The routes as a function: the first route that matches the task decides, and the following ones only where it says `continue`.
 * A route that matches but does not list the event is a decision too: the team does not want to hear of it. What no route matches goes to
 * the operator's channels as it is, so that it is recorded with its task and rolled up like any other alert.
 */
export function createRoute(routes: readonly RouteConfig[], operatorChannels: readonly string[]): Route {
  return (account, task, event) => {
    const deciding = decidingRoutes(routes, account, task);
    if (deciding.length === 0) return { matched: false, channels: operatorChannels };
    const listing = deciding.filter(({ events }) => events.includes(event));
    return { matched: true, channels: [...new Set(listing.flatMap(({ channels }) => channels))] };
  };
}

/** The first route that matches the task, and the next ones as long as the one before says `continue`. */
export function decidingRoutes(
  routes: readonly RouteConfig[],
  account: string,
  task: RepairTask,
): readonly RouteConfig[] {
  const matching = routes.filter(({ match }) => matchesTask(match, account, task));
  const last = matching.findIndex((route) => !route.continue);
  return last < 0 ? matching : matching.slice(0, last + 1);
}
