import { int, only, text } from './row.ts';
import { schemaOf } from './schema.ts';
import type { Database, Row, Sql, SqlValue } from './sql.ts';
import { StoreError } from './store-error.ts';

/** A table as a copy goes through it: in the order of its primary key. */
interface CopiedTable {
  readonly name: string;
  readonly key: readonly string[];
}

/** Every table that holds what is known, what is referred to first. Who holds which lease is of the place and not copied. */
export const COPIED_TABLES: readonly CopiedTable[] = [
  { name: 'id_sequence', key: ['name'] },
  { name: 'account', key: ['name'] },
  { name: 'task', key: ['task_id', 'account'] },
  { name: 'change', key: ['id'] },
  { name: 'poll', key: ['id'] },
  { name: 'backfill_range', key: ['id'] },
  { name: 'set_aside', key: ['id'] },
  { name: 'alert', key: ['id'] },
  { name: 'message', key: ['id'] },
  { name: 'delivery', key: ['alert_id', 'channel'] },
  { name: 'withheld', key: ['alert_id', 'channel'] },
  { name: 'reminder', key: ['task_id', 'account', 'deadline', 'rung_ms'] },
  { name: 'ack', key: ['id'] },
  { name: 'mute', key: ['id'] },
  { name: 'digest', key: ['name'] },
  { name: 'digest_made', key: ['name', 'scheduled_at'] },
  { name: 'digest_change', key: ['name', 'change_id'] },
  { name: 'episode', key: ['code', 'subject'] },
];

export interface CopiedCount {
  readonly table: string;
  readonly from: number;
  readonly to: number;
}

/** Rows of one transaction: few enough that a message's facts of some megabytes do no harm. */
const BATCH = 500;
/** Names the source while a copy is not finished; beside it the last key of each table. */
const MARK = 'copying';
const AT = 'copying ';

/** True where a copy was begun and not finished. */
export async function isHalfCopied(sql: Sql): Promise<boolean> {
  return (await sql.all('SELECT name FROM meta WHERE name = $1', [MARK])).length > 0;
}

/**
 * Copies a store whole into an empty one of the same schema, a batch in each transaction. One that was cut off goes on after its last batch, or begins
 * anew where the source has changed since. Rejects where the counts differ afterwards, and leaves the copy marked as not finished.
 */
export async function copyTables(
  from: Database,
  to: Database,
  tell: (table: string, rows: number) => void = () => undefined,
): Promise<readonly CopiedCount[]> {
  return from.read(async (source) => {
    await requireSameSchema(source, to);
    await to.write(async (sql) => begin(sql, await fingerprintOf(source)));
    for (const table of COPIED_TABLES) await copyTable(table, source, to, (rows) => tell(table.name, rows));
    const storeId = text(only(await source.all(`SELECT value FROM meta WHERE name = 'store_id'`)), 'value');
    return to.write(async (sql) => {
      const counts: CopiedCount[] = [];
      for (const { name } of COPIED_TABLES)
        counts.push({ table: name, from: await rowsOf(source, name), to: await rowsOf(sql, name) });
      const wrong = counts.find((count) => count.from !== count.to);
      if (wrong !== undefined)
        throw new StoreError(
          `The copy has ${wrong.to} rows in "${wrong.table}" where the store has ${wrong.from}; copy into an empty database.`,
        );
      await setMeta(sql, 'store_id', storeId);
      await sql.run(`DELETE FROM meta WHERE name = $1 OR name LIKE $2`, [MARK, `${AT}%`]);
      return counts;
    });
  });
}

/** A program that goes on beside a newer schema does not know all that is in its tables. */
async function requireSameSchema(source: Sql, to: Database): Promise<void> {
  const { version } = await schemaOf(source);
  const { version: ofCopy } = await to.read(schemaOf);
  if (version !== ofCopy)
    throw new StoreError(
      `The store has schema ${version} and its copy would have ${ofCopy}; use the newer repairwatch that wrote it.`,
    );
}

async function begin(sql: Sql, fingerprint: string): Promise<void> {
  const [mark] = await sql.all('SELECT value FROM meta WHERE name = $1', [MARK]);
  if (mark !== undefined && text(mark, 'value') === fingerprint) return;
  if (mark === undefined && (await rowsOf(sql, 'account')) + (await rowsOf(sql, 'poll')) > 0)
    throw new StoreError('The database holds a store already; name an empty one, or another schema, in --to.');
  for (const { name } of COPIED_TABLES.toReversed()) await sql.run(`DELETE FROM ${name}`);
  await sql.run('DELETE FROM meta WHERE name LIKE $1', [`${AT}%`]);
  await setMeta(sql, MARK, fingerprint);
}

/** Differs once anything has been written: each poll, change and message takes an id; a `requeue` or a try changes a message. */
async function fingerprintOf(sql: Sql): Promise<string> {
  const ids = await sql.all('SELECT name, next_id FROM id_sequence ORDER BY next_id, name');
  const messages = await sql.all(
    `SELECT COUNT(*) AS n, SUM(attempts) AS attempts, SUM(COALESCE(next_at, 0)) AS next_at,
       SUM(COALESCE(settled_at, 0)) AS settled_at FROM message`,
  );
  const storeId = await sql.all(`SELECT value FROM meta WHERE name = 'store_id'`);
  return JSON.stringify([storeId, ids.map((row) => [text(row, 'name'), int(row, 'next_id')]), messages]);
}

async function copyTable(
  { name, key }: CopiedTable,
  source: Sql,
  to: Database,
  tell: (rows: number) => void,
): Promise<void> {
  let at = await to.read((sql) => lastKey(sql, name));
  for (;;) {
    const keys = key.join(', ');
    const after = at === null ? '' : `WHERE (${keys}) > (${key.map((_, index) => `$${index + 1}`).join(', ')})`;
    const rows = await source.all(`SELECT * FROM ${name} ${after} ORDER BY ${keys} LIMIT ${BATCH}`, at ?? []);
    const last = rows.at(-1);
    if (last === undefined) return;
    const next = key.map((column) => last[column] ?? null);
    await to.write(async (sql) => {
      await insert(sql, name, rows);
      await setMeta(sql, `${AT}${name}`, JSON.stringify(next));
    });
    at = next;
    tell(rows.length);
    if (rows.length < BATCH) return;
  }
}

async function insert(sql: Sql, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const values = columns.map((_, index) => `$${index + 1}`).join(', ');
  await sql.many(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`,
    rows.map((row) => columns.map((column) => row[column] ?? null)),
  );
}

async function lastKey(sql: Sql, table: string): Promise<readonly SqlValue[] | null> {
  const [row] = await sql.all('SELECT value FROM meta WHERE name = $1', [`${AT}${table}`]);
  // The cast holds because only `copyTable` writes it.
  return row === undefined ? null : (JSON.parse(text(row, 'value')) as readonly SqlValue[]);
}

async function rowsOf(sql: Sql, table: string): Promise<number> {
  return int(only(await sql.all(`SELECT COUNT(*) AS n FROM ${table}`)), 'n');
}

async function setMeta(sql: Sql, name: string, value: string): Promise<void> {
  await sql.run(
    'INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [name, value],
  );
}
