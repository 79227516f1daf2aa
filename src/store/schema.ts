import { int, intOrNull, only, text } from './row.ts';
import type { Sql } from './sql.ts';
import { StoreError } from './store-error.ts';

/** What a store's tables are like. */
export interface Schema {
  /** Of the newest step that was applied; 0: there are no tables yet. */
  readonly version: number;
  /** The oldest schema whose programs can work with it. */
  readonly compatibleFrom: number;
}

const COMPATIBLE_FROM = 'compatible_from';
/** Programs that do not say which schema they speak are of the one in which leases came. */
const BEFORE_IT_WAS_TOLD = 8;

/** A store of which nobody has said what older programs are to it is for programs of its own schema. */
export async function schemaOf(sql: Sql): Promise<Schema> {
  const version = intOrNull(only(await sql.all('SELECT MAX(version) AS version FROM migration')), 'version') ?? 0;
  if (version === 0) return { version, compatibleFrom: 0 };
  const [row] = await sql.all('SELECT value FROM meta WHERE name = $1', [COMPATIBLE_FROM]);
  return { version, compatibleFrom: row === undefined ? version : Number(text(row, 'value')) };
}

/** To be called in the transaction that changes the tables. */
export async function setCompatibleFrom(sql: Sql, compatibleFrom: number): Promise<void> {
  await sql.run(
    'INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [COMPATIBLE_FROM, String(compatibleFrom)],
  );
}

/** A newer schema is no trouble for a program that the store says can work with it; rejects with one sentence where it cannot. Returns the schema. */
export async function requireSpoken(sql: Sql, store: string, spoken: number): Promise<Schema> {
  const schema = await schemaOf(sql);
  if (schema.version > spoken && schema.compatibleFrom > spoken)
    throw new StoreError(
      `${store} has schema ${schema.version}, newer than this program's ${spoken}; start the newer repairwatch that wrote it, or restore a backup.`,
    );
  return schema;
}

/** Who works on the store by an older schema than `oldest`; null where nobody does. */
export async function olderHolder(
  sql: Sql,
  oldest: number,
  at: number,
): Promise<{ readonly owner: string; readonly schema: number } | null> {
  const [row] = await sql.all(
    `SELECT owner, COALESCE(schema_version, ${BEFORE_IT_WAS_TOLD}) AS spoken FROM lease
     WHERE until_at > $1 AND COALESCE(schema_version, ${BEFORE_IT_WAS_TOLD}) < $2 ORDER BY owner LIMIT 1`,
    [at, oldest],
  );
  return row === undefined ? null : { owner: text(row, 'owner'), schema: int(row, 'spoken') };
}

/** A program of an older schema that wakes up later holds nothing any more. */
export async function fenceOlderOut(sql: Sql, oldest: number): Promise<void> {
  await sql.run(
    `UPDATE lease SET fence = fence + 1, until_at = 0 WHERE COALESCE(schema_version, ${BEFORE_IT_WAS_TOLD}) < $1`,
    [oldest],
  );
}
