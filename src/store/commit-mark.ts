import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Sql } from './sql.ts';

/** A row of `meta` as a transaction leaves it that writes anything. */
interface MarkRow {
  readonly name: string;
  readonly value: string;
}

/** By which it is found out whether a transaction was committed: the row that it wrote, or, where there is no such table yet, the server's number of it. */
export type CommitMark = MarkRow | { readonly xid: string };

/** What a transaction that may have written something ends with. */
export interface MarkedEnd {
  readonly mark: CommitMark;
  /** To be sent with the COMMIT, so that the mark costs no journey of its own. */
  readonly statement: string;
}

/**
 * By which a process finds out whether a commit of its own happened. The transaction's number does not say it: one that went down with the
 * server before it was on the disk leaves its number to another one. As many rows for each process as it has commits under way, and one for each answer that
 * was lost; those of a day ago are deleted.
 */
export class CommitMarks {
  /** Of rows that nobody asks for any more. */
  readonly #free: string[] = [];
  #written = 0;
  #hasTable = false;

  /** To be called last in a transaction; null where it has certainly written nothing. */
  async leave(client: Client): Promise<MarkedEnd | null> {
    if (!this.#hasTable) {
      const asked = `SELECT pg_current_xact_id_if_assigned()::text AS xid, to_regclass('meta') IS NOT NULL AS "hasTable"`;
      const { rows } = await client.query<{ xid: string | null; hasTable: boolean }>(asked);
      const [found] = rows;
      if (found === undefined || found.xid === null) return null;
      if (!found.hasTable) return { mark: { xid: found.xid }, statement: '' };
      await client.query(FORGET);
    }
    this.#written += 1;
    const mark = { name: this.#free.pop() ?? newName(), value: String(this.#written) };
    return { mark, statement: leaving(mark) };
  }

  /** To be called once the end was answered, so that nobody will ask for its mark. Of one that was committed it is certain that the table is there. */
  answered({ mark }: MarkedEnd, isCommitted: boolean): void {
    if ('xid' in mark) return;
    this.#free.push(mark.name);
    this.#hasTable ||= isCommitted;
  }
}

function newName(): string {
  return `commit ${randomUUID()}`;
}

const SECONDS = 'EXTRACT(EPOCH FROM now())::bigint';
const FORGET = `DELETE FROM meta WHERE name LIKE 'commit %' AND CAST(split_part(value, ' ', 2) AS BIGINT) < ${SECONDS} - 86400`;

/** Writes nothing where the transaction has not. Without parameters, which a journey with other statements cannot take; both texts are made here. */
function leaving({ name, value }: MarkRow): string {
  return `INSERT INTO meta (name, value) SELECT '${name}', '${value} ' || ${SECONDS} WHERE pg_current_xact_id_if_assigned() IS NOT NULL
    ON CONFLICT (name) DO UPDATE SET value = excluded.value; `;
}

/** What became of a transaction; null: the server cannot say yet. */
export type Fate = 'committed' | 'aborted' | null;

/**
 * What became of the transaction that left that row. To be asked with the writers' lock, which it held to its end: so it has ended. A standby that
 * is not promoted yet may not have heard of its commit.
 */
export async function fateByRow(sql: Sql, { name, value }: MarkRow): Promise<Fate> {
  const [now] = await sql.all(
    `SELECT CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END AS standby, to_regclass('meta')::text AS name`,
  );
  if (now?.['standby'] !== 0) return null;
  // It was made by the transaction itself.
  if (now['name'] === null) return 'aborted';
  const found = await sql.all(`SELECT 1 AS one FROM meta WHERE name = $1 AND split_part(value, ' ', 1) = $2`, [
    name,
    value,
  ]);
  return found.length > 0 ? 'committed' : 'aborted';
}

/** SQLSTATE of a number that the server has not given to any transaction yet. */
const IN_THE_FUTURE = '22023';

/** What the server says of a transaction by its number; `committed` may be of another one that got the number later. */
export async function fateByNumber(client: Client, xid: string): Promise<Fate> {
  try {
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
