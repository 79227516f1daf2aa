import type { TaskEvent } from '../model/alert.ts';
import { stillWaits } from '../model/still-waits.ts';
import { nextIds } from './ids.ts';
import { int, intOrNull, json, only, text, textOrNull } from './row.ts';
import { ackOf, liveSilences, muteOf } from './silence-row.ts';
import type { Database, Sql } from './sql.ts';
import type { AckOutcome, SilenceStore, SilenceStory, WithheldWhy } from './store.ts';
import { storedTask, TASK_COLUMNS } from './task-row.ts';

export function silenceVerbs(db: Database): Omit<SilenceStore, 'endSilences'> {
  return {
    acknowledge: (ack, at) => db.write((sql) => acknowledge(sql, ack, at)),
    mute: (mute, at) =>
      db.write(async (sql) => {
        const { target, dataLoss, by, reason, until } = mute;
        const id = await nextIds(sql, 'mute', 1);
        await sql.run(
          `INSERT INTO mute (id, task_id, account, matching, data_loss, by_whom, reason, at, until_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            id,
            target.kind === 'task' ? target.taskId : null,
            target.kind === 'task' ? target.account : null,
            target.kind === 'match' ? JSON.stringify(target.match) : null,
            dataLoss ? 1 : 0,
            by,
            reason,
            at,
            until,
          ],
        );
        return { ...mute, id, at };
      }),
    unmute: (ids, by, at) =>
      db.write(async (sql) => {
        const live = (await liveSilences(sql, at)).mutes.filter(({ id }) => ids.includes(id));
        await sql.many(
          'UPDATE mute SET ended_at = $2, ended_by = $3 WHERE id = $1',
          live.map(({ id }) => [id, at, by]),
        );
        return live;
      }),
    silences: (now) => db.read((sql) => liveSilences(sql, now)),
    heldBack: () =>
      db.read(async (sql) =>
        int(only(await sql.all('SELECT COUNT(DISTINCT alert_id) AS n FROM withheld WHERE closed_at IS NULL')), 'n'),
      ),
    silenceStory: (account, taskId, since) => db.read((sql) => silenceStory(sql, account, taskId, since)),
  };
}

async function acknowledge(
  sql: Sql,
  { account, taskId, revision, by, until }: Parameters<SilenceStore['acknowledge']>[0],
  at: number,
): Promise<AckOutcome> {
  const own = `SELECT ${TASK_COLUMNS} FROM task WHERE task_id = $1 AND account = $2`;
  const stored = (await sql.all(own, [taskId, account])).map(storedTask)[0];
  if (stored === undefined) return { kind: 'unknown' };
  if (!stillWaits(stored)) return { kind: 'not-pending', stored };
  if (revision !== null && revision !== stored.revision) return { kind: 'moved', stored };
  const replaced = 'UPDATE ack SET settled_at = $3 WHERE task_id = $1 AND account = $2 AND settled_at IS NULL';
  await sql.run(replaced, [taskId, account, at]);
  await sql.run(
    'INSERT INTO ack (id, task_id, account, revision, by_whom, at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [await nextIds(sql, 'ack', 1), taskId, account, stored.revision, by, at, until],
  );
  return { kind: 'acknowledged', stored };
}

async function silenceStory(sql: Sql, account: string, taskId: string, since: number): Promise<SilenceStory> {
  const acks = await sql.all('SELECT * FROM ack WHERE task_id = $1 AND account = $2 ORDER BY id', [taskId, account]);
  const own = await sql.all('SELECT * FROM mute WHERE task_id = $1 AND account = $2', [taskId, account]);
  const matches = await sql.all('SELECT * FROM mute WHERE task_id IS NULL AND until_at > $1', [since]);
  const withheld = await sql.all(
    `SELECT withheld.at, withheld.channel, withheld.why, alert.subject FROM alert
     JOIN withheld ON withheld.alert_id = alert.id
     WHERE alert.task_id = $1 AND alert.account = $2 ORDER BY alert.id, withheld.channel`,
    [taskId, account],
  );
  return {
    acks: acks.map(ackOf),
    mutes: [...own, ...matches]
      .toSorted((a, b) => int(a, 'id') - int(b, 'id'))
      .map((row) => {
        const endedAt = intOrNull(row, 'ended_at');
        return { ...muteOf(row), ended: endedAt === null ? null : { at: endedAt, by: textOrNull(row, 'ended_by') } };
      }),
    withheld: withheld.map((row) => ({
      at: int(row, 'at'),
      channel: text(row, 'channel'),
      event: json<TaskEvent>(row, 'subject').event,
      // The cast holds because the column is written from values of this type only.
      why: text(row, 'why') as WithheldWhy,
    })),
  };
}
