import { accountNamed, activeAccounts } from './account-row.ts';
import { text } from './row.ts';
import type { Database, Sql } from './sql.ts';
import type { PollStore } from './store.ts';

/** What the vendor's API is assumed to take until it says otherwise. */
const TASK_IDS_MAX = 100;

export function accountVerbs(db: Database): Pick<PollStore, 'syncAccounts' | 'accounts'> {
  return {
    accounts: () => db.read(activeAccounts),
    syncAccounts: (accounts) =>
      db.write(async (sql) => {
        const configured = new Set(accounts.map((account) => account.name));
        const known = new Set((await sql.all('SELECT name FROM account')).map((row) => text(row, 'name')));
        for (const name of known) {
          if (!configured.has(name)) await sql.run('UPDATE account SET retired = 1 WHERE name = $1', [name]);
        }
        for (const { name, filterKey } of accounts) {
          await (known.has(name) ? takeUp(sql, name, filterKey) : add(sql, name, filterKey));
        }
      }),
  };
}

async function add(sql: Sql, name: string, filterKey: string): Promise<void> {
  await sql.run(
    `INSERT INTO account (name, filter_key, retired, backfill_done, task_ids_max) VALUES ($1, $2, 0, 0, $3)
     ON CONFLICT (name) DO NOTHING`,
    [name, filterKey, TASK_IDS_MAX],
  );
}

/** A changed filter shows other tasks: the account is read as if for the first time, but what is known of its tasks stays. */
async function takeUp(sql: Sql, name: string, filterKey: string): Promise<void> {
  const before = await accountNamed(sql, name);
  await sql.run('UPDATE account SET retired = 0 WHERE name = $1 AND retired = 1', [name]);
  if (before.filterKey === filterKey) return;
  await sql.run('DELETE FROM backfill_range WHERE account = $1', [name]);
  await sql.run(
    `UPDATE account SET filter_key = $2, checkpoint = NULL, first_live_at = NULL, backfill_from = NULL,
       backfill_until = NULL, backfill_done = 0, proven_from = NULL
     WHERE name = $1`,
    [name, filterKey],
  );
}
