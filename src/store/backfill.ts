import { accountNamed } from './account-row.ts';
import { nextIds } from './ids.ts';
import { int, intOrNull } from './row.ts';
import type { Database, Row, Sql } from './sql.ts';
import type { BackfillRange, PollStore } from './store.ts';

type Verbs = Pick<PollStore, 'backfillRanges' | 'startBackfill' | 'splitBackfill' | 'finishBackfillRange'>;

export function backfillVerbs(db: Database): Verbs {
  return {
    backfillRanges: (account) =>
      db.read(async (sql) =>
        (await sql.all('SELECT * FROM backfill_range WHERE account = $1 ORDER BY cursor_at, id', [account])).map(range),
      ),
    startBackfill: (account, from, until) =>
      db.write(async (sql) => {
        const { backfillUntil, backfillDone } = await accountNamed(sql, account);
        if (backfillUntil !== null && !backfillDone) return; // Its ranges say where it is.
        await sql.run(
          `UPDATE account SET backfill_from = $2, backfill_until = COALESCE(backfill_until, $3), backfill_done = 0
           WHERE name = $1`,
          [account, from, until],
        );
        await insertRange(sql, account, from, until);
      }),
    splitBackfill: (account, id, at) => db.write((sql) => split(sql, account, id, at)),
    finishBackfillRange: (account, id) =>
      db.write(async (sql) => {
        // A range of an older filter is gone: it finishes nothing of the new one.
        if ((await sql.run('DELETE FROM backfill_range WHERE id = $1 AND account = $2', [id, account])) === 0) return;
        await sql.run(
          `UPDATE account SET backfill_done = 1, proven_from = backfill_from
           WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM backfill_range WHERE account = $1)`,
          [account],
        );
      }),
  };
}

/** One more range for the backfill, be it under way or over; until it is read nothing of the history is proven. */
export async function leaveToBackfill(
  sql: Sql,
  account: string,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<void> {
  await sql.run('UPDATE account SET backfill_done = 0, proven_from = NULL WHERE name = $1', [account]);
  await insertRange(sql, account, from, until);
}

async function split(sql: Sql, account: string, id: number, at: number): Promise<BackfillRange> {
  const [row] = await sql.all('SELECT * FROM backfill_range WHERE id = $1 AND account = $2', [id, account]);
  if (row === undefined) throw new Error(`The backfill of ${account} has no range ${id}.`);
  await sql.run('UPDATE backfill_range SET until_at = $2 WHERE id = $1', [id, at]);
  return insertRange(sql, account, at, range(row).until);
}

async function insertRange(sql: Sql, account: string, cursor: number, until: number | null): Promise<BackfillRange> {
  const id = await nextIds(sql, 'backfill_range', 1);
  await sql.run('INSERT INTO backfill_range (id, account, cursor_at, until_at) VALUES ($1, $2, $3, $4)', [
    id,
    account,
    cursor,
    until,
  ]);
  return { id, cursor, until };
}

function range(row: Row): BackfillRange {
  return { id: int(row, 'id'), cursor: int(row, 'cursor_at'), until: intOrNull(row, 'until_at') };
}
