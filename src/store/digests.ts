import type { EpochMs } from '../lib/clock.ts';
import { activeAccounts } from './account-row.ts';
import { changeOf } from './change-row.ts';
import { insertMessages } from './message-row.ts';
import { openTasks } from './open-tasks.ts';
import { int, only, text } from './row.ts';
import { liveSilences } from './silence-row.ts';
import type { Database, Sql } from './sql.ts';
import type { DigestInput, DigestStore } from './store.ts';
import { listedTask, TASK_COLUMNS } from './task-row.ts';

type MakeDigest = Parameters<DigestStore['makeDigest']>;

export function digestVerbs(db: Database): DigestStore {
  return {
    syncDigests: (digests, now) => db.write((sql) => syncDigests(sql, digests, now)),
    dueDigests: (now) =>
      db.read(async (sql) => {
        const rows = await sql.all('SELECT name, next_at FROM digest WHERE next_at <= $1 ORDER BY next_at, name', [
          now,
        ]);
        return rows.map((row) => ({ name: text(row, 'name'), scheduledAt: int(row, 'next_at') }));
      }),
    makeDigest: (digest, now, compose) => db.write((sql) => makeDigest(sql, digest, now, compose)),
    previewDigest: (name, now) => db.read(async (sql) => (await digestInput(sql, name, now)).input),
  };
}

/** A moved schedule is due when it says; an unchanged one keeps its moment, so that one missed while nobody ran is still due. */
async function syncDigests(sql: Sql, digests: Parameters<DigestStore['syncDigests']>[0], now: EpochMs): Promise<void> {
  const names = new Set(digests.map((digest) => digest.name));
  for (const row of await sql.all('SELECT name FROM digest')) {
    const name = text(row, 'name');
    if (names.has(name)) continue;
    await sql.run('DELETE FROM digest_change WHERE name = $1', [name]);
    await sql.run('DELETE FROM digest WHERE name = $1', [name]);
  }
  await sql.many(
    `INSERT INTO digest (name, schedule_key, next_at, covers_from) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET schedule_key = excluded.schedule_key,
       next_at = CASE WHEN digest.schedule_key = excluded.schedule_key THEN digest.next_at ELSE excluded.next_at END`,
    digests.map(({ name, scheduleKey, nextAt }) => [name, scheduleKey, nextAt, now]),
  );
}

async function makeDigest(
  sql: Sql,
  { name, scheduledAt, nextAt, channels }: MakeDigest[0],
  now: EpochMs,
  compose: MakeDigest[2],
): Promise<boolean> {
  // The digest's own row first: whoever writes it makes the others of this name wait.
  await sql.run('UPDATE digest SET next_at = $2 WHERE name = $1 AND next_at <= $3', [name, nextAt, scheduledAt]);
  const unique = 'INSERT INTO digest_made (name, scheduled_at, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
  if ((await sql.run(unique, [name, scheduledAt, now])) === 0) return false;
  const { input, changeIds } = await digestInput(sql, name, now);
  const facts = compose(input);
  await sql.many(
    'DELETE FROM digest_change WHERE name = $1 AND change_id = $2',
    changeIds.map((id) => [name, id]),
  );
  await sql.run('UPDATE digest SET covers_from = $2 WHERE name = $1', [name, now]);
  if (channels.length === 0) return true;
  const origin = ['digest', name, scheduledAt];
  await insertMessages(
    sql,
    channels.map((channel) => ({ channel, facts, part: 1, parts: 1, origin })),
    now,
  );
  return true;
}

function keyOf(account: string, taskId: string): string {
  return `${taskId} ${account}`;
}

/** What retired accounts' tasks went through waits until their account is back or renamed. */
async function digestInput(
  sql: Sql,
  name: string,
  now: EpochMs,
): Promise<{ readonly input: DigestInput; readonly changeIds: readonly number[] }> {
  const [digest] = await sql.all('SELECT covers_from FROM digest WHERE name = $1', [name]);
  const pending = await openTasks(sql, true, listedTask);
  // Most changed tasks are pending: each is held once.
  const known = new Map(pending.map((stored) => [keyOf(stored.account, stored.task.taskId), stored]));
  const changes = await sql.map(
    `SELECT change.id, change.at, change.from_status, change.to_status, change.event, change.task_id, ${TASK_COLUMNS}
     FROM digest_change
     JOIN change ON change.id = digest_change.change_id
     JOIN task ON task.task_id = change.task_id AND task.account = change.account
     JOIN account ON account.name = change.account
     WHERE digest_change.name = $1 AND account.retired = 0
     ORDER BY change.id`,
    [name],
    (row) => ({
      id: int(row, 'id'),
      change: changeOf(row),
      stored: known.get(keyOf(text(row, 'account'), text(row, 'task_id'))) ?? listedTask(row),
    }),
  );
  const dead = only(await sql.all(`SELECT COUNT(*) AS n FROM message WHERE state = 'dead'`));
  return {
    changeIds: changes.map(({ id }) => id),
    input: {
      coversFrom: digest === undefined ? now : int(digest, 'covers_from'),
      pending,
      silences: await liveSilences(sql, now),
      changes,
      accounts: await activeAccounts(sql),
      deadMessages: int(dead, 'n'),
    },
  };
}
