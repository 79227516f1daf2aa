import type { Clock } from '../lib/clock.ts';
import type { PostgresAddress } from '../lib/postgres-url.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { openPostgresStore } from './postgres-store.ts';
import { flag, int, only } from './row.ts';
import { schemaOf } from './schema.ts';
import type { Row } from './sql.ts';
import { StoreError } from './store-error.ts';

interface Inspected {
  readonly exists: boolean;
  readonly problem: string | null;
  readonly bytes: number;
  readonly version: number | null;
}

/** What can be said of a store in PostgreSQL without changing it. */
export async function inspectPostgres(address: PostgresAddress, clock: Clock): Promise<Inspected> {
  const nothing = { exists: false, bytes: 0, version: null };
  const db = new PostgresDatabase(address, clock);
  try {
    const found = only(await db.read((sql) => sql.all(SIZE_AND_RIGHTS)));
    const exists = int(found, 'tables') > 0;
    const problem = problemOf(found, address.place, exists);
    if (!exists) return { ...nothing, problem };
    const store = await openPostgresStore(address, { migrates: false, clock });
    await store.close();
    const { version } = await db.read(schemaOf);
    return { exists, problem, bytes: int(found, 'bytes'), version };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { ...nothing, exists: true, problem: error.message };
  } finally {
    await db.close();
  }
}

const SIZE_AND_RIGHTS = `SELECT COUNT(*) AS tables, COALESCE(SUM(pg_total_relation_size(oid)), 0) AS bytes,
    CASE WHEN COALESCE(BOOL_AND(has_table_privilege(oid, 'INSERT, UPDATE, DELETE')), TRUE)
      AND (COUNT(*) > 0 OR has_schema_privilege(current_schema(), 'CREATE')) THEN 1 ELSE 0 END AS may_write,
    CASE WHEN current_schema() IS NULL THEN 0 ELSE 1 END AS has_schema
  FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace(current_schema())`;

function problemOf(found: Row, place: string, exists: boolean): string | null {
  if (!flag(found, 'has_schema'))
    return `The store ${place} has no such schema that this user may see; create it, or name another one in "store".`;
  if (flag(found, 'may_write')) return null;
  return exists
    ? `The store ${place} cannot be written by this user; give it all rights on the tables, or name another user in "store".`
    : `The store ${place} cannot be made: this user may not create tables there; give it CREATE on the schema, or name another user in "store".`;
}
