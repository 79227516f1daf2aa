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
    const channels = new Set<string>();
    let matched = false;
    for (const route of routes) {
      if (!matchesTask(route.match, account, task)) continue;
      matched = true;
      if (route.events.includes(event)) for (const channel of route.channels) channels.add(channel);
      if (!route.continue) break;
    }
    return { matched, channels: matched ? [...channels] : operatorChannels };
  };
}
