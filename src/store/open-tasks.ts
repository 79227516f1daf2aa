import type { Row, Sql } from './sql.ts';
import type { StoredTask } from './store.ts';
import { storedTask, TASK_COLUMNS } from './task-row.ts';
import { WAITS } from './waits.ts';

/** Open tasks of configured accounts: data-loss first, then by deadline, those without one last. */
export function openTasks(
  sql: Sql,
  pendingOnly: boolean,
  read: (row: Row) => StoredTask = storedTask,
): Promise<readonly StoredTask[]> {
  return sql.map(
    `SELECT ${TASK_COLUMNS} FROM task JOIN account ON account.name = task.account
     WHERE ${pendingOnly ? WAITS : 'task.ending IS NULL'} AND account.retired = 0
     ORDER BY task.data_loss DESC, task.deadline ASC NULLS LAST, task.create_time, task.task_id, task.account`,
    [],
    read,
  );
}
