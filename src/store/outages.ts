import type { Outage } from '../model/message.ts';
import { inList } from './in-list.ts';
import { int, intOrNull, json, only } from './row.ts';
import type { Database, Sql } from './sql.ts';
import type { ClaimedMessage, OutboxStore, Settlement } from './store.ts';

export function outageVerbs(db: Database): Pick<OutboxStore, 'noteAbsence'> {
  return {
    noteAbsence: (channels, now, longerThanMs) =>
      db.write(async (sql) => {
        const since = intOrNull(only(await sql.all('SELECT MAX(started_at) AS since FROM poll')), 'since');
        if (since === null || now - since <= longerThanMs) return null;
        await beginOutage(sql, channels, { since, why: 'absent' });
        return since;
      }),
  };
}

/** Since when nothing could be sent through any of these channels, the longest of them; null where nothing is in the way. */
export async function outageOf(sql: Sql, channels: readonly string[]): Promise<Outage | null> {
  const { list, params } = inList(1, channels.map(nameOf));
  const rows = await sql.all(`SELECT value FROM meta WHERE name ${list}`, params);
  const outages = rows.map((row) => json<Outage>(row, 'value'));
  return outages.toSorted((a, b) => a.since - b.since)[0] ?? null;
}

/** A refusal of the whole lane begins an outage of the channel. Any other answer ends it: what was just tried is frozen from then on. */
export async function noteOutcome(sql: Sql, { channel }: ClaimedMessage, settlement: Settlement): Promise<void> {
  if (settlement.state === 'waiting' && settlement.down)
    await beginOutage(sql, [channel], { since: settlement.at, why: 'down' });
  else await endOutages(sql, [channel]);
}

export async function endOutages(sql: Sql, channels: readonly string[]): Promise<void> {
  await sql.many(
    'DELETE FROM meta WHERE name = $1',
    channels.map((channel) => [nameOf(channel)]),
  );
}

/**
 * Takes apart what was made for these channels and can have reached nobody: its alerts wait again, and are told as things are by then. Digests stay,
 * which are of their time, and so does whatever may have been accepted, wholly or by some, or tells of a task that was pruned meanwhile. `batch`: only
 * what was made together with it.
 */
export async function takeApartUnsent(
  sql: Sql,
  channels: readonly string[],
  batch: number | null = null,
): Promise<void> {
  const { list, params } = inList(2, channels);
  const rows = await sql.all(
    `SELECT id FROM message WHERE settled_at IS NULL AND channel ${list} AND batch = COALESCE($1, batch) AND state = 'waiting' AND may_repeat = 0
       AND resume IS NULL AND EXISTS (SELECT 1 FROM delivery WHERE message_id = message.id)
       AND NOT EXISTS (
         SELECT 1 FROM delivery JOIN alert ON alert.id = delivery.alert_id
         LEFT JOIN task ON task.task_id = alert.task_id AND task.account = alert.account
         WHERE delivery.message_id = message.id AND alert.task_id IS NOT NULL AND task.task_id IS NULL)`,
    [batch, ...params],
  );
  const ids = rows.map((row) => [int(row, 'id')]);
  await sql.many('UPDATE delivery SET message_id = NULL WHERE message_id = $1', ids);
  await sql.many('DELETE FROM message WHERE id = $1', ids);
}

/** Of channels that have one already nothing changes. */
export async function beginOutage(sql: Sql, channels: readonly string[], outage: Outage): Promise<void> {
  await sql.many(
    'INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
    channels.map((channel) => [nameOf(channel), JSON.stringify(outage)]),
  );
}

function nameOf(channel: string): string {
  return `outage of ${channel}`;
}
