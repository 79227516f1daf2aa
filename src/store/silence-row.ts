import type { EpochMs } from '../lib/clock.ts';
import type { Ack, Mute, MuteTarget, Silences } from '../model/silence.ts';
import type { TaskMatch } from '../model/task-match.ts';
import { flag, int, intOrNull, json, text, textOrNull } from './row.ts';
import type { Row, Sql } from './sql.ts';
import { WAITS } from './waits.ts';

export function ackOf(row: Row): Ack {
  return {
    account: text(row, 'account'),
    taskId: text(row, 'task_id'),
    revision: int(row, 'revision'),
    by: text(row, 'by_whom'),
    at: int(row, 'at'),
    until: intOrNull(row, 'until_at'),
  };
}

export function muteOf(row: Row): Mute {
  return {
    id: int(row, 'id'),
    target: targetOf(row),
    dataLoss: flag(row, 'data_loss'),
    by: textOrNull(row, 'by_whom'),
    reason: text(row, 'reason'),
    at: int(row, 'at'),
    until: int(row, 'until_at'),
  };
}

function targetOf(row: Row): MuteTarget {
  if (row['task_id'] === null) return { kind: 'match', match: json<TaskMatch>(row, 'matching') };
  return { kind: 'task', account: text(row, 'account'), taskId: text(row, 'task_id') };
}

/** True in SQL for an acknowledgement whose task waits and has not moved since. */
export const ACK_FITS = `EXISTS (SELECT 1 FROM task WHERE task.task_id = ack.task_id AND task.account = ack.account
  AND task.revision = ack.revision AND ${WAITS})`;

/** What holds at `now`. A silence whose end was worked off holds no more, whatever an older reading of the clock says. */
export async function liveSilences(sql: Sql, now: EpochMs): Promise<Silences> {
  const acks = `SELECT * FROM ack WHERE settled_at IS NULL AND (until_at IS NULL OR until_at > $1) AND ${ACK_FITS} ORDER BY id`;
  const mutes = `SELECT * FROM mute WHERE settled_at IS NULL AND ended_at IS NULL AND until_at > $1 ORDER BY id`;
  return { acks: (await sql.all(acks, [now])).map(ackOf), mutes: (await sql.all(mutes, [now])).map(muteOf) };
}
