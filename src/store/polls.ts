import type { EpochMs } from '../lib/clock.ts';
import { accountNamed } from './account-row.ts';
import { releaseAlerts } from './alert-rows.ts';
import { leaveToBackfill } from './backfill.ts';
import { lastId, nextIds } from './ids.ts';
import { episodesOfAccount } from './operator.ts';
import { int, only, text } from './row.ts';
import type { Database, Row, Sql } from './sql.ts';
import type { OpenPoll, PollEnd, PollStore } from './store.ts';
import { storedTask, TASK_COLUMNS } from './task-row.ts';

type Verbs = Pick<
  PollStore,
  | 'beginPoll'
  | 'finishLive'
  | 'unseenTasks'
  | 'tasksCreatedAt'
  | 'openTaskCount'
  | 'endPoll'
  | 'recoverPolls'
  | 'lastAudit'
>;

export function pollVerbs(db: Database): Verbs {
  return {
    beginPoll: (account, kind, now) =>
      db.write(async (sql) => {
        const isLost = (row: Row): boolean => text(row, 'account') === account && text(row, 'kind') === kind;
        const lost = 'its end could not be recorded; the log says why';
        const begin = `INSERT INTO poll (id, account, kind, started_at, sets, requests, retries, throttles, checkpoint_before)
          VALUES (${lastId('poll')}, $1, $2, $3, '[]', 0, 0, 0, (SELECT checkpoint FROM account WHERE name = $1))`;
        // In one journey: each poll begins so, and all other writers wait meanwhile.
        const [state, , id, , proven, episodes] = await Promise.all([
          accountNamed(sql, account),
          interrupt(sql, isLost, lost, now),
          nextIds(sql, 'poll', 1),
          sql.run(begin, [account, kind, now]),
          provenUntil(sql, account),
          episodesOfAccount(sql, account),
        ]);
        return { poll: { id, account, startedAt: now }, state, provenUntil: proven, episodes };
      }),
    finishLive: async (poll, now) => {
      // Mostly nothing is new, and reading waits for no other writer.
      const wanted = `SELECT 1 AS one FROM account WHERE name = $1
        AND (first_live_at IS NULL OR EXISTS (SELECT 1 FROM alert WHERE alert.account = $1 AND held = 1))`;
      if ((await db.read((sql) => sql.all(wanted, [poll.account]))).length === 0) return;
      await db.write(async (sql) => {
        await releaseAlerts(sql, poll.account);
        const end = 'UPDATE account SET first_live_at = $2 WHERE name = $1 AND first_live_at IS NULL';
        await sql.run(end, [poll.account, now]);
      });
    },
    unseenTasks: (poll) =>
      db.read(async (sql) => {
        const rows = await sql.all(
          `SELECT ${TASK_COLUMNS} FROM task WHERE account = $1 AND ending IS NULL AND seen_poll < $2
           ORDER BY create_time, task_id`,
          [poll.account, poll.id],
        );
        return rows.map(storedTask);
      }),
    tasksCreatedAt: (account, second) =>
      db.read(async (sql) => {
        const rows = await sql.all(
          `SELECT task_id, changed_at FROM task WHERE account = $1 AND create_time = $2
             AND (ending IS NULL OR ending = 'closed') ORDER BY task_id`,
          [account, second],
        );
        return rows.map((row) => ({ taskId: text(row, 'task_id'), changedAt: int(row, 'changed_at') }));
      }),
    openTaskCount: (account) =>
      db.read(async (sql) => {
        const rows = await sql.all('SELECT COUNT(*) AS tasks FROM task WHERE account = $1 AND ending IS NULL', [
          account,
        ]);
        return int(only(rows), 'tasks');
      }),
    endPoll: (poll, end) => db.write((sql) => endPoll(sql, poll, end)),
    recoverPolls: (now, isMeant = () => true) =>
      db.write(async (sql) => {
        const held = await sql.all('SELECT DISTINCT account FROM alert WHERE held = 1');
        for (const account of held.map((row) => text(row, 'account')).filter(isMeant))
          await releaseAlerts(sql, account);
        const reason = 'the process ended before the poll did';
        return interrupt(sql, (open) => isMeant(text(open, 'account')), reason, now);
      }),
    lastAudit: (account) =>
      db.read(async (sql) => ({
        // A backfill may have read the older part only, where the lookback grew.
        wholeAt:
          (await lastStart(sql, account, `result = 'complete' AND kind = 'audit'`)) ??
          (await lastStart(sql, account, `result = 'complete'`)),
        triedAt: await lastStart(sql, account, `kind = 'audit'`),
      })),
  };
}

/** Ends those of the open polls that are meant, none before it began. Returns how many. */
async function interrupt(sql: Sql, isMeant: (open: Row) => boolean, reason: string, now: EpochMs): Promise<number> {
  const open = await sql.all('SELECT id, account, kind, started_at FROM poll WHERE ended_at IS NULL');
  const meant = open.filter(isMeant);
  await sql.many(
    `UPDATE poll SET ended_at = $2, result = 'interrupted', reason = $3 WHERE id = $1`,
    meant.map((row) => [int(row, 'id'), Math.max(int(row, 'started_at'), now), reason]),
  );
  return meant.length;
}

async function provenUntil(sql: Sql, account: string): Promise<EpochMs | null> {
  const [row] = await sql.all(
    `SELECT started_at + COALESCE(clock_offset_ms, 0) AS at FROM poll
     WHERE account = $1 AND kind = 'poll' AND result = 'complete' ORDER BY id DESC LIMIT 1`,
    [account],
  );
  return row === undefined ? null : int(row, 'at');
}

async function lastStart(sql: Sql, account: string, which: string): Promise<EpochMs | null> {
  const [row] = await sql.all(
    // "kind <> 'poll'" stands there for the index.
    `SELECT started_at FROM poll WHERE account = $1 AND kind <> 'poll' AND ${which} ORDER BY id DESC LIMIT 1`,
    [account],
  );
  return row === undefined ? null : int(row, 'started_at');
}

/** In one journey, as all other writers wait meanwhile. */
async function endPoll(sql: Sql, poll: OpenPoll, end: PollEnd): Promise<void> {
  if (end.left !== undefined) await leaveToBackfill(sql, poll.account, end.left);
  await Promise.all([
    releaseAlerts(sql, poll.account),
    sql.run(
      `UPDATE account SET task_ids_max = $2, checkpoint = COALESCE($3, checkpoint), last_complete_at =
         CASE WHEN EXISTS (SELECT 1 FROM poll WHERE id = $4 AND kind = 'poll') THEN COALESCE($5, last_complete_at)
         ELSE last_complete_at END
       WHERE name = $1`,
      [poll.account, end.taskIdsMax, end.checkpoint, poll.id, end.result === 'complete' ? end.endedAt : null],
    ),
    sql.run(
      `UPDATE poll SET ended_at = $2, result = $3, reason = $4, sets = $5, requests = $6, retries = $7, throttles = $8,
         clock_offset_ms = $9, checkpoint_after = (SELECT checkpoint FROM account WHERE name = $10)
       WHERE id = $1 AND ended_at IS NULL`,
      [
        poll.id,
        end.tookMs === undefined ? Math.max(poll.startedAt, end.endedAt) : poll.startedAt + end.tookMs,
        end.result,
        end.reason,
        JSON.stringify(end.sets),
        end.sets.reduce((sum, set) => sum + set.requests, 0),
        end.retries,
        end.throttles,
        end.clockOffsetMs,
        poll.account,
      ],
    ),
  ]);
}
