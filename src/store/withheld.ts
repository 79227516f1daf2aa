import type { EpochMs } from '../lib/clock.ts';
import type { Silences } from '../model/silence.ts';
import { insertTaskAlerts } from './alert-rows.ts';
import { flag, int, text } from './row.ts';
import { ACK_FITS, liveSilences } from './silence-row.ts';
import type { Database, Row, Sql } from './sql.ts';
import type { HeldBackTask, SilenceStore, Withheld } from './store.ts';
import { listedTask, TASK_COLUMNS } from './task-row.ts';

type Decide = Parameters<SilenceStore['endSilences']>[1];

/** What a silence held back may have to be told when it ends; the rest is only recorded. */
const TOLD_LATER: readonly Withheld['why'][] = ['muted', 'acknowledged'];

/** Takes waiting alerts from their channels, with the reason. */
export async function withholdAlerts(sql: Sql, withheld: readonly Withheld[], now: EpochMs): Promise<void> {
  await sql.many(
    'DELETE FROM delivery WHERE alert_id = $1 AND channel = $2 AND message_id IS NULL',
    withheld.map(({ alertId, channel }) => [alertId, channel]),
  );
  await sql.many(
    'INSERT INTO withheld (alert_id, channel, at, why, closed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
    withheld.map(({ alertId, channel, why }) => [alertId, channel, now, why, TOLD_LATER.includes(why) ? null : now]),
  );
}

export function endSilencesVerb(db: Database): Pick<SilenceStore, 'endSilences'> {
  return {
    endSilences: (now, decide) =>
      db.write(async (sql) => {
        const mutes = `UPDATE mute SET settled_at = $1 WHERE settled_at IS NULL AND (until_at <= $1 OR ended_at IS NOT NULL)`;
        const acks = `UPDATE ack SET settled_at = $1 WHERE settled_at IS NULL AND (until_at <= $1 OR NOT ${ACK_FITS})`;
        const ended = (await sql.run(mutes, [now])) + (await sql.run(acks, [now]));
        return ended === 0 ? 0 : settleHeldBack(sql, await liveSilences(sql, now), now, decide);
      }),
  };
}

interface Gathered extends HeldBackTask {
  readonly channels: string[];
  readonly rows: [alertId: number, channel: string][];
  muted: boolean;
}

async function settleHeldBack(sql: Sql, silences: Silences, now: EpochMs, decide: Decide): Promise<number> {
  let told = 0;
  for (const task of await heldBackTasks(sql)) {
    const after = task.channels.length === 0 ? 'close' : decide(task, silences);
    if (after === 'keep') continue;
    await sql.many(
      'UPDATE withheld SET closed_at = $1 WHERE alert_id = $2 AND channel = $3',
      task.rows.map((row) => [now, ...row]),
    );
    if (after === 'close') continue;
    await insertTaskAlerts(sql, task.stored.account, [after], false);
    told += 1;
  }
  return told;
}

/** In the order of the first alert that was held back. A channel that was sent something newer about the task needs nothing. */
async function heldBackTasks(sql: Sql): Promise<readonly Gathered[]> {
  const rows = await sql.map(
    `SELECT withheld.alert_id, withheld.channel, withheld.why, alert.task_id, ${TASK_COLUMNS}, CASE WHEN EXISTS (
       SELECT 1 FROM alert AS later JOIN delivery ON delivery.alert_id = later.id AND delivery.channel = withheld.channel
       WHERE later.task_id = alert.task_id AND later.account = alert.account AND later.id > alert.id)
       THEN 1 ELSE 0 END AS told_since
     FROM withheld
     JOIN alert ON alert.id = withheld.alert_id
     JOIN task ON task.task_id = alert.task_id AND task.account = alert.account
     WHERE withheld.closed_at IS NULL ORDER BY withheld.alert_id`,
    [],
    heldBackRow,
  );
  const tasks = new Map<string, Gathered>();
  for (const { key, stored, alertId, channel, muted, toldSince } of rows) {
    const task = tasks.get(key) ?? { stored, channels: [], rows: [], muted: false };
    task.rows.push([alertId, channel]);
    if (!toldSince && !task.channels.includes(channel)) task.channels.push(channel);
    task.muted ||= muted;
    tasks.set(key, task);
  }
  return [...tasks.values()];
}

function heldBackRow(row: Row) {
  return {
    key: `${text(row, 'task_id')} ${text(row, 'account')}`,
    stored: listedTask(row),
    alertId: int(row, 'alert_id'),
    channel: text(row, 'channel'),
    muted: text(row, 'why') === 'muted',
    toldSince: flag(row, 'told_since'),
  };
}
