import type { EpochMs } from '../lib/clock.ts';
import type { Migration } from './migrations/migration.ts';
import { intOrNull, only } from './row.ts';
import type { Database, Sql } from './sql.ts';
import { StoreError } from './store-error.ts';

const LEDGER = `CREATE TABLE IF NOT EXISTS migration (
  version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)`;

/** Brings a store to the newest of `migrations`, each in its own transaction. A store that is newer is refused. */
export async function migrate(
  db: Database,
  place: string,
  migrations: readonly Migration[],
  now: EpochMs,
): Promise<void> {
  await db.write((sql) => sql.run(LEDGER));
  refuseNewer(place, await db.read(schemaVersion), migrations);
  for (const migration of migrations) {
    await db.write(async (sql) => {
      // Asked in the transaction: another replica may start at the same time.
      if ((await schemaVersion(sql)) >= migration.version) return;
      for (const statement of migration.statements) {
        if (typeof statement === 'string') await sql.run(statement);
        else if (db.engine === 'sqlite') await sql.run(statement.sqlite);
      }
      await sql.run('INSERT INTO migration (version, name, applied_at) VALUES ($1, $2, $3)', [
        migration.version,
        migration.name,
        now,
      ]);
    });
  }
}

/** For processes that may not migrate: the store's schema must be exactly the program's. */
export async function requireCurrent(db: Database, place: string, migrations: readonly Migration[]): Promise<void> {
  const version = await db.read(schemaVersion);
  refuseNewer(place, version, migrations);
  if (version < newest(migrations)) {
    throw new StoreError(
      `The store ${place} has schema ${version}, this program needs ${newest(migrations)}; start \`repairwatch run\` or \`repairwatch once\` to bring it up to date.`,
    );
  }
}

function refuseNewer(place: string, version: number, migrations: readonly Migration[]): void {
  if (version <= newest(migrations)) return;
  throw new StoreError(
    `The store ${place} has schema ${version}, newer than this program's ${newest(migrations)}; start the newer repairwatch that wrote it, or restore a backup.`,
  );
}

function newest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

async function schemaVersion(sql: Sql): Promise<number> {
  return intOrNull(only(await sql.all('SELECT MAX(version) AS version FROM migration')), 'version') ?? 0;
}
