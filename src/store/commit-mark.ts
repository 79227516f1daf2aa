import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';

/** What a transaction that has written something leaves before its COMMIT is sent. */
export interface CommitMark {
  /** The server's number of the transaction. */
  readonly xid: string;
  /** The row of `meta` that it wrote with its own text; null: there is no such table yet. */
  readonly row: { readonly name: string; readonly value: string } | null;
}

/**
 * By which a process finds out whether a commit of its own happened. The transaction's number does not say it alone: one that went down with the
 * server before it was on the disk leaves its number to another one. One row for each process, and for each answer that was lost; those of a day ago are deleted.
 */
export class CommitMarks {
  #name = newName();
  #written = 0;
  #hasTable = false;
  /** As the transaction sees it that is under way. */
  #seesTable = false;

  /** To be called last in a transaction; null where it has written nothing, so that nothing is written for it either. */
  async leave(client: Client): Promise<CommitMark | null> {
    if (!this.#hasTable) {
      const asked = `SELECT pg_current_xact_id_if_assigned()::text AS xid, to_regclass('meta') IS NOT NULL AS "hasTable"`;
      const { rows } = await client.query<{ xid: string | null; hasTable: boolean }>(asked);
      const [found] = rows;
      this.#seesTable = found?.hasTable ?? false;
      if (found === undefined || found.xid === null) return null;
      if (!found.hasTable) return { xid: found.xid, row: null };
      await client.query(FORGET);
    }
    this.#written += 1;
    const row = { name: this.#name, value: String(this.#written) };
    const { rows } = await client.query<{ xid: string }>(LEAVE, [row.name, row.value]);
    return rows[0] === undefined ? null : { xid: rows[0].xid, row };
  }

  /** To be called after a commit: that the table is there is certain only then. */
  committed(): void {
    this.#hasTable = this.#seesTable;
  }

  /** The next ones go into another row: the last one is still asked for. */
  rename(): void {
    this.#name = newName();
  }
}

function newName(): string {
  return `commit ${randomUUID()}`;
}

const SECONDS = 'EXTRACT(EPOCH FROM now())::bigint';
const LEAVE = `INSERT INTO meta (name, value) SELECT $1, $2 || ' ' || ${SECONDS} WHERE pg_current_xact_id_if_assigned() IS NOT NULL
  ON CONFLICT (name) DO UPDATE SET value = excluded.value RETURNING pg_current_xact_id()::text AS xid`;
const FORGET = `DELETE FROM meta WHERE name LIKE 'commit %' AND CAST(split_part(value, ' ', 2) AS BIGINT) < ${SECONDS} - 86400`;

/** SQLSTATE of a number that the server has not given to any transaction yet. */
const IN_THE_FUTURE = '22023';

/** What the server says of a transaction by its number; null: it cannot say yet. `committed` may be of another transaction, see `isMarked`. */
export async function fateOf(client: Client, { xid }: CommitMark): Promise<'committed' | 'aborted' | null> {
  try {
    // A standby that is not promoted yet may not have heard of the commit.
    const asked = 'SELECT pg_xact_status($1::xid8) AS fate, pg_is_in_recovery() AS "isStandby"';
    const { rows } = await client.query<{ fate: string | null; isStandby: boolean }>(asked, [xid]);
    const [found] = rows;
    if (found === undefined || found.isStandby) return null;
    return found.fate === 'committed' || found.fate === 'aborted' ? found.fate : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === IN_THE_FUTURE) return 'aborted';
    throw error;
  }
}

/** The text of a mark as it stands in the table. */
export const MARKED = `SELECT split_part(value, ' ', 1) AS value FROM meta WHERE name = $1`;
