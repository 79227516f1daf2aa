import type { OperatorNotice } from '../model/alert.ts';
import { insertNotice } from './alert-rows.ts';
import { inList, pieces } from './in-list.ts';
import { messageRecord, RECORD_COLUMNS } from './message-record.ts';
import { flag, int, json, only, text, textOrNull } from './row.ts';
import type { Database, Sql, SqlValue } from './sql.ts';
import type { DeliveryRecord, MovedOn, OutboxStore } from './store.ts';

type Verbs = Pick<OutboxStore, 'deliveries' | 'requeue' | 'movedOn' | 'backlog' | 'oldestWaiting'>;

export function deliveryLogVerbs(db: Database): Verbs {
  return {
    deliveries: (filter) => db.read((sql) => deliveries(sql, filter)),
    requeue: (which, now, tellOver = () => []) => db.write((sql) => requeue(sql, which, now, tellOver)),
    movedOn: (keys) => db.read((sql) => movedOn(sql, keys)),
    backlog: () =>
      db.read(async (sql) => {
        const made = only(await sql.all('SELECT COUNT(*) AS n FROM message WHERE settled_at IS NULL'));
        const unbound = only(
          await sql.all(
            `SELECT COUNT(*) AS n FROM delivery JOIN alert ON alert.id = delivery.alert_id
             WHERE delivery.message_id IS NULL AND alert.held = 0`,
          ),
        );
        const dead = only(await sql.all(`SELECT COUNT(*) AS n FROM message WHERE state = 'dead'`));
        const ages = (await oldestWaiting(sql)).map(({ oldestAt }) => oldestAt);
        return {
          waiting: int(made, 'n') + int(unbound, 'n'),
          dead: int(dead, 'n'),
          oldestAt: ages.length === 0 ? null : Math.min(...ages),
        };
      }),
    oldestWaiting: () => db.read(oldestWaiting),
  };
}

/** By the alerts, since a message may be made anew; a digest's own moment where it tells of none. */
async function oldestWaiting(sql: Sql): Promise<readonly { readonly channel: string; readonly oldestAt: number }[]> {
  const rows = await sql.all(
    `SELECT channel, MIN(at) AS oldest_at FROM (
       SELECT message.channel, COALESCE(alert.at, message.made_at) AS at FROM message
       LEFT JOIN delivery ON delivery.message_id = message.id LEFT JOIN alert ON alert.id = delivery.alert_id
       WHERE message.settled_at IS NULL
       UNION ALL
       SELECT delivery.channel, alert.at FROM delivery JOIN alert ON alert.id = delivery.alert_id
       WHERE delivery.message_id IS NULL AND alert.held = 0) AS waiting
     GROUP BY channel ORDER BY channel`,
  );
  return rows.map((row) => ({ channel: text(row, 'channel'), oldestAt: int(row, 'oldest_at') }));
}

/** Newest first. */
async function deliveries(
  sql: Sql,
  filter: Parameters<OutboxStore['deliveries']>[0],
): Promise<readonly DeliveryRecord[]> {
  const params: SqlValue[] = [filter.limit];
  const conditions = [
    ...(filter.state === undefined ? [] : [`state = $${params.push(filter.state)}`]),
    ...(filter.before === undefined ? [] : [`id < $${params.push(filter.before)}`]),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const rows = await sql.all(`SELECT ${RECORD_COLUMNS} FROM message ${where} ORDER BY id DESC LIMIT $1`, params);
  const tasks = new Map<number, Set<string>>();
  for (const piece of pieces(rows.map((row) => int(row, 'id')))) {
    const { list, params: ids } = inList(1, piece);
    const bound = await sql.all(
      `SELECT delivery.message_id, alert.task_id FROM delivery JOIN alert ON alert.id = delivery.alert_id
       WHERE delivery.message_id ${list} AND alert.task_id IS NOT NULL ORDER BY alert.id`,
      ids,
    );
    for (const row of bound) {
      const named = tasks.get(int(row, 'message_id')) ?? new Set();
      tasks.set(int(row, 'message_id'), named.add(text(row, 'task_id')));
    }
  }
  return rows.map((row) => ({ ...messageRecord(row), taskIds: [...(tasks.get(int(row, 'id')) ?? [])] }));
}

/** `resume` stays: whoever has received a part already is not sent it again. The age begins anew now. */
async function requeue(
  sql: Sql,
  which: { readonly key?: string; readonly channel?: string },
  now: number,
  tellOver: (channel: string) => readonly string[],
): Promise<readonly string[]> {
  const params: SqlValue[] = [now];
  let where = `state = 'dead'`;
  for (const [column, value] of [['key', which.key] as const, ['channel', which.channel] as const]) {
    if (value === undefined) continue;
    params.push(value);
    where += ` AND ${column} = $${params.length}`;
  }
  const rows = await sql.all(
    `UPDATE message SET state = 'waiting', settled_at = NULL, next_at = $1, last_try_at = $1, up_age_ms = 0, plain = 0, failures = 0, lane_down = 0,
       reason = NULL
     WHERE ${where} RETURNING id, key`,
    params,
  );
  const keys = [...rows].sort((a, b) => int(a, 'id') - int(b, 'id')).map((row) => text(row, 'key'));
  // Should it die again, that is told anew.
  for (const key of keys) {
    const ended = `DELETE FROM episode WHERE code = 'message-dead' AND subject = $1 RETURNING facts`;
    for (const row of await sql.all(ended, [key])) {
      const facts = json<OperatorNotice['facts']>(row, 'facts');
      const notice = { event: 'operator', at: now, code: 'message-dead', subject: key, over: true, facts } as const;
      await insertNotice(sql, notice, tellOver(String(facts['channel'])));
    }
  }
  return keys;
}

/** What a message says of these tasks is no longer so; tasks that were pruned are among them. */
async function movedOn(sql: Sql, keys: readonly string[]): Promise<readonly MovedOn[]> {
  const moved = new Map<string, { readonly taskIds: readonly string[]; readonly frozen: boolean }>();
  for (const piece of pieces(keys)) {
    const { list, params } = inList(1, piece);
    const rows = await sql.all(
      `SELECT DISTINCT message.id, message.key, message.may_repeat, message.resume, alert.task_id,
         CASE WHEN task.task_id IS NULL THEN 1 ELSE 0 END AS pruned FROM message
       JOIN delivery ON delivery.message_id = message.id JOIN alert ON alert.id = delivery.alert_id
       LEFT JOIN task ON task.task_id = alert.task_id AND task.account = alert.account
       WHERE message.key ${list} AND alert.task_id IS NOT NULL
         AND (task.task_id IS NULL OR task.ending IS NOT NULL OR task.changed_at > message.made_at)
       ORDER BY message.id, alert.task_id`,
      params,
    );
    for (const row of rows) {
      const key = text(row, 'key');
      const before = moved.get(key) ?? { taskIds: [], frozen: false };
      const stays = flag(row, 'may_repeat') || flag(row, 'pruned') || textOrNull(row, 'resume') !== null;
      moved.set(key, { taskIds: [...before.taskIds, text(row, 'task_id')], frozen: before.frozen || stays });
    }
  }
  return [...moved].map(([key, moves]) => ({ key, ...moves }));
}
