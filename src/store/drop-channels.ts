import type { EpochMs } from '../lib/clock.ts';
import { int, text } from './row.ts';
import type { Database, Row, Sql } from './sql.ts';
import type { OutboxStore } from './store.ts';
import { alertSubject } from './waiting-alerts.ts';

type Route = Parameters<OutboxStore['dropChannels']>[1];

export function dropChannelsVerbs(db: Database): Pick<OutboxStore, 'dropChannels'> {
  return {
    dropChannels: (configured, route, operatorChannels, now) =>
      db.write(async (sql) => {
        const removed = (await channelsInUse(sql)).filter((channel) => !configured.includes(channel));
        for (const channel of removed) {
          await takeApart(sql, channel);
          await rerouteAlerts(sql, channel, route, operatorChannels);
          await buryMessages(sql, channel, now);
        }
        return removed;
      }),
  };
}

async function channelsInUse(sql: Sql): Promise<readonly string[]> {
  const rows = await sql.all(
    `SELECT channel FROM delivery WHERE message_id IS NULL UNION SELECT channel FROM message WHERE settled_at IS NULL
     ORDER BY channel`,
  );
  return rows.map((row) => text(row, 'channel'));
}

/** What a message that was never settled told must reach another channel: its alerts wait again, and the message is gone. */
async function takeApart(sql: Sql, channel: string): Promise<void> {
  const unsettled = 'SELECT id FROM message WHERE settled_at IS NULL AND channel = $1';
  const telling = `SELECT message_id FROM delivery WHERE message_id IN (${unsettled})`;
  const rows = await sql.all(`SELECT id FROM message WHERE id IN (${telling})`, [channel]);
  const ids = rows.map((row) => [int(row, 'id')]);
  await sql.many('UPDATE delivery SET message_id = NULL WHERE message_id = $1', ids);
  await sql.many('DELETE FROM message WHERE id = $1', ids);
}

/** An alert that no route wants any more goes to the operator; with no operator's channel either it stays, to be seen. */
async function rerouteAlerts(
  sql: Sql,
  channel: string,
  route: Route,
  operatorChannels: readonly string[],
): Promise<void> {
  const rows = await sql.all(
    `SELECT alert.id, alert.account, alert.subject, task.facts, task.status, task.ending, task.revision FROM delivery
     JOIN alert ON alert.id = delivery.alert_id
     LEFT JOIN task ON task.task_id = alert.task_id AND task.account = alert.account
     WHERE delivery.message_id IS NULL AND delivery.channel = $1 ORDER BY alert.id`,
    [channel],
  );
  const moves = rows.flatMap((row) => targets(row, route, operatorChannels).map((to) => [int(row, 'id'), to]));
  await sql.many('INSERT INTO delivery (alert_id, channel) VALUES ($1, $2) ON CONFLICT DO NOTHING', moves);
  const moved = new Set(moves.map(([id]) => id));
  await sql.many(
    'DELETE FROM delivery WHERE alert_id = $1 AND channel = $2 AND message_id IS NULL',
    [...moved].map((id) => [id ?? null, channel]),
  );
}

function targets(row: Row, route: Route, operatorChannels: readonly string[]): readonly string[] {
  const subject = alertSubject(row);
  if (subject.kind === 'operator') return operatorChannels;
  const routed = route(subject.account, subject.task, subject.event);
  return routed.length === 0 ? operatorChannels : routed;
}

/** A digest to a channel that is gone stays to be seen; the next one goes where the configuration says. */
async function buryMessages(sql: Sql, channel: string, now: EpochMs): Promise<void> {
  await sql.run(
    `UPDATE message SET state = 'dead', settled_at = $2, next_at = NULL, lease_until = NULL, reason = $3
     WHERE settled_at IS NULL AND channel = $1`,
    [channel, now, `the channel ${channel} is no longer configured`],
  );
}
