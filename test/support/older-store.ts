import type { RepairTask } from '../../src/model/task.ts';
import { migrate } from '../../src/store/migrate.ts';
import { MIGRATIONS } from '../../src/store/migrations/all.ts';
import type { Database, Row } from '../../src/store/sql.ts';
import { repairTask } from './repair-task.ts';
import { T0 } from './store-world.ts';

const COLUMNS =
  'task_id, account, facts, status, ending, create_time, deadline, data_loss, first_seen_at, changed_at, seen_poll, absent_polls, revision';

/** Makes a store as it was before lists had columns of their own, with a task of each kind, brings it up to date and reads those columns. */
export async function upToDateLists(db: Database): Promise<readonly Row[]> {
  await migrate(db, 'store', MIGRATIONS.slice(0, 9), T0);
  const write = (task: Partial<RepairTask> & { taskId: string }, deadline: number | null, ending: string | null) =>
    db.write((sql) => {
      const facts = repairTask({ createTime: T0, ...task });
      const row = [
        facts.taskId,
        'prod',
        JSON.stringify(facts),
        facts.taskStatus,
        ending,
        T0,
        deadline,
        0,
        T0,
        T0,
        1,
        0,
        1,
      ];
      return sql.run(`INSERT INTO task (${COLUMNS}) VALUES (${row.map((_, i) => `$${i + 1}`).join(', ')})`, row);
    });
  const change = (id: number, taskId: string, from: number | null, to: number) =>
    db.write((sql) =>
      sql.run('INSERT INTO change (id, task_id, account, at, from_status, to_status) VALUES ($1, $2, $3, $4, $5, $6)', [
        id,
        taskId,
        'prod',
        T0 + id,
        from,
        to,
      ]),
    );
  await write({ taskId: 'rep-1-estimate', authTime: null, alias: '"authTime":7 \u0000' }, T0 + 7, null);
  await write({ taskId: 'rep-2-stated', authTime: T0 + 7, alias: '"authTime":null' }, T0 + 7, null);
  await write({ taskId: 'rep-3-seen', authTime: T0 + 1, taskStatus: 2 }, T0 + 1, null);
  await write({ taskId: 'rep-4-over', authTime: T0 + 1, taskStatus: 3 }, T0 + 1, 'closed');
  await write({ taskId: 'rep-5-bare', authTime: null, taskStatus: 2 }, null, null);
  await change(11, 'rep-3-seen', 1, 2);
  await change(12, 'rep-4-over', null, 2);
  await change(13, 'rep-4-over', 2, 3);
  await change(14, 'rep-5-bare', null, 2);
  await migrate(db, 'store', MIGRATIONS, T0);
  return db.read((sql) => sql.all('SELECT task_id, lapses_at, auth_time, started_at FROM task ORDER BY task_id'));
}

/** What the rows above must be. */
export const UP_TO_DATE_LISTS = [
  { task_id: 'rep-1-estimate', lapses_at: T0 + 7 + 4 * 3_600_000, auth_time: null, started_at: null },
  { task_id: 'rep-2-stated', lapses_at: null, auth_time: T0 + 7, started_at: null },
  { task_id: 'rep-3-seen', lapses_at: null, auth_time: T0 + 1, started_at: T0 + 11 },
  { task_id: 'rep-4-over', lapses_at: null, auth_time: T0 + 1, started_at: null },
  { task_id: 'rep-5-bare', lapses_at: null, auth_time: null, started_at: T0 + 14 },
];
