import type { Config } from '../config/config.ts';
import type { Store, StoredTask } from '../store/store.ts';
import { unknownName } from './unknown-name.ts';

/** The one task that an id means: a task's own id, or the id of an instance with a single open task; else a sentence. */
export async function findTask(
  store: Store,
  id: string,
  account: string | undefined,
  config: Config,
): Promise<StoredTask | { readonly problem: string }> {
  const accounts = config.accounts.map(({ name }) => name);
  if (account !== undefined && !accounts.includes(account))
    return { problem: unknownName('account', account, accounts) };
  const isMeant = (stored: StoredTask): boolean =>
    account === undefined ? accounts.includes(stored.account) : stored.account === account;
  const { found, by } = await tasksOf(store, id, isMeant);
  const [task, ...others] = found;
  if (task === undefined)
    return {
      problem: `No task and no open task's instance has the id "${id}"; \`repairwatch list --all\` shows them.`,
    };
  if (others.length === 0) return task;
  const names = found.map((each) => (by === 'task' ? each.account : each.task.taskId));
  return by === 'task'
    ? { problem: `More than one account has the task "${id}" (${names.join(', ')}); name one with --account.` }
    : { problem: `The instance "${id}" has more than one open task (${names.join(', ')}); name one of them.` };
}

/** Of the tasks that are meant, those of that id, in every account; else the open ones of the instance of that id. */
export async function tasksOf(
  store: Store,
  id: string,
  isMeant: (stored: StoredTask) => boolean = () => true,
): Promise<{ readonly found: readonly StoredTask[]; readonly by: 'task' | 'instance' }> {
  const own = (await store.task(id)).filter(isMeant);
  if (own.length > 0) return { found: own, by: 'task' };
  const open = await store.openTasks({ pendingOnly: false });
  return { found: open.filter((stored) => stored.task.instanceId === id && isMeant(stored)), by: 'instance' };
}
