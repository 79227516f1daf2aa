import type { EpochMs } from '../lib/clock.ts';
import { inList } from './in-list.ts';
import { claimedMessage, insertMessages } from './message-row.ts';
import { beginOutage, endOutages, outageOf, takeApartUnsent } from './outages.ts';
import { flag, int, intOrNull, text, textOrNull } from './row.ts';
import { liveSilences } from './silence-row.ts';
import type { Database, Row, Sql } from './sql.ts';
import type { Claim, MessagePlan, OutboxStore, WaitingAlert } from './store.ts';
import { alertsBehind, waitingAlerts } from './waiting-alerts.ts';
import { withholdAlerts } from './withheld.ts';

type Withhold = NonNullable<Parameters<OutboxStore['claim']>[4]>;

export function claimVerbs(db: Database): Pick<OutboxStore, 'claim'> {
  return {
    claim: (lane, now, leaseMs, compose, withhold = () => []) =>
      db.write(async (sql) => {
        if (lane.channels.length === 0) return { kind: 'nothing', nextAt: null };
        const leased = await firstOf(sql, lane.channels, `state IN ('sending', 'unknown')`);
        if (leased !== null && leaseEnd(leased, now) > now) return { kind: 'nothing', nextAt: leaseEnd(leased, now) };
        // A lease that ended says nothing about the try: it may have been accepted.
        if (leased !== null) return take(sql, leased, now, leaseMs, true);
        const oldest = await firstOf(sql, lane.channels, `state = 'waiting'`);
        if (oldest !== null && dueAt(oldest, now) > now) return { kind: 'nothing', nextAt: dueAt(oldest, now) };
        const outage = await outageOf(sql, lane.channels);
        if (oldest !== null && outage === null) {
          if (!(await isOvertaken(sql, oldest, now, withhold)))
            return take(sql, oldest, now, leaseMs, flag(oldest, 'may_repeat'));
          await takeApartUnsent(sql, lane.channels, int(oldest, 'batch'));
        }
        if (outage !== null) {
          // The channels of a lane share the hook or the login.
          await beginOutage(sql, lane.channels, outage);
          await takeApartUnsent(sql, lane.channels);
        }
        await make(sql, lane.channels, now, (waiting) => compose(waiting, outage), withhold);
        const next = await firstOf(sql, lane.channels, `state = 'waiting'`);
        if (next !== null) return take(sql, next, now, leaseMs, flag(next, 'may_repeat'));
        if (outage !== null) await endOutages(sql, lane.channels);
        return { kind: 'nothing', nextAt: null };
      }),
  };
}

/** A try that lies in the future was made before the clock was set back: its next one must not wait for that time to come again. */
function dueAt(row: Row, now: EpochMs): EpochMs {
  return (intOrNull(row, 'last_try_at') ?? 0) > now ? now : int(row, 'next_at');
}

/** Of a try that still runs, or of one whose outcome is unknown; after a clock that was set back only the former is waited for. */
function leaseEnd(row: Row, now: EpochMs): EpochMs {
  const overtaken = text(row, 'state') === 'unknown' && (intOrNull(row, 'last_try_at') ?? 0) > now;
  return overtaken ? now : int(row, 'lease_until');
}

async function firstOf(sql: Sql, channels: readonly string[], condition: string): Promise<Row | null> {
  const { list, params } = inList(1, channels);
  const rows = await sql.all(
    `SELECT * FROM message WHERE settled_at IS NULL AND channel ${list} AND ${condition} ORDER BY id LIMIT 1`,
    params,
  );
  return rows[0] ?? null;
}

async function take(sql: Sql, row: Row, now: EpochMs, leaseMs: number, mayRepeat: boolean): Promise<Claim> {
  await sql.run(
    `UPDATE message SET state = 'sending', attempts = attempts + 1, lease_until = $2, last_try_at = $3, may_repeat = $4
     WHERE id = $1`,
    [int(row, 'id'), now + leaseMs, now, mayRepeat ? 1 : 0],
  );
  return { kind: 'message', claimed: { ...claimedMessage(row), mayRepeat } };
}

/** True where nobody can have got the message and something in it would not be told any more, e.g. a reminder of a task that has left meanwhile. */
async function isOvertaken(sql: Sql, message: Row, now: EpochMs, withhold: Withhold): Promise<boolean> {
  if (flag(message, 'may_repeat') || textOrNull(message, 'resume') !== null) return false;
  const alerts = await alertsBehind(sql, int(message, 'id'));
  if (alerts.length === 0) return false;
  const withheld = withhold(
    alerts.map(({ alert }) => alert),
    await liveSilences(sql, now),
  );
  const gone = new Set(withheld.map(({ alertId }) => alertId));
  return alerts.some(({ alert, isBound }) => isBound && gone.has(alert.id));
}

/** Freezes what `compose` makes of the waiting alerts, all of it in this transaction. */
async function make(
  sql: Sql,
  channels: readonly string[],
  now: EpochMs,
  compose: (waiting: readonly WaitingAlert[]) => readonly MessagePlan[],
  withhold: Withhold,
): Promise<void> {
  const waiting = await toSend(sql, channels, now, withhold);
  if (waiting.length === 0) return;
  const plans = compose(waiting);
  if (plans.length === 0) return;
  requireOwnAlerts(plans, new Set(waiting.map(({ channel, id }) => `${id} ${channel}`)));
  const first = await insertMessages(
    sql,
    plans.map((plan, index) => ({ ...plan, origin: [index, ...plan.alertIds] })),
    now,
  );
  await sql.many(
    'UPDATE delivery SET message_id = $1 WHERE alert_id = $2 AND channel = $3',
    plans.flatMap((plan, index) => plan.alertIds.map((alertId) => [first + index, alertId, plan.channel])),
  );
}

/** The waiting alerts without those that are withheld, which wait no more. */
async function toSend(
  sql: Sql,
  channels: readonly string[],
  now: EpochMs,
  withhold: Withhold,
): Promise<readonly WaitingAlert[]> {
  const waiting = await waitingAlerts(sql, channels);
  if (waiting.length === 0) return waiting;
  const withheld = withhold(waiting, await liveSilences(sql, now));
  if (withheld.length === 0) return waiting;
  const gone = new Set(withheld.map(({ alertId, channel }) => `${alertId} ${channel}`));
  await withholdAlerts(sql, withheld, now);
  return waiting.filter(({ id, channel }) => !gone.has(`${id} ${channel}`));
}

/** Each waiting alert may be bound once, for its own channel; anything else would lose or repeat one. */
function requireOwnAlerts(plans: readonly MessagePlan[], waiting: Set<string>): void {
  for (const { channel, alertIds } of plans) {
    for (const id of alertIds) {
      if (!waiting.delete(`${id} ${channel}`)) throw new Error(`Alert ${id} does not wait for the channel ${channel}.`);
    }
  }
}
