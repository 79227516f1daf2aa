import type { EpochMs } from '../lib/clock.ts';
import type { OperatorNotice, TaskEvent } from '../model/alert.ts';
import { nextIds } from './ids.ts';
import type { Sql, SqlValue } from './sql.ts';
import type { NewAlert } from './store.ts';

interface AlertRow {
  readonly at: EpochMs;
  readonly taskId: string | null;
  readonly account: string | null;
  readonly dataLoss: boolean;
  readonly firstRun: boolean;
  readonly held: boolean;
  readonly subject: TaskEvent | OperatorNotice;
  readonly channels: readonly string[];
}

/** Alerts about an account's tasks; held ones wait for the end of the poll that made them. */
export function insertTaskAlerts(sql: Sql, account: string, alerts: readonly NewAlert[], held: boolean): Promise<void> {
  return insertAlerts(
    sql,
    alerts.map((alert) => ({
      at: alert.event.at,
      taskId: alert.taskId,
      account,
      dataLoss: alert.dataLoss,
      firstRun: alert.firstRun,
      held,
      subject: alert.event,
      channels: alert.channels,
    })),
  );
}

export function insertNotice(sql: Sql, notice: OperatorNotice, channels: readonly string[]): Promise<void> {
  const row = { at: notice.at, taskId: null, account: null, dataLoss: false, firstRun: false, held: false };
  return insertAlerts(sql, [{ ...row, subject: notice, channels }]);
}

/** Lets the account's alerts go. */
export async function releaseAlerts(sql: Sql, account: string): Promise<void> {
  await sql.run('UPDATE alert SET held = 0 WHERE account = $1 AND held = 1', [account]);
}

/** An alert that goes nowhere is not written: nobody would ever take it. */
async function insertAlerts(sql: Sql, all: readonly AlertRow[]): Promise<void> {
  const alerts = all.filter((alert) => alert.channels.length > 0);
  if (alerts.length === 0) return;
  const first = await nextIds(sql, 'alert', alerts.length);
  await sql.many(
    `INSERT INTO alert (id, at, task_id, account, data_loss, first_run, held, subject)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    alerts.map((alert, index) => [
      first + index,
      alert.at,
      alert.taskId,
      alert.account,
      alert.dataLoss ? 1 : 0,
      alert.firstRun ? 1 : 0,
      alert.held ? 1 : 0,
      JSON.stringify(alert.subject),
    ]),
  );
  const deliveries = alerts.flatMap((alert, index) =>
    [...new Set(alert.channels)].map((channel): SqlValue[] => [first + index, channel]),
  );
  await sql.many('INSERT INTO delivery (alert_id, channel) VALUES ($1, $2)', deliveries);
}
