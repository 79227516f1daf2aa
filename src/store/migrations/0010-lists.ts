import type { Migration } from './migration.ts';

/**
 * What long lists are read by, each part from where the one before ended: open tasks by their deadlines and whether those have lapsed, closed ones by
 * their last change; and when repairs began, seen by us or said by the API, with the tasks themselves. The vendor's texts cannot hold `"authTime":`, since
 * their quotes are escaped.
 */
export const lists: Migration = {
  version: 10,
  name: 'lists',
  compatibleFrom: 9,
  statements: [
    `ALTER TABLE task ADD COLUMN lapses_at BIGINT`,
    `UPDATE task SET lapses_at = deadline + 14400000
      WHERE ending IS NULL AND status = 1 AND deadline IS NOT NULL AND facts LIKE '%"authTime":null%'`,
    `ALTER TABLE task ADD COLUMN auth_time BIGINT`,
    {
      sqlite: `UPDATE task SET auth_time = facts ->> '$.authTime'`,
      postgres: `UPDATE task SET auth_time = CAST(SUBSTRING(facts FROM '"authTime":([0-9]+)') AS BIGINT)`,
    },
    `ALTER TABLE task ADD COLUMN started_at BIGINT`,
    `UPDATE task SET started_at = (SELECT MAX(change.at) FROM change
        WHERE change.task_id = task.task_id AND change.account = task.account AND change.to_status = 2
          AND (change.from_status IS NULL OR change.from_status <> 2)
          AND (change.from_status IS NOT NULL OR task.auth_time IS NULL OR task.auth_time > change.at))
      WHERE status IN (2, 3)`,
    `CREATE INDEX task_listed ON task (data_loss, deadline, create_time, task_id, account) WHERE ending IS NULL`,
    `CREATE INDEX task_closed ON task (changed_at DESC, task_id, account) WHERE ending IS NOT NULL`,
    `CREATE INDEX task_begun ON task (COALESCE(started_at, auth_time)) WHERE status IN (2, 3)`,
    `DROP INDEX task_ended`,
    `DROP INDEX change_started`,
  ],
};
