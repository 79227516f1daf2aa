import type { OperatorNotice, TaskEvent } from '../model/alert.ts';
import { stillWaits } from '../model/still-waits.ts';
import { listedFacts, type RepairTask } from '../model/task.ts';
import { inList } from './in-list.ts';
import { flag, int, intOrNull, json, text, textOrNull } from './row.ts';
import { withSharedText } from './shared-text.ts';
import type { Row, Sql } from './sql.ts';
import type { WaitingAlert } from './store.ts';

/**
 * Released alerts in no message, of these channels, in the order in which they were made. A task is shown as it is now, not as it was when the alert was
 * made: what the alert says of the past is in its event.
 */
export async function waitingAlerts(sql: Sql, channels: readonly string[]): Promise<readonly WaitingAlert[]> {
  const waiting: WaitingAlert[] = [];
  let after = 0;
  for (;;) {
    const rows = await waitingRows(sql, channels, after);
    const isStorm = waiting.length > 0 || rows.length === CHUNK;
    // The last alert of a full chunk may wait for more channels than the chunk holds: it is left to the next one.
    const last = rows.length === CHUNK ? int(rows[CHUNK - 1] ?? {}, 'id') : Number.POSITIVE_INFINITY;
    for (const row of rows) {
      const alert = waitingAlert(row);
      if (alert.id < last) waiting.push(isStorm ? asListed(alert) : alert);
    }
    if (rows.length < CHUNK || waiting.length >= STORM_AT_MOST) return waiting;
    after = last - 1;
  }
}

/** Enough for anything that is told in full; beyond it only what lists show is kept, chunk by chunk, since a storm must fit into memory. */
const CHUNK = 1_000;

/** What goes beyond waits for the next message: a storm is told in pieces rather than not at all. */
const STORM_AT_MOST = 20_000;

const COLUMNS = `alert.id, alert.at, alert.account, alert.data_loss, alert.first_run, alert.subject, delivery.channel, task.facts,
  task.status, task.ending, task.revision`;

/**
 * What is to be told of the tasks of a message through its channel: the alerts that it is to settle, and those that wait behind it. Of tasks that were
 * pruned there is nothing newer to tell; of very many alerts the first ones.
 */
export async function alertsBehind(
  sql: Sql,
  messageId: number,
): Promise<readonly { readonly alert: WaitingAlert; readonly isBound: boolean }[]> {
  const rows = await sql.all(
    `SELECT DISTINCT ${COLUMNS}, delivery.message_id
     FROM delivery AS own
     JOIN alert AS told ON told.id = own.alert_id
     JOIN alert ON alert.task_id = told.task_id AND alert.account = told.account
     JOIN delivery ON delivery.alert_id = alert.id AND delivery.channel = own.channel
     JOIN task ON task.task_id = alert.task_id AND task.account = alert.account
     WHERE own.message_id = $1 AND alert.held = 0 AND (delivery.message_id = $1 OR delivery.message_id IS NULL)
     ORDER BY alert.id LIMIT ${CHUNK}`,
    [messageId],
  );
  return rows.map((row) => ({ alert: asListed(waitingAlert(row)), isBound: intOrNull(row, 'message_id') !== null }));
}

function waitingRows(sql: Sql, channels: readonly string[], after: number): Promise<readonly Row[]> {
  const { list, params } = inList(2, channels);
  return sql.all(
    `SELECT ${COLUMNS}
     FROM delivery
     JOIN alert ON alert.id = delivery.alert_id
     LEFT JOIN task ON task.task_id = alert.task_id AND task.account = alert.account
     WHERE delivery.message_id IS NULL AND delivery.channel ${list} AND delivery.alert_id > $1 AND alert.held = 0
     ORDER BY alert.id, delivery.channel LIMIT ${CHUNK}`,
    [after, ...params],
  );
}

function waitingAlert(row: Row): WaitingAlert {
  return {
    id: int(row, 'id'),
    channel: text(row, 'channel'),
    at: int(row, 'at'),
    firstRun: flag(row, 'first_run'),
    dataLoss: flag(row, 'data_loss'),
    subject: alertSubject(row),
  };
}

function asListed(alert: WaitingAlert): WaitingAlert {
  const { subject } = alert;
  return subject.kind === 'task' ? { ...alert, subject: { ...subject, task: listedFacts(subject.task) } } : alert;
}

/** Reads `account`, `subject` and the task's `facts`, `status`, `ending` and `revision`. */
export function alertSubject(row: Row): WaitingAlert['subject'] {
  if (row['account'] === null) return { kind: 'operator', notice: json<OperatorNotice>(row, 'subject') };
  return {
    kind: 'task',
    account: text(row, 'account'),
    task: withSharedText(json<RepairTask>(row, 'facts')),
    revision: int(row, 'revision'),
    waits: stillWaits({ ending: textOrNull(row, 'ending'), task: { taskStatus: int(row, 'status') } }),
    event: json<TaskEvent>(row, 'subject'),
  };
}
