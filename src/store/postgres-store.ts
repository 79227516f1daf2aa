import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { PostgresAddress } from '../lib/postgres-url.ts';
import { migrate, requireCurrent } from './migrate.ts';
import { MIGRATIONS } from './migrations/all.ts';
import { PostgresDatabase } from './postgres-database.ts';
import type { Sql } from './sql.ts';
import { sqlStore } from './sql-store.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

export interface PostgresOptions {
  /** Makes the tables and brings them up to date; two that start at once are no trouble. */
  readonly migrates: boolean;
  readonly clock: Clock;
}

/** Opens the store in a PostgreSQL database; rejects with a `StoreError` when a person must do something. */
export async function openPostgresStore(
  address: PostgresAddress,
  { migrates, clock }: PostgresOptions,
): Promise<Store> {
  const db = new PostgresDatabase(address, clock);
  try {
    const { tables, ours } = await db.read(existingTables);
    if (!ours && (tables > 0 || !migrates)) throw new StoreError(strangerSentence(address.place, tables));
    if (!migrates) await requireCurrent(db, address.place, MIGRATIONS);
    else {
      await migrate(db, address.place, MIGRATIONS, clock.now());
      const name = `INSERT INTO meta (name, value) VALUES ('store_id', $1) ON CONFLICT (name) DO NOTHING`;
      await db.write((sql) => sql.run(name, [randomUUID()]));
    }
    return sqlStore(db);
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function existingTables(sql: Sql): Promise<{ readonly tables: number; readonly ours: boolean }> {
  const rows = await sql.all(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`,
  );
  return { tables: rows.length, ours: rows.some((row) => row['table_name'] === 'migration') };
}

function strangerSentence(place: string, tables: number): string {
  return tables === 0
    ? `The store ${place} is empty; start \`repairwatch run\` or \`repairwatch once\` to make its tables.`
    : `The database ${place} holds tables of another program; name another database or schema in "store".`;
}
