import type { PollRecord, PollResult, SetReport } from '../model/poll.ts';
import { changeOf } from './change-row.ts';
import { openTasks } from './open-tasks.ts';
import { int, intOrNull, json, text, textOrNull } from './row.ts';
import type { Database, Row } from './sql.ts';
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
    polls: ({ account, limit }) =>
      db.read(async (sql) => {
        const rows =
          account === undefined
            ? await sql.all('SELECT * FROM poll ORDER BY id DESC LIMIT $1', [limit])
            : await sql.all('SELECT * FROM poll WHERE account = $2 ORDER BY id DESC LIMIT $1', [limit, account]);
        return rows.map(pollRecord);
      }),
    poll: (id) =>
      db.read(async (sql) => {
        const [row] = await sql.all('SELECT * FROM poll WHERE id = $1', [id]);
        return row === undefined ? null : pollRecord(row);
      }),
  };
}

function pollRecord(row: Row): PollRecord {
  return {
    id: int(row, 'id'),
    account: text(row, 'account'),
    // The casts hold because both columns are written from values of these types only.
    kind: text(row, 'kind') as PollRecord['kind'],
    result: textOrNull(row, 'result') as PollResult | null,
    startedAt: int(row, 'started_at'),
    endedAt: intOrNull(row, 'ended_at'),
    reason: textOrNull(row, 'reason'),
    sets: json<readonly SetReport[]>(row, 'sets'),
    requests: int(row, 'requests'),
    retries: int(row, 'retries'),
    throttles: int(row, 'throttles'),
    clockOffsetMs: intOrNull(row, 'clock_offset_ms'),
    checkpointBefore: intOrNull(row, 'checkpoint_before'),
    checkpointAfter: intOrNull(row, 'checkpoint_after'),
  };
}
