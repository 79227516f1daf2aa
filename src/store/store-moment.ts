import type { EpochMs } from '../lib/clock.ts';
import { int, only } from './row.ts';
import type { Database, Sql } from './sql.ts';

/** The server's clock as it is now, not as it was at the transaction's beginning: writers wait for one another. Without a server `now`. */
export async function storeMoment(sql: Sql, engine: Database['engine'], now: EpochMs): Promise<EpochMs> {
  if (engine === 'sqlite') return now;
  return int(
    only(await sql.all('SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT) AS at')),
    'at',
  );
}
