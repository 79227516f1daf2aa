import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Meter } from '../lib/meter.ts';
import type { PostgresAddress } from '../lib/postgres-url.ts';
import { isHalfCopied } from './copy-tables.ts';
import { migrate, requireCurrent } from './migrate.ts';
import { MIGRATIONS } from './migrations/all.ts';
import { PostgresDatabase } from './postgres-database.ts';
import type { Database, OnWrite, Sql } from './sql.ts';
import { sqlStore } from './sql-store.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

export interface PostgresOptions {
  /** Makes the tables and brings them up to date; two that start at once are no trouble. */
  readonly migrates: boolean;
  readonly clock: Clock;
  readonly onWrite?: OnWrite;
  readonly meter?: Pick<Meter, 'transaction'>;
}

/** Opens the store in a PostgreSQL database; rejects with a `StoreError` when a person must do something. */
export async function openPostgresStore(address: PostgresAddress, options: PostgresOptions): Promise<Store> {
  const db = await openPostgresDatabase(address, options);
  try {
    if (await db.read(isHalfCopied)) throw new StoreError(halfCopiedSentence(address.place));
    return sqlStore(db);
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The same below its verbs: for what copies a store whole. */
export async function openPostgresDatabase(
  address: PostgresAddress,
  { migrates, clock, onWrite, meter }: PostgresOptions,
): Promise<Database> {
  const db = new PostgresDatabase(address, clock, onWrite, meter);
  try {
    const { tables, ours } = await db.read(existingTables);
    if (!ours && (tables > 0 || !migrates)) throw new StoreError(strangerSentence(address.place, tables));
    if (!migrates) await requireCurrent(db, address.place, MIGRATIONS);
    else {
      await migrate(db, address.place, MIGRATIONS, clock.now());
      const name = `INSERT INTO meta (name, value) VALUES ('store_id', $1) ON CONFLICT (name) DO NOTHING`;
      await db.write((sql) => sql.run(name, [randomUUID()]));
    }
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** True where the database holds no table yet. */
export async function postgresIsEmpty(address: PostgresAddress, clock: Clock): Promise<boolean> {
  const db = new PostgresDatabase(address, clock);
  return (await db.read(existingTables).finally(() => db.close())).tables === 0;
}

async function existingTables(sql: Sql): Promise<{ readonly tables: number; readonly ours: boolean }> {
  const rows = await sql.all(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY table_name`,
  );
  return { tables: rows.length, ours: rows.some((row) => row['table_name'] === 'migration') };
}

function halfCopiedSentence(place: string): string {
  return `The store ${place} is a copy that was not finished; run \`repairwatch store copy\` again, which goes on where it was.`;
}

function strangerSentence(place: string, tables: number): string {
  return tables === 0
    ? `The store ${place} is empty; start \`repairwatch run\` or \`repairwatch once\` to make its tables.`
    : `The database ${place} holds tables of another program; name another database or schema in "store".`;
}
