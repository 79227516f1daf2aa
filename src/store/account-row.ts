import { flag, int, intOrNull, text } from './row.ts';
import type { Row, Sql } from './sql.ts';
import type { AccountState } from './store.ts';

const SELECT = `SELECT account.*,
  (SELECT COUNT(*) FROM episode WHERE code = 'account-blocked' AND subject = account.name) AS blocked FROM account`;

/** The accounts of the configuration, by name. */
export async function activeAccounts(sql: Sql): Promise<readonly AccountState[]> {
  return (await sql.all(`${SELECT} WHERE retired = 0 ORDER BY name`)).map(accountState);
}

/** One account, retired or not. Throws when it was never told to `syncAccounts`: a bug. */
export async function accountNamed(sql: Sql, name: string): Promise<AccountState> {
  const [row] = await sql.all(`${SELECT} WHERE name = $1`, [name]);
  if (row === undefined) throw new Error(`The store does not know the account ${name}.`);
  return accountState(row);
}

function accountState(row: Row): AccountState {
  return {
    account: text(row, 'name'),
    filterKey: text(row, 'filter_key'),
    checkpoint: intOrNull(row, 'checkpoint'),
    firstLiveAt: intOrNull(row, 'first_live_at'),
    lastCompleteAt: intOrNull(row, 'last_complete_at'),
    backfillUntil: intOrNull(row, 'backfill_until'),
    backfillFrom: intOrNull(row, 'backfill_from'),
    backfillDone: flag(row, 'backfill_done'),
    provenFrom: intOrNull(row, 'proven_from'),
    taskIdsMax: int(row, 'task_ids_max'),
    blocked: int(row, 'blocked') > 0,
  };
}
