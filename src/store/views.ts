import type { EpochMs } from '../lib/clock.ts';
import type { TaskEvent } from '../model/alert.ts';
import { PENDING } from '../model/task.ts';
import { taskPart } from './list-parts.ts';
import { messageRecord, RECORD_COLUMNS } from './message-record.ts';
import { flag, int, intOrNull, json, only, text, textOrNull } from './row.ts';
import type { Database, Row, Sql } from './sql.ts';
import type { AlikeCount, MessageOfTask, OpenCount, StartedRepairs, ViewStore } from './store.ts';
import { listedTask, TASK_COLUMNS } from './task-row.ts';
import { WAITS } from './waits.ts';

export function viewVerbs(db: Database): ViewStore {
  return {
    version: () => db.read(version),
    taskPart: (query, after, limit, now) => db.read((sql) => taskPart(sql, query, after, limit, now)),
    openCounts: (now) => db.read((sql) => openCounts(sql, now)),
    closedCounts: (most) => db.read((sql) => closedCounts(sql, most)),
    nearestUnacknowledged: (now) => db.read((sql) => nearestUnacknowledged(sql, now)),
    startingTasks: (now, to, limit) =>
      db.read((sql) =>
        sql.map(
          `SELECT ${TASK_COLUMNS} FROM task JOIN account ON account.name = task.account
           WHERE task.ending IS NULL AND account.retired = 0 AND task.status = ${PENDING} AND task.deadline < $1 AND ${STANDS('$2')}
           ORDER BY task.deadline, task.task_id, task.account LIMIT $3`,
          [to, now, limit],
          listedTask,
        ),
      ),
    startedRepairs: (from, to) => db.read((sql) => startedRepairs(sql, from, to)),
    messagesOf: (account, taskId) => db.read((sql) => messagesOf(sql, account, taskId)),
  };
}

/** Ids grow with everything that happens; polls and messages also end, in two indexes of what has not. The beats of the loops show nowhere. */
async function version(sql: Sql): Promise<string> {
  const ids = await sql.all('SELECT name, next_id FROM id_sequence ORDER BY name');
  const open = await sql.all(
    `SELECT (SELECT COUNT(*) FROM poll WHERE ended_at IS NULL) AS polls, COUNT(*) AS messages,
       SUM(attempts) AS attempts, COUNT(CASE WHEN state = 'sending' THEN 1 END) AS sending
     FROM message WHERE settled_at IS NULL`,
  );
  const { polls, messages, attempts, sending } = only(open);
  return [...ids.map((row) => row['next_id']), polls, messages, attempts, sending].join('.');
}

/** The deadline counts still: it is no estimate that passed hours ago. */
const STANDS = (now: string): string => `(task.lapses_at IS NULL OR task.lapses_at > ${now})`;

const ALIKE = 'task.account, task.status, task.type_id, task.zone, task.product, task.data_loss';

async function openCounts(sql: Sql, now: EpochMs): Promise<readonly OpenCount[]> {
  const rows = await sql.all(
    `SELECT ${ALIKE}, CASE WHEN ${STANDS('$1')} THEN 0 ELSE 1 END AS lapsed, COUNT(*) AS tasks, MIN(CASE WHEN task.status = ${PENDING} AND ${STANDS('$1')} THEN task.deadline END) AS nearest
     FROM task JOIN account ON account.name = task.account
     WHERE task.ending IS NULL AND account.retired = 0
     GROUP BY ${ALIKE}, lapsed
     ORDER BY ${ALIKE}, lapsed`,
    [now],
  );
  return rows.map((row) => ({
    ...alike(row),
    lapsed: flag(row, 'lapsed'),
    nearestDeadline: intOrNull(row, 'nearest'),
  }));
}

