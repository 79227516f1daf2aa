import { isOpen } from '../model/task.ts';
import { hasText, matchesPattern } from '../model/task-match.ts';
import { PRODUCTS, TASK_STATUSES, TASK_TYPES } from '../model/vocabulary.ts';
import type { StoredTask } from '../store/store.ts';
import { accountsNamed } from './accounts-named.ts';
import type { ListOptions } from './list-options.ts';
import { OptionReader } from './option-reader.ts';

/** What `list` shows of the open tasks that are stored. */
export interface ListFilter {
  readonly ok: true;
  readonly lets: (stored: StoredTask) => boolean;
  /** The accounts that it lets through; none: all. */
  readonly accounts: readonly string[];
  /** True: only what waits for authorization. */
  readonly pendingOnly: boolean;
  /** True where an option may hide a task that is stored. */
  readonly narrows: boolean;
  readonly warnings: readonly string[];
}

const REMOTE_ONLY = {
  limit: '--limit',
  offset: '--offset',
  startDate: '--start-date',
  endDate: '--end-date',
  orderField: '--order-field',
  order: '--order',
} as const;

/** Checks what was typed after `list`, or after `export`, which shows closed tasks too; every condition that is given must hold, a list holds if one of its values does. The first problem is the answer. */
export function listFilter(
  options: ListOptions,
  accounts: readonly string[],
  closedToo = false,
): ListFilter | { readonly ok: false; readonly problem: string } {
  const reader = new OptionReader();
  for (const [name, option] of Object.entries(REMOTE_ONLY))
    if (name in options) reader.refuse(`${option} is for the API's pages; add --remote, or leave it out.`);
  const named = accountsNamed(options.account ?? [], accounts);
  if ('problem' in named) reader.refuse(named.problem);
  const statuses = reader.codes('--task-status', options.taskStatus, TASK_STATUSES);
  const closed = statuses.find((taskStatus) => !isOpen({ taskStatus }));
  if (closed !== undefined && !closedToo)
    reader.refuse(`--task-status has ${closed}; the store lists open tasks (1, 2, 4), and --remote all.`);
  const product = reader.word('--product', options.product, Object.keys(PRODUCTS));
  const types = reader.codes('--task-type', options.taskType, TASK_TYPES);
  const taskIds = reader.texts('--task-id', options.taskId, 'rep-xxxxxxx1');
  const instanceIds = reader.texts('--instance-id', options.instanceId, 'ins-xxxxxxx1');
  const aliases = reader.texts('--alias', options.alias, 'web-*');
  const zones = reader.texts('--zone', options.zone, 'ap-guangzhou-7');
  const wanted = options.text ?? '';
  if (reader.problem !== null) return { ok: false, problem: reader.problem };
  const meant = 'problem' in named ? [] : named;
  const lets = ({ account, task }: StoredTask): boolean =>
    among(meant, account) &&
    among(statuses, task.taskStatus) &&
    (product === undefined || task.product === product) &&
    among(types, task.taskTypeId) &&
    among(taskIds, task.taskId) &&
    among(instanceIds, task.instanceId) &&
    among(zones, task.zone) &&
    (aliases.length === 0 || aliases.some((pattern) => matchesPattern(pattern, task.alias ?? ''))) &&
    hasText(task, wanted);
  const lists = [statuses, types, taskIds, instanceIds, aliases, zones, meant];
  const narrows = lists.some((list) => list.length > 0) || product !== undefined || wanted !== '';
  const pendingOnly = options.all !== true && statuses.length === 0;
  return { ok: true, lets, accounts: meant, pendingOnly, narrows, warnings: reader.warnings };
}

function among<T>(allowed: readonly T[], value: T | null): boolean {
  return allowed.length === 0 || (value !== null && allowed.includes(value));
}
