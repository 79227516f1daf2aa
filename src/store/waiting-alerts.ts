import type { OperatorNotice, TaskEvent } from '../model/alert.ts';
import type { RepairTask } from '../model/task.ts';
import { inList } from './in-list.ts';
import { flag, int, json, text } from './row.ts';
import { withSharedText } from './shared-text.ts';
import type { Row, Sql } from './sql.ts';
import type { WaitingAlert } from './store.ts';

/**
 * Released alerts in no message, of these channels, in the order in which they were made. A task is shown as it is now, not as it was when the alert was
 * made: what the alert says of the past is in its event.
 */
export async function waitingAlerts(sql: Sql, channels: readonly string[]): Promise<readonly WaitingAlert[]> {
  const { list, params } = inList(1, channels);
  const rows = await sql.all(
    `SELECT alert.id, alert.at, alert.account, alert.data_loss, alert.first_run, alert.subject, delivery.channel, task.facts
     FROM delivery
     JOIN alert ON alert.id = delivery.alert_id
     LEFT JOIN task ON task.task_id = alert.task_id AND task.account = alert.account
     WHERE delivery.message_id IS NULL AND delivery.channel ${list} AND alert.held = 0
     ORDER BY alert.id, delivery.channel`,
    params,
  );
  return rows.map((row) => ({
    id: int(row, 'id'),
    channel: text(row, 'channel'),
    at: int(row, 'at'),
    firstRun: flag(row, 'first_run'),
    dataLoss: flag(row, 'data_loss'),
    subject: alertSubject(row),
  }));
}

/** Reads `account`, `subject` and the task's `facts`. */
export function alertSubject(row: Row): WaitingAlert['subject'] {
  if (row['account'] === null) return { kind: 'operator', notice: json<OperatorNotice>(row, 'subject') };
  return {
    kind: 'task',
    account: text(row, 'account'),
    task: withSharedText(json<RepairTask>(row, 'facts')),
    event: json<TaskEvent>(row, 'subject'),
  };
}
