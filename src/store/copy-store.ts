import { existsSync } from 'node:fs';
import type { StoreConfig } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import type { PostgresAddress } from '../lib/postgres-url.ts';
import { type CopiedCount, copyTables } from './copy-tables.ts';
import type { Database } from './sql.ts';
import { copySqliteFile } from './sqlite.ts';
import { openSqliteDatabase } from './sqlite-store.ts';
import { StoreError } from './store-error.ts';

/** Copies the store as it is at this moment into a new SQLite file, also beside a running service. False when there is no store yet. */
export async function copyStore(config: StoreConfig, toPath: string, clock: Clock): Promise<boolean> {
  if (config.engine === 'sqlite') {
    if (!existsSync(config.path)) return false;
    await copySqliteFile(config.path, toPath);
    return true;
  }
  const { openPostgresDatabase, postgresIsEmpty } = await import('./postgres-store.ts');
  if (await postgresIsEmpty(config.address, clock)) return false;
  await between(
    () => openPostgresDatabase(config.address, { migrates: false, clock }),
    () => openSqliteDatabase(toPath, { mode: 'owner', clock }),
    copyTables,
  );
  return true;
}

/** Copies an SQLite store, which nobody may be running on, into an empty PostgreSQL database; goes on where an earlier copy was cut off. */
export async function copyToPostgres(
  fromPath: string,
  address: PostgresAddress,
  clock: Clock,
  tell: (table: string, rows: number) => void,
): Promise<readonly CopiedCount[]> {
  if (!existsSync(fromPath))
    throw new StoreError(`The store ${fromPath} does not exist; name the one to copy in "store" of the configuration.`);
  const { openPostgresDatabase } = await import('./postgres-store.ts');
  return between(
    () => openSqliteDatabase(fromPath, { mode: 'owner', clock }),
    () => openPostgresDatabase(address, { migrates: true, clock }),
    (from, to) => copyTables(from, to, tell),
  );
}

async function between<T>(
  openFrom: () => Promise<Database>,
  openTo: () => Promise<Database>,
  work: (from: Database, to: Database) => Promise<T>,
): Promise<T> {
  const from = await openFrom();
  try {
    const to = await openTo();
    return await work(from, to).finally(() => to.close());
  } finally {
    await from.close();
  }
}
