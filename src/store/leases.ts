import { DAY_MS } from '../lib/clock.ts';
import { pieces } from './in-list.ts';
import { SCHEMA } from './migrations/all.ts';
import { int, text } from './row.ts';
import { requireSpoken } from './schema.ts';
import type { Database, Row, SqlValue } from './sql.ts';
import type { Lease, LeaseStore } from './store.ts';
import { storeMoment } from './store-moment.ts';

/** In one statement: a replica of 500 accounts renews as many leases every few seconds, and all other writers wait meanwhile. */
const AT_ONCE = 500;
/** The owner's first lease goes by this name; nobody asks for the ones of processes that are long gone. */
const OF_PROCESSES = 'replica %';

export function leaseVerbs(db: Database): LeaseStore {
  return {
    acquireLeases: (owner, wanted, now) =>
      db.write(async (sql) => {
        // Whoever slept while a newer program changed the schema must not work on it.
        await requireSpoken(sql, 'The store', SCHEMA);
        const at = await storeMoment(sql, db.engine, now);
        await sql.run(`DELETE FROM lease WHERE name LIKE '${OF_PROCESSES}' AND until_at < $1`, [at - DAY_MS]);
        const taken: Lease[] = [];
        for (const piece of pieces(wanted, AT_ONCE)) {
          const rows = placeholders(2, piece, (next) => `(${next()}, ${next()}, 1, ${next()}, ${next()})`);
          const found = await sql.all(
            `INSERT INTO lease (name, owner, fence, until_at, schema_version) VALUES ${rows}
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = lease.fence + 1, until_at = excluded.until_at,
               schema_version = excluded.schema_version
             WHERE lease.until_at <= $1 OR lease.owner = excluded.owner
             RETURNING name, owner, fence`,
            [at, ...piece.flatMap(({ name, lastsMs }) => [name, owner, at + lastsMs, SCHEMA])],
          );
          taken.push(...found.map(leaseOf));
        }
        return taken;
      }),
    renewLeases: (held, now) =>
      db.write(async (sql) => {
        const at = await storeMoment(sql, db.engine, now);
        const still = new Set<string>();
        for (const [lastsMs, alike] of Map.groupBy(held, (lease) => lease.lastsMs))
          for (const piece of pieces(alike, AT_ONCE)) {
            const renewed = await sql.all(
              `UPDATE lease SET until_at = $1 WHERE until_at > $2 AND ${isOneOf(3, piece)} RETURNING name`,
              [at + lastsMs, at, ...piece.flatMap(params)],
            );
            for (const row of renewed) still.add(text(row, 'name'));
          }
        return held.filter(({ name }) => still.has(name)).map(({ name, owner, fence }) => ({ name, owner, fence }));
      }),
    releaseLeases: (held) =>
      db.write(async (sql) => {
        for (const piece of pieces(held, AT_ONCE))
          await sql.run(`UPDATE lease SET until_at = 0 WHERE ${isOneOf(1, piece)}`, piece.flatMap(params));
      }),
    leases: (now) =>
      db.read(async (sql) => {
        const at = await storeMoment(sql, db.engine, now);
        const rows = await sql.all('SELECT name, owner, fence, until_at FROM lease ORDER BY name');
        return rows.map((row) => ({ ...leaseOf(row), leftMs: Math.max(0, int(row, 'until_at') - at) }));
      }),
  };
}

function leaseOf(row: Row): Lease {
  return { name: text(row, 'name'), owner: text(row, 'owner'), fence: int(row, 'fence') };
}

const params = ({ name, owner, fence }: Lease): SqlValue[] => [name, owner, fence];

/** A condition on a row of `lease`; PostgreSQL must be told what a list holds. */
function isOneOf(first: number, leases: readonly Lease[]): string {
  const tuple = (next: () => string): string =>
    `(CAST(${next()} AS TEXT), CAST(${next()} AS TEXT), CAST(${next()} AS BIGINT))`;
  return `(name, owner, fence) IN (VALUES ${placeholders(first, leases, tuple)})`;
}

/** A tuple for each of the rows, numbered from `first` on. */
function placeholders(first: number, rows: readonly unknown[], tuple: (next: () => string) => string): string {
  let number = first;
  return rows.map(() => tuple(() => `$${number++}`)).join(', ');
}
