import { LeaseLost } from './lease-lost.ts';
import type { Database, Sql } from './sql.ts';
import type { Fence } from './store.ts';

/**
 * The same database for a writer that must hold a lease. Its number is compared in the transaction of every write, and whoever takes the lease writes
 * too: of two that both believe they hold it only the newer one can commit.
 */
export function fencedDatabase(db: Database, fence: Fence): Database {
  return {
    engine: db.engine,
    read: (work) => db.read(work),
    write: (work, patience) => db.write(work, patience, (sql) => requireLease(sql, fence)),
    // It is the lender's.
    close: async () => undefined,
  };
}

async function requireLease(sql: Sql, fence: Fence): Promise<void> {
  const lease = fence.current();
  const found =
    lease === null
      ? []
      : await sql.all('SELECT fence FROM lease WHERE name = $1 AND owner = $2 AND fence = $3', [
          lease.name,
          lease.owner,
          lease.fence,
        ]);
  if (found.length > 0) return;
  fence.lost();
  throw new LeaseLost(lease?.name ?? null);
}
