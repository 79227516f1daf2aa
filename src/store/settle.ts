import { inList } from './in-list.ts';
import { noteOutcome } from './outages.ts';
import type { Database, Sql } from './sql.ts';
import type { ClaimedMessage, OutboxStore, Settlement } from './store.ts';

type Verbs = Pick<OutboxStore, 'renew' | 'settle' | 'recoverMessages'>;

export function settleVerbs(db: Database): Verbs {
  return {
    renew: (claimed, leaseUntil) =>
      db.write(async (sql) => {
        await sql.run(`UPDATE message SET lease_until = $3 WHERE id = $1 AND attempts = $2 AND state = 'sending'`, [
          claimed.id,
          claimed.attempt,
          leaseUntil,
        ]);
      }),
    settle: (claimed, settlement) =>
      db.write(async (sql) => {
        await settle(sql, claimed, settlement);
        await noteOutcome(sql, claimed, settlement);
      }),
    recoverMessages: (now, channels) =>
      db.write(async (sql) => {
        const { list, params } = channels === undefined ? { list: null, params: [] } : inList(2, channels);
        const open = `settled_at IS NULL${list === null ? '' : ` AND channel ${list}`}`;
        await sql.run(
          `UPDATE message SET next_at = $1 WHERE ${open} AND state = 'waiting' AND lane_down = 1 AND next_at > $1`,
          [now, ...params],
        );
        return sql.run(`UPDATE message SET lease_until = $1 WHERE ${open} AND state IN ('sending', 'unknown')`, [
          now,
          ...params,
        ]);
      }),
  };
}

/**
 * An acceptance is true whoever reports it, also after the lease ended; any other outcome counts only for the try that still holds the message.
 */
async function settle(sql: Sql, { id, attempt }: ClaimedMessage, settlement: Settlement): Promise<void> {
  switch (settlement.state) {
    case 'delivered':
      await sql.run(
        `UPDATE message SET state = 'delivered', settled_at = $2, receipt = $3, reason = $4, next_at = NULL, lease_until = NULL
         WHERE id = $1 AND state <> 'delivered'`,
        [id, settlement.at, settlement.receipt, settlement.reason ?? null],
      );
      return;
    case 'unknown': {
      const until = settlement.keepsLease ? 'CASE WHEN lease_until > $3 THEN lease_until ELSE $3 END' : '$3';
      await sql.run(
        `UPDATE message SET state = 'unknown', next_at = ${until}, lease_until = ${until}, reason = $4, up_age_ms = $5, last_try_at = $6,
           failures = $7, may_repeat = 1
         WHERE id = $1 AND attempts = $2 AND state = 'sending'`,
        [id, attempt, settlement.nextAt, settlement.reason, settlement.upAgeMs, settlement.at, settlement.failures],
      );
      return;
    }
    case 'dead':
      await sql.run(
        `UPDATE message SET state = 'dead', settled_at = $3, reason = $4, next_at = NULL, lease_until = NULL
         WHERE id = $1 AND attempts = $2 AND state = 'sending'`,
        [id, attempt, settlement.at, settlement.reason],
      );
      return;
    case 'waiting':
      await sql.run(
        `UPDATE message SET state = 'waiting', next_at = $3, reason = $4, plain = $5, resume = $6, up_age_ms = $7, last_try_at = $8,
           may_repeat = CASE WHEN $9 = 1 THEN 1 ELSE may_repeat END, failures = $10, lane_down = $11, lease_until = NULL
         WHERE id = $1 AND attempts = $2 AND state = 'sending'`,
        [
          id,
          attempt,
          settlement.nextAt,
          settlement.reason,
          settlement.plain ? 1 : 0,
          settlement.resume,
          settlement.upAgeMs,
          settlement.at,
          settlement.mayRepeat ? 1 : 0,
          settlement.failures,
          settlement.down ? 1 : 0,
        ],
      );
      return;
  }
}
