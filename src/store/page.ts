import { PROCESSING } from '../model/task.ts';
import { insertTaskAlerts } from './alert-rows.ts';
import { nextIds } from './ids.ts';
import { inList, pieces } from './in-list.ts';
import { text } from './row.ts';
import type { Database, Sql } from './sql.ts';
import type { Change, OpenPoll, PageDecision, PollStore, StoredTask } from './store.ts';
import { storedTask, TASK_COLUMNS, taskParams, UPSERT_TASK } from './task-row.ts';

export function pageVerbs(db: Database): Pick<PollStore, 'commitPage'> {
  return {
    commitPage: (poll, taskIds, decide, progress) =>
      db.write(async (sql) => {
        const known = await knownTasks(sql, poll.account, taskIds);
        const decision = decide(known);
        await takeOver(sql, poll.account, known, decision);
        await writeTasks(sql, poll, decision);
        await insertChanges(sql, poll.account, decision.changes);
        await writeStarts(sql, poll.account, decision.changes);
        await insertTaskAlerts(sql, poll.account, decision.alerts, true);
        if (progress !== undefined) {
          const { range, cursor } = progress;
          const move = 'UPDATE backfill_range SET cursor_at = $3 WHERE id = $1 AND account = $2';
          await sql.run(move, [range, poll.account, cursor]);
        }
        return decision;
      }),
  };
}

/** The account's own rows, and where there is none the row of a retired account, the one seen last. */
async function knownTasks(sql: Sql, account: string, ids: readonly string[]): Promise<Map<string, StoredTask>> {
  const known = new Map<string, StoredTask>();
  for (const piece of pieces(ids)) {
    const { list, params } = inList(2, piece);
    const rows = await sql.all(
      `SELECT ${TASK_COLUMNS} FROM task
       WHERE task_id ${list} AND (account = $1 OR account IN (SELECT name FROM account WHERE retired = 1))
       ORDER BY seen_poll`,
      [account, ...params],
    );
    for (const stored of rows.map(storedTask)) {
      if (known.get(stored.task.taskId)?.account !== account) known.set(stored.task.taskId, stored);
    }
  }
  return known;
}

/** Moves the rows of retired accounts that the page writes or touches, with their story, to the account that shows them now. */
async function takeOver(
  sql: Sql,
  account: string,
  known: ReadonlyMap<string, StoredTask>,
  decision: PageDecision,
): Promise<void> {
  const used = [...decision.write.map((row) => row.task.taskId), ...decision.touch];
  const moves = used.flatMap((taskId) => {
    const owner = known.get(taskId)?.account;
    return owner === undefined || owner === account ? [] : [[account, taskId, owner]];
  });
  if (moves.length === 0) return;
  for (const table of ['task', 'change', 'alert', 'reminder', 'ack', 'mute']) {
    await sql.many(`UPDATE ${table} SET account = $1 WHERE task_id = $2 AND account = $3`, moves);
  }
}

async function writeTasks(sql: Sql, poll: OpenPoll, decision: PageDecision): Promise<void> {
  await sql.many(
    UPSERT_TASK,
    decision.write.map((stored) => taskParams(poll.account, poll.id, stored)),
  );
  for (const piece of pieces(decision.touch)) {
    const { list, params } = inList(3, piece);
    await sql.run(
      `UPDATE task SET absent_polls = 0, seen_poll = CASE WHEN seen_poll > $1 THEN seen_poll ELSE $1 END
       WHERE account = $2 AND task_id ${list}`,
      [poll.id, poll.account, ...params],
    );
  }
}

async function insertChanges(sql: Sql, account: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const first = await nextIds(sql, 'change', changes.length);
  await sql.many(
    `INSERT INTO change (id, task_id, account, at, from_status, to_status, event) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    changes.map(({ taskId, at, from, to, event }, index) => [
      first + index,
      taskId,
      account,
      at,
      from,
      to,
      event === null ? null : JSON.stringify(event),
    ]),
  );
  for (const row of await sql.all('SELECT name FROM digest')) {
    const name = text(row, 'name');
    await sql.many(
      'INSERT INTO digest_change (name, change_id) VALUES ($1, $2)',
      changes.map((_, index) => [name, first + index]),
    );
  }
}

/** When a repair began: the moment at which it was seen to, unless it was first seen under way and the API says since when. */
async function writeStarts(sql: Sql, account: string, changes: readonly Change[]): Promise<void> {
  const starts = changes.filter(({ from, to }) => to === PROCESSING && from !== PROCESSING);
  if (starts.length === 0) return;
  await sql.many(
    `UPDATE task SET started_at = CASE WHEN $4 = 0 AND auth_time <= $3 THEN NULL ELSE $3 END
     WHERE task_id = $1 AND account = $2`,
    starts.map(({ taskId, at, from }) => [taskId, account, at, from === null ? 0 : 1]),
  );
}
