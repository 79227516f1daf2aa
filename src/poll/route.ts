import type { RouteConfig, RouteMatch } from '../config/config.ts';
import type { TaskEventName } from '../model/alert.ts';
import { mayLoseData, type RepairTask } from '../model/task.ts';

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
      if (!matches(route.match, account, task)) continue;
      matched = true;
      if (route.events.includes(event)) for (const channel of route.channels) channels.add(channel);
      if (!route.continue) break;
    }
    return { matched, channels: matched ? [...channels] : operatorChannels };
  };
}

function matches(match: RouteMatch, account: string, task: RepairTask): boolean {
  return (
    holds(match.account, account) &&
    holds(match.taskType, task.taskTypeId) &&
    holds(match.product, task.product) &&
    holds(match.zone, task.zone) &&
    holds(match.region, task.region) &&
    (match.alias === undefined || matchesPattern(match.alias, task.alias ?? '')) &&
    (match.dataLoss === undefined || match.dataLoss === mayLoseData(task))
  );
}

function holds<T>(allowed: readonly T[] | undefined, value: T | null): boolean {
  return allowed === undefined || (value !== null && allowed.includes(value));
}

/** `*` stands for any text, the empty one included; everything else stands for itself. Linear in time whatever the alias holds. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(head)) return false;
  const tail = rest.pop() ?? '';
  let at = head.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}
