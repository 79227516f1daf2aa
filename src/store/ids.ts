import { int, only } from './row.ts';
import type { Sql } from './sql.ts';

export type IdSequence = 'poll' | 'change' | 'alert' | 'message' | 'backfill_range' | 'set_aside' | 'ack' | 'mute';

/**
 * Takes `count` ids in a row and gives the first. The sequence's row stays locked until the transaction ends,
 * so take them late: in return ids are in the order of the commits.
 */
export async function nextIds(sql: Sql, sequence: IdSequence, count: number): Promise<number> {
  const rows = await sql.all(
    'UPDATE id_sequence SET next_id = next_id + $1 WHERE name = $2 RETURNING next_id - $1 AS first_id',
    [count, sequence],
  );
  return int(only(rows), 'first_id');
}

/** In SQL: the last id that was taken, by this transaction where it has just taken one. So that its row needs no answer first. */
export function lastId(sequence: IdSequence): string {
  return `(SELECT next_id - 1 FROM id_sequence WHERE name = '${sequence}')`;
}
