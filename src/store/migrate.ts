import type { EpochMs } from '../lib/clock.ts';
import type { Migration } from './migrations/migration.ts';
import { fenceOlderOut, olderHolder, requireSpoken, schemaOf, setCompatibleFrom } from './schema.ts';
import type { Database, Sql } from './sql.ts';
import { StoreError } from './store-error.ts';
import { storeMoment } from './store-moment.ts';

const LEDGER = `CREATE TABLE IF NOT EXISTS migration (
  version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)`;
/** Since then a program says in its leases which schema it speaks. */
const TOLD_SINCE = 9;

/**
 * Brings a store to the newest of `migrations`, each in its own transaction. A store that is newer stays as it is, and is refused where this program
 * cannot work with it; so is a step that a program which works on the store now could not live with.
 */
export async function migrate(
  db: Database,
  place: string,
  migrations: readonly Migration[],
  now: EpochMs,
): Promise<void> {
  await db.write((sql) => sql.run(LEDGER), 'long');
  await db.read((sql) => requireSpoken(sql, `The store ${place}`, newest(migrations)));
  for (const migration of migrations) {
    await db.write(async (sql) => {
      const { version, compatibleFrom } = await schemaOf(sql);
      // Asked in the transaction: another replica may start at the same time.
      if (version >= migration.version) return;
      const oldest = Math.max(compatibleFrom, migration.compatibleFrom ?? migration.version);
      if (version >= TOLD_SINCE && oldest > compatibleFrom) {
        await refuseBesideOlder(sql, place, migration, oldest, await storeMoment(sql, db.engine, now));
        await fenceOlderOut(sql, oldest);
      }
      await apply(sql, db.engine, migration, now);
      await setCompatibleFrom(sql, oldest);
    }, 'long');
  }
}

async function apply(sql: Sql, engine: Database['engine'], migration: Migration, now: EpochMs): Promise<void> {
  for (const statement of migration.statements) {
    const own = typeof statement === 'string' ? statement : statement[engine];
    if (own !== undefined) await sql.run(own);
  }
  await sql.run('INSERT INTO migration (version, name, applied_at) VALUES ($1, $2, $3)', [
    migration.version,
    migration.name,
    now,
  ]);
}

async function refuseBesideOlder(
  sql: Sql,
  place: string,
  { version }: Migration,
  oldest: number,
  at: EpochMs,
): Promise<void> {
  const older = await olderHolder(sql, oldest, at);
  if (older !== null)
    throw new StoreError(
      `The store ${place} is worked on by ${older.owner}, an older repairwatch (schema ${older.schema}) that could not go on with schema ${version}; stop every replica of an older version first, then start this one.`,
    );
}

/** For processes that may not migrate: the store's schema must be the program's, or a newer one that it can work with. */
export async function requireCurrent(db: Database, place: string, migrations: readonly Migration[]): Promise<void> {
  const { version } = await db.read((sql) => requireSpoken(sql, `The store ${place}`, newest(migrations)));
  if (version < newest(migrations)) {
    throw new StoreError(
      `The store ${place} has schema ${version}, this program needs ${newest(migrations)}; start \`repairwatch run\` or \`repairwatch once\` to bring it up to date.`,
    );
  }
}

function newest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}
