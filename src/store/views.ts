import type { TaskEvent } from '../model/alert.ts';
import { PENDING } from '../model/task.ts';
import { inList } from './in-list.ts';
import { messageRecord, RECORD_COLUMNS } from './message-record.ts';
import { flag, int, intOrNull, json, only, text, textOrNull } from './row.ts';
import type { Database, Row, Sql, SqlValue } from './sql.ts';
import type { MessageOfTask, OpenCount, Part, StoredTask, TaskQuery, ViewStore } from './store.ts';
import { listedTask, storedTask, TASK_COLUMNS } from './task-row.ts';
import { WAITS } from './waits.ts';

/** Beyond every moment; where a task without a deadline stands among others. */
const NEVER = Number.MAX_SAFE_INTEGER;

export function viewVerbs(db: Database): ViewStore {
  return {
    version: () => db.read(version),
    taskPart: (query, after, limit) => db.read((sql) => taskPart(sql, query, after, limit)),
    openCounts: () => db.read(openCounts),
    nearestUnacknowledged: (now) => db.read((sql) => nearestUnacknowledged(sql, now)),
    startingTasks: (to, limit) =>
      db.read((sql) =>
        sql.map(
          `SELECT ${TASK_COLUMNS} FROM task JOIN account ON account.name = task.account
           WHERE task.ending IS NULL AND account.retired = 0 AND task.status = ${PENDING} AND task.deadline < $1
           ORDER BY task.deadline, task.task_id, task.account LIMIT $2`,
          [to, limit],
          listedTask,
        ),
      ),
    startedRepairs: (from, to, limit) =>
      db.read(async (sql) => {
        const rows = await sql.all(
          `SELECT change.account, change.task_id, change.at, task.data_loss, task.zone
           FROM change JOIN task ON task.task_id = change.task_id AND task.account = change.account
             JOIN account ON account.name = task.account AND account.retired = 0
           WHERE change.to_status = 2 AND (change.from_status IS NULL OR change.from_status <> 2)
             AND change.at >= $1 AND change.at < $2
           ORDER BY change.at DESC, change.id DESC LIMIT $3`,
          [from, to, limit],
        );
        return rows.map((row) => ({
          account: text(row, 'account'),
          taskId: text(row, 'task_id'),
          at: int(row, 'at'),
          dataLoss: flag(row, 'data_loss'),
          zone: textOrNull(row, 'zone'),
        }));
      }),
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

const LIST_ORDER = [
  '1 - task.data_loss',
  `COALESCE(task.deadline, ${NEVER})`,
  'task.create_time',
  'task.task_id',
  'task.account',
].join(', ');

async function taskPart(sql: Sql, query: TaskQuery, after: string | null, limit: number): Promise<Part<StoredTask>> {
  const params: SqlValue[] = [];
  const conditions = ['account.retired = 0', ...narrowed(query, params)];
  const closed = query.state === 'closed';
  if (query.state === 'pending') conditions.push(`task.status = ${PENDING}`);
  if (after !== null) conditions.push(closed ? closedAfter(after, params) : openAfter(after, params));
  params.push(limit + 1);
  const rows = await sql.map(
    `SELECT ${TASK_COLUMNS}, task.data_loss, task.deadline FROM task JOIN account ON account.name = task.account
     WHERE task.ending IS ${closed ? 'NOT NULL' : 'NULL'} AND ${conditions.join(' AND ')}
     ORDER BY ${closed ? 'task.changed_at DESC, task.task_id, task.account' : LIST_ORDER}
     LIMIT $${params.length}`,
    params,
    (row) => ({ stored: storedTask(row), place: () => (closed ? closedPlace(row) : openPlace(row)) }),
  );
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? (shown.at(-1)?.place() ?? null) : null;
  return { items: shown.map(({ stored }) => stored), next };
}

function narrowed(query: TaskQuery, params: SqlValue[]): string[] {
  const lists: readonly (readonly [string, readonly SqlValue[] | undefined])[] = [
    ['task.account', query.accounts],
    ['task.status', query.statuses],
    ['task.type_id', query.types],
    ['task.zone', query.zones],
    ['task.product', query.products],
  ];
  return lists.flatMap(([column, values]) => {
    if (values === undefined || values.length === 0) return [];
    // No text here holds it, and PostgreSQL refuses to look for it.
    const possible = values.filter((value) => typeof value !== 'string' || !value.includes('\0'));
    if (possible.length === 0) return ['1 = 0'];
    const { list, params: asked } = inList(params.length + 1, possible);
    params.push(...asked);
    return [`${column} ${list}`];
  });
}

function openPlace(row: Row): string {
  const { task, account } = storedTask(row);
  return placeText([
    1 - int(row, 'data_loss'),
    intOrNull(row, 'deadline') ?? NEVER,
    task.createTime,
    task.taskId,
    account,
  ]);
}

function openAfter(after: string, params: SqlValue[]): string {
  const first = params.length + 1;
  params.push(...placeOf(after, [isFlag, Number.isSafeInteger, Number.isSafeInteger, isText, isText]));
  return `(${LIST_ORDER}) > (${[0, 1, 2, 3, 4].map((i) => `$${first + i}`).join(', ')})`;
}

function closedPlace(row: Row): string {
  const { task, account, changedAt } = storedTask(row);
  return placeText([changedAt, task.taskId, account]);
}

function closedAfter(after: string, params: SqlValue[]): string {
  const at = params.length + 1;
  params.push(...placeOf(after, [Number.isSafeInteger, isText, isText]));
  return `task.changed_at <= $${at} AND (task.changed_at < $${at} OR (task.task_id, task.account) > ($${at + 1}, $${at + 2}))`;
}

function placeText(place: readonly SqlValue[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** PostgreSQL refuses what a column cannot hold, so each part of a place must be such a value. */
function placeOf(after: string, kinds: readonly ((part: unknown) => boolean)[]): readonly SqlValue[] {
  let place: unknown = null;
  try {
    place = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
  } catch {
    // Not JSON: refused below like every other text that is not ours.
  }
  if (Array.isArray(place) && place.length === kinds.length && kinds.every((fits, i) => fits(place[i])))
    return place as SqlValue[]; // each was just looked at
  throw new RangeError(`"${after.slice(0, 100)}" is not where a list goes on.`);
}

const isFlag = (part: unknown): boolean => part === 0 || part === 1;
const isText = (part: unknown): boolean => typeof part === 'string' && !part.includes('\0');

async function openCounts(sql: Sql): Promise<readonly OpenCount[]> {
  const rows = await sql.all(
    `SELECT task.account, task.status, task.type_id, task.zone, task.product, task.data_loss,
       COUNT(*) AS tasks, MIN(CASE WHEN task.status = ${PENDING} THEN task.deadline END) AS nearest
     FROM task JOIN account ON account.name = task.account
     WHERE task.ending IS NULL AND account.retired = 0
     GROUP BY task.account, task.status, task.type_id, task.zone, task.product, task.data_loss
     ORDER BY task.account, task.status, task.type_id, task.zone, task.product, task.data_loss`,
  );
  return rows.map((row) => ({
    account: text(row, 'account'),
    status: int(row, 'status'),
    typeId: intOrNull(row, 'type_id'),
    zone: textOrNull(row, 'zone'),
    product: textOrNull(row, 'product'),
    dataLoss: flag(row, 'data_loss'),
    tasks: int(row, 'tasks'),
    nearestDeadline: intOrNull(row, 'nearest'),
  }));
}

async function nearestUnacknowledged(sql: Sql, now: number): ReturnType<ViewStore['nearestUnacknowledged']> {
  const rows = await sql.all(
    `SELECT task.account, MIN(task.deadline) AS nearest FROM task JOIN account ON account.name = task.account
     WHERE ${WAITS} AND task.deadline IS NOT NULL AND account.retired = 0 AND NOT EXISTS (
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
