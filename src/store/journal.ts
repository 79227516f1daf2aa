import type { PollRecord, PollResult, SetReport } from '../model/poll.ts';
import { changeOf } from './change-row.ts';
import { openTasks } from './open-tasks.ts';
import { int, intOrNull, json, text, textOrNull } from './row.ts';
import type { Database, Row, SqlValue } from './sql.ts';
import type { Journal } from './store.ts';
import { storedTask, TASK_COLUMNS } from './task-row.ts';

export function journalVerbs(db: Database): Omit<Journal, 'prune' | 'beat' | 'beats' | 'forgetBeats' | 'setAsideRows'> {
  return {
    openTasks: (filter) => db.read((sql) => openTasks(sql, filter.pendingOnly)),
    task: (taskId) =>
      db.read(async (sql) => {
        const rows = await sql.all(`SELECT ${TASK_COLUMNS} FROM task WHERE task_id = $1 ORDER BY account`, [taskId]);
        return rows.map(storedTask);
      }),
    changes: (account, taskId) =>
      db.read(async (sql) => {
        const own = 'SELECT * FROM change WHERE task_id = $1 AND account = $2 ORDER BY id';
        return (await sql.all(own, [taskId, account])).map(changeOf);
      }),
    polls: ({ account, before, limit }) =>
      db.read(async (sql) => {
        const params: SqlValue[] = [limit];
        const conditions = [
          ...(account === undefined ? [] : [`account = $${params.push(account)}`]),
          ...(before === undefined ? [] : [`id < $${params.push(before)}`]),
        ];
        const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
        return (await sql.all(`SELECT * FROM poll ${where} ORDER BY id DESC LIMIT $1`, params)).map(pollRecord);
      }),
    poll: (id) =>
      db.read(async (sql) => {
        const [row] = await sql.all('SELECT * FROM poll WHERE id = $1', [id]);
        return row === undefined ? null : pollRecord(row);
      }),
  };
}

function pollRecord(row: Row): PollRecord {
  const sets = json<readonly SetReport[]>(row, 'sets');
  // Whoever ends a reading of its own reports a set at least; the others' columns still hold what they began with.
  const counted = (column: string): number | null => (sets.length === 0 ? null : int(row, column));
  return {
    id: int(row, 'id'),
    account: text(row, 'account'),
    // The casts hold because both columns are written from values of these types only.
    kind: text(row, 'kind') as PollRecord['kind'],
    result: textOrNull(row, 'result') as PollResult | null,
    startedAt: int(row, 'started_at'),
    endedAt: intOrNull(row, 'ended_at'),
    reason: textOrNull(row, 'reason'),
    sets,
    requests: counted('requests'),
    retries: counted('retries'),
    throttles: counted('throttles'),
    clockOffsetMs: intOrNull(row, 'clock_offset_ms'),
    checkpointBefore: intOrNull(row, 'checkpoint_before'),
    checkpointAfter: intOrNull(row, 'checkpoint_after'),
  };
}
