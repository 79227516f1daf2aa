import { mayLoseData, type RepairTask } from './task.ts';

/** Which tasks are meant, of a route or a mute: every condition that is given must hold; a list holds if one of its values does. */
export interface TaskMatch {
  /** Names, or patterns with `*` for any text, e.g. `shop-*`. */
  readonly account?: readonly string[];
  readonly taskType?: readonly number[];
  readonly product?: readonly string[];
  readonly zone?: readonly string[];
  readonly region?: readonly string[];
  /** A pattern with `*` for any text, e.g. `web-*`. */
  readonly alias?: string;
  readonly dataLoss?: boolean;
}

/** True where every condition that is given holds. */
export function matchesTask(match: TaskMatch, account: string, task: RepairTask): boolean {
  return (
    (match.account === undefined || match.account.some((pattern) => matchesPattern(pattern, account))) &&
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

/** True where an id, the alias, an address, the zone or the vendor's text holds `wanted`, whatever the case of either. */
export function hasText(task: RepairTask, wanted: string): boolean {
  const { taskId, instanceId, alias, lanIp, wanIp, zone, taskDetail } = task;
  const texts = [taskId, instanceId, alias, lanIp, wanIp, zone, taskDetail];
  return texts.join('\n').toLowerCase().includes(wanted.toLowerCase());
}

/** A match in the form in which it is written on the command line. */
export function matchText({ account, taskType, product, zone, region, alias }: TaskMatch): string {
  const lists = {
    account,
    type: taskType?.map(String),
    product,
    zone,
    region,
    alias: alias === undefined ? [] : [alias],
  };
  return Object.entries(lists)
    .flatMap(([key, values]) => (values ?? []).map((value) => `${key}=${value}`))
    .join(',');
}
