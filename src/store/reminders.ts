import type { EpochMs } from '../lib/clock.ts';
import { activeAccounts } from './account-row.ts';
import { insertTaskAlerts } from './alert-rows.ts';
import type { Database, Sql } from './sql.ts';
import type { ReminderDecision, ReminderStore, StoredTask } from './store.ts';
import { storedTask, TASK_COLUMNS } from './task-row.ts';
import { WAITS } from './waits.ts';

type Reminding = Parameters<ReminderStore['remind']>;
type Made = Awaited<ReturnType<ReminderStore['remind']>>['made'];

export function reminderVerbs(db: Database): ReminderStore {
  return {
    forgetReminderTimes: () =>
      db.write(async (sql) => {
        await sql.run(`UPDATE task SET remind_at = 0 WHERE ${WAITS} AND (remind_at > 0 OR remind_at IS NULL)`);
      }),
    remind: (now, limit, decide) => db.write((sql) => remind(sql, now, limit, decide)),
  };
}

/**
 * The next moment is written in the transaction that read the task: a page that moves it in between would be overwritten. A task of which something is
 * held until its poll's end is left for later, since a reminder would be told before it.
 */
async function remind(sql: Sql, now: EpochMs, limit: number, decide: Reminding[2]) {
  const accounts = new Map((await activeAccounts(sql)).map((state) => [state.account, state]));
  const tasks = await sql.map(
    `SELECT ${TASK_COLUMNS} FROM task JOIN account ON account.name = task.account
     WHERE ${WAITS} AND task.remind_at <= $1 AND account.retired = 0
       AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.task_id = task.task_id AND alert.account = task.account AND alert.held = 1)
     ORDER BY task.remind_at LIMIT $2`,
    [now, limit],
    storedTask,
  );
  const made: Made[number][] = [];
  const next: [taskId: string, account: string, nextAt: EpochMs | null][] = [];
  for (const stored of tasks) {
    const account = accounts.get(stored.account);
    if (account === undefined) continue;
    const decision = decide(stored, account);
    made.push(...(await tell(sql, stored, decision, now)));
    next.push([stored.task.taskId, stored.account, decision.nextAt]);
  }
  await sql.many('UPDATE task SET remind_at = $3 WHERE task_id = $1 AND account = $2', next);
  return { looked: tasks.length, made };
}

async function tell(
  sql: Sql,
  { account, task: { taskId } }: StoredTask,
  { anchor, reminders }: ReminderDecision,
  now: EpochMs,
): Promise<Made> {
  const made: Made[number][] = [];
  for (const { rungMs, alert } of reminders) {
    const first = `INSERT INTO reminder (task_id, account, deadline, rung_ms, told_at) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING`;
    if ((await sql.run(first, [taskId, account, anchor, rungMs, now])) === 0) continue;
    await insertTaskAlerts(sql, account, [alert], false);
    made.push({ account, taskId, rungMs });
  }
  return made;
}