/** A bounded look at what is over: counting all of it would take the longer the more is kept. */
async function closedCounts(sql: Sql, most: number): ReturnType<ViewStore['closedCounts']> {
  const rows = await sql.all(
    `SELECT ${ALIKE}, COUNT(*) AS tasks FROM (
       SELECT * FROM task WHERE task.ending IS NOT NULL
         AND EXISTS (SELECT 1 FROM account WHERE account.name = task.account AND account.retired = 0)
       ORDER BY task.changed_at DESC, task.task_id, task.account LIMIT $1) AS task
     GROUP BY ${ALIKE} ORDER BY ${ALIKE}`,
    [most + 1],
  );
  const counts = rows.map(alike);
  return { counts, whole: counts.reduce((sum, { tasks }) => sum + tasks, 0) <= most };
}

function alike(row: Row): AlikeCount {
  return {
    account: text(row, 'account'),
    status: int(row, 'status'),
    typeId: intOrNull(row, 'type_id'),
    zone: textOrNull(row, 'zone'),
    product: textOrNull(row, 'product'),
    dataLoss: flag(row, 'data_loss'),
    tasks: int(row, 'tasks'),
  };
}

async function startedRepairs(sql: Sql, from: EpochMs, to: EpochMs): Promise<readonly StartedRepairs[]> {
  const rows = await sql.all(
    `SELECT task.account, task.zone, task.data_loss, CASE WHEN task.started_at IS NULL THEN 0 ELSE 1 END AS seen,
       COUNT(*) AS tasks, MIN(task.task_id) AS task_id
     FROM task
     WHERE task.status IN (2, 3) AND COALESCE(task.started_at, task.auth_time) >= $1 AND COALESCE(task.started_at, task.auth_time) < $2
     GROUP BY task.account, task.zone, task.data_loss, seen
     HAVING EXISTS (SELECT 1 FROM account WHERE account.name = task.account AND account.retired = 0)
     ORDER BY task.account, task.zone, task.data_loss, seen`,
    [from, to],
  );
  return rows.map((row) => ({
    account: text(row, 'account'),
    zone: textOrNull(row, 'zone'),
    dataLoss: flag(row, 'data_loss'),
    seen: flag(row, 'seen'),
    tasks: int(row, 'tasks'),
    taskId: text(row, 'task_id'),
  }));
}

async function nearestUnacknowledged(sql: Sql, now: number): ReturnType<ViewStore['nearestUnacknowledged']> {
  const rows = await sql.all(
    `SELECT task.account, MIN(task.deadline) AS nearest FROM task JOIN account ON account.name = task.account
     WHERE ${WAITS} AND task.deadline IS NOT NULL AND ${STANDS('$1')} AND account.retired = 0 AND NOT EXISTS (
       SELECT 1 FROM ack WHERE ack.task_id = task.task_id AND ack.account = task.account AND ack.revision = task.revision
         AND ack.settled_at IS NULL AND (ack.until_at IS NULL OR ack.until_at > $1))
     GROUP BY task.account ORDER BY task.account`,
    [now],
  );
  return rows.map((row) => ({ account: text(row, 'account'), at: int(row, 'nearest') }));
}

async function messagesOf(sql: Sql, account: string, taskId: string): Promise<readonly MessageOfTask[]> {
  const rows = await sql.all(
    `SELECT ${RECORD_COLUMNS}, alert.at, alert.subject
     FROM alert JOIN delivery ON delivery.alert_id = alert.id JOIN message ON message.id = delivery.message_id
     WHERE alert.task_id = $1 AND alert.account = $2 ORDER BY message.id, alert.id`,
    [taskId, account],
  );
  const byMessage = Map.groupBy(rows, (row) => int(row, 'id'));
  return [...byMessage.values()].flatMap((told) => {
    const [first] = told;
    if (first === undefined) return [];
    const events = told.map((row) => {
      const event = json<TaskEvent>(row, 'subject');
      return { event: event.event, at: int(row, 'at'), rungMs: event.event === 'reminder' ? event.rungMs : null };
    });
    return [{ ...messageRecord(first), events }];
  });
}
