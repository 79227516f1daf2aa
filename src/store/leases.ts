import { DAY_MS } from '../lib/clock.ts';
import { SCHEMA } from './migrations/all.ts';
import { int, text } from './row.ts';
import { requireSpoken } from './schema.ts';
import type { Database } from './sql.ts';
import type { Lease, LeaseStore } from './store.ts';
import { storeMoment } from './store-moment.ts';

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
        for (const { name, lastsMs } of wanted) {
          const [row] = await sql.all(
            `INSERT INTO lease (name, owner, fence, until_at, schema_version) VALUES ($1, $2, 1, $3, $5)
             ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, fence = lease.fence + 1, until_at = excluded.until_at,
               schema_version = excluded.schema_version
             WHERE lease.until_at <= $4 OR lease.owner = excluded.owner
             RETURNING fence`,
            [name, owner, at + lastsMs, at, SCHEMA],
          );
          if (row !== undefined) taken.push({ name, owner, fence: int(row, 'fence') });
        }
        return taken;
      }),
    renewLeases: (held, now) =>
      db.write(async (sql) => {
        const at = await storeMoment(sql, db.engine, now);
        const still: Lease[] = [];
        for (const { name, owner, fence, lastsMs } of held) {
          const renewed = await sql.run(
            'UPDATE lease SET until_at = $4 WHERE name = $1 AND owner = $2 AND fence = $3 AND until_at > $5',
            [name, owner, fence, at + lastsMs, at],
          );
          if (renewed > 0) still.push({ name, owner, fence });
        }
        return still;
      }),
    releaseLeases: (held) =>
      db.write(async (sql) => {
        await sql.many(
          'UPDATE lease SET until_at = 0 WHERE name = $1 AND owner = $2 AND fence = $3',
          held.map(({ name, owner, fence }) => [name, owner, fence]),
        );
      }),
    leases: (now) =>
      db.read(async (sql) => {
        const at = await storeMoment(sql, db.engine, now);
        const rows = await sql.all('SELECT name, owner, fence, until_at FROM lease ORDER BY name');
        return rows.map((row) => ({
          name: text(row, 'name'),
          owner: text(row, 'owner'),
          fence: int(row, 'fence'),
          leftMs: Math.max(0, int(row, 'until_at') - at),
        }));
      }),
  };
}
