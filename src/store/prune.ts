import type { EpochMs } from '../lib/clock.ts';
import { inList, pieces } from './in-list.ts';
import { int, text } from './row.ts';
import type { Database, Sql } from './sql.ts';
import type { Journal } from './store.ts';

/** Rows of one transaction, so that a poll never waits long behind the cleaning. */
const BATCH = 500;

/** Unlike the other verbs a series of transactions, each whole: what is left is pruned the next time. */
export function pruneVerbs(db: Database): Pick<Journal, 'prune'> {
  return {
    prune: async (before) => {
      await db.write((sql) => forgetHistory(sql, before.closedTasks));
      const tasks = await untilDone(() => db.write((sql) => pruneTasks(sql, before.closedTasks)));
      await untilDone(() => db.write((sql) => pruneMessages(sql, before.closedTasks)));
      await db.write((sql) =>
        sql.run('DELETE FROM mute WHERE task_id IS NULL AND until_at < $1 AND settled_at IS NOT NULL', [
          before.closedTasks,
        ]),
      );
      const polls = await untilDone(() => db.write((sql) => prunePolls(sql, before.polls)));
      return { tasks, polls };
    },
  };
}

async function untilDone(batch: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const went = await batch();
    total += went;
    if (went < BATCH) return total;
  }
}

/** What was created since then is kept; of what is older nobody can say any more that it was never seen. */
async function forgetHistory(sql: Sql, before: EpochMs): Promise<void> {
  for (const column of ['backfill_from', 'proven_from'])
    await sql.run(`UPDATE account SET ${column} = $1 WHERE ${column} < $1`, [before]);
}

/** A closed task goes with its story, unless an alert about it still waits to be sent, be it in a message. */
async function pruneTasks(sql: Sql, before: EpochMs): Promise<number> {
  const rows = await sql.all(
    `SELECT task_id, account FROM task
     WHERE ending IS NOT NULL AND changed_at < $1 AND NOT EXISTS (
       SELECT 1 FROM alert JOIN delivery ON delivery.alert_id = alert.id
       LEFT JOIN message ON message.id = delivery.message_id
       WHERE alert.task_id = task.task_id AND alert.account = task.account AND message.settled_at IS NULL)
     ORDER BY changed_at LIMIT $2`,
    [before, BATCH],
  );
  const owned = rows.map((row) => [text(row, 'task_id'), text(row, 'account')]);
  await sql.many(
    'DELETE FROM digest_change WHERE change_id IN (SELECT id FROM change WHERE task_id = $1 AND account = $2)',
    owned,
  );
  await sql.many(
    'DELETE FROM withheld WHERE alert_id IN (SELECT id FROM alert WHERE task_id = $1 AND account = $2)',
    owned,
  );
  await sql.many(
    'DELETE FROM alert WHERE task_id = $1 AND account = $2 AND NOT EXISTS (SELECT 1 FROM delivery WHERE alert_id = alert.id)',
    owned,
  );
  for (const table of ['change', 'reminder', 'ack', 'mute', 'task']) {
    await sql.many(`DELETE FROM ${table} WHERE task_id = $1 AND account = $2`, owned);
  }
  return owned.length;
}

/** Delivered messages of that age go with the alerts that they settled. */
async function pruneMessages(sql: Sql, before: EpochMs): Promise<number> {
  const rows = await sql.all(
    `SELECT id FROM message WHERE state = 'delivered' AND settled_at < $1 ORDER BY settled_at LIMIT $2`,
    [before, BATCH],
  );
  for (const piece of pieces(rows.map((row) => int(row, 'id')))) {
    const { list, params } = inList(1, piece);
    const bound = await sql.all(`SELECT DISTINCT alert_id FROM delivery WHERE message_id ${list}`, params);
    await sql.run(`DELETE FROM delivery WHERE message_id ${list}`, params);
    await sql.many(
      `DELETE FROM alert WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE alert_id = $1)
         AND NOT EXISTS (SELECT 1 FROM withheld WHERE alert_id = $1)`,
      bound.map((row) => [int(row, 'alert_id')]),
    );
    await sql.run(`DELETE FROM message WHERE id ${list}`, params);
  }
  return rows.length;
}

async function prunePolls(sql: Sql, before: EpochMs): Promise<number> {
  return sql.run(
    `DELETE FROM poll WHERE id IN (
       SELECT id FROM poll WHERE started_at < $1 AND ended_at IS NOT NULL ORDER BY started_at LIMIT $2)`,
    [before, BATCH],
  );
}
