import type { MessageFacts } from '../model/message.ts';
import { inList, pieces } from './in-list.ts';
import { int, intOrNull, only, text, textOrNull } from './row.ts';
import type { Database, Row, Sql, SqlValue } from './sql.ts';
import type { DeliveryRecord, OutboxStore } from './store.ts';

type Verbs = Pick<OutboxStore, 'deliveries' | 'requeue' | 'backlog'>;

export function deliveryLogVerbs(db: Database): Verbs {
  return {
    deliveries: (filter) => db.read((sql) => deliveries(sql, filter)),
    requeue: (which, now) => db.write((sql) => requeue(sql, which, now)),
    backlog: () =>
      db.read(async (sql) => {
        const made = only(
          await sql.all('SELECT COUNT(*) AS n, MIN(made_at) AS oldest FROM message WHERE settled_at IS NULL'),
        );
        const unbound = only(
          await sql.all(
            `SELECT COUNT(*) AS n, MIN(alert.at) AS oldest FROM delivery JOIN alert ON alert.id = delivery.alert_id
             WHERE delivery.message_id IS NULL AND alert.held = 0`,
          ),
        );
        const dead = only(await sql.all(`SELECT COUNT(*) AS n FROM message WHERE state = 'dead'`));
        const ages = [intOrNull(made, 'oldest'), intOrNull(unbound, 'oldest')].filter((at) => at !== null);
        return {
          waiting: int(made, 'n') + int(unbound, 'n'),
          dead: int(dead, 'n'),
          oldestAt: ages.length === 0 ? null : Math.min(...ages),
        };
      }),
  };
}

/** Newest first. */
async function deliveries(
  sql: Sql,
  filter: { readonly state?: DeliveryRecord['state']; readonly limit: number },
): Promise<readonly DeliveryRecord[]> {
  const columns = 'id, key, channel, kind, state, attempts, made_at, settled_at, next_at, reason, receipt';
  const where = filter.state === undefined ? '' : 'WHERE state = $2';
  const params: SqlValue[] = filter.state === undefined ? [filter.limit] : [filter.limit, filter.state];
  const rows = await sql.all(`SELECT ${columns} FROM message ${where} ORDER BY id DESC LIMIT $1`, params);
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
  return rows.map((row) => record(row, [...(tasks.get(int(row, 'id')) ?? [])]));
}

function record(row: Row, taskIds: readonly string[]): DeliveryRecord {
  return {
    id: int(row, 'id'),
    key: text(row, 'key'),
    channel: text(row, 'channel'),
    // The casts hold because both columns are written from values of these types only.
    kind: text(row, 'kind') as MessageFacts['kind'],
    state: text(row, 'state') as DeliveryRecord['state'],
    attempts: int(row, 'attempts'),
    madeAt: int(row, 'made_at'),
    settledAt: intOrNull(row, 'settled_at'),
    nextAt: intOrNull(row, 'next_at'),
    reason: textOrNull(row, 'reason'),
    receipt: textOrNull(row, 'receipt'),
    taskIds,
  };
}

/** `resume` stays: whoever has received a part already is not sent it again. The age begins anew now. */
async function requeue(
  sql: Sql,
  which: { readonly key?: string; readonly channel?: string },
  now: number,
): Promise<readonly string[]> {
  const params: SqlValue[] = [now];
  let where = `state = 'dead'`;
  for (const [column, value] of [['key', which.key] as const, ['channel', which.channel] as const]) {
    if (value === undefined) continue;
    params.push(value);
    where += ` AND ${column} = $${params.length}`;
  }
  const rows = await sql.all(
    `UPDATE message SET state = 'waiting', settled_at = NULL, next_at = $1, last_try_at = $1, up_age_ms = 0, plain = 0, reason = NULL
     WHERE ${where} RETURNING id, key`,
    params,
  );
  const keys = [...rows].sort((a, b) => int(a, 'id') - int(b, 'id')).map((row) => text(row, 'key'));
  // Whoever sends it again has read the notice; should it die again, that is told anew.
  const ended = `DELETE FROM episode WHERE code = 'message-dead' AND subject = $1`;
  await sql.many(
    ended,
    keys.map((key) => [key]),
  );
  return keys;
}
