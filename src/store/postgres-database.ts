import type { Client } from 'pg';
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Meter } from '../lib/meter.ts';
import { createPlaces } from '../lib/places.ts';
import type { PostgresAddress } from '../lib/postgres-url.ts';
import { type CommitMark, CommitMarks, fateOf, MARKED } from './commit-mark.ts';
import { expandValues } from './expand-values.ts';
import { PostgresPool } from './postgres-pool.ts';
import { isAnswered, isLost, isPassing, postgresTrouble } from './postgres-trouble.ts';
import type { Database, OnWrite, Patience, Row, Sql, SqlValue } from './sql.ts';
import { StoreError } from './store-error.ts';

/** What a transaction that met a lost or a read-only server waits before it is tried once more: a failover takes a few seconds. */
const PAUSES_MS = [100, 500, 2 * SECOND_MS, 5 * SECOND_MS];
const STATEMENT_MS = 30 * SECOND_MS;
/** Of a migration, which may write every row of a table, or wait for another replica that does. */
const LONG_STATEMENT_MS = HOUR_MS;
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('repairwatch ' || current_schema()))`;
/** A writer that falls silent, frozen or cut off, holds up all others for so long: with the renewal that waits behind it less than their leases last. */
const WRITER_IDLE_MS = 5 * SECOND_MS;
/** How long the fate of a commit whose answer was lost is asked for. */
const FATE_MS = MINUTE_MS;

/**
 * Transactions on a PostgreSQL database. Writers go one at a time, by a lock that ends with the transaction: what a verb reads stays true
 * until it commits, as the port says, whoever else writes. A process queues for it with one connection: one that is frozen there holds up the others
 * once, not once for each of its connections. A transaction that a lost server ended is tried again, for its decisions are
 * pure; where the answer to a COMMIT was lost, the server is asked whether it happened, by a mark that the transaction left.
 */
export class PostgresDatabase implements Database {
  readonly engine = 'postgres';
  readonly #pool: PostgresPool;
  readonly #place: string;
  readonly #clock: Pick<Clock, 'sleep' | 'monotonic'>;
  readonly #begin: { readonly read: string; readonly write: Readonly<Record<Patience, string>> };
  readonly #closed = new AbortController();
  readonly #writers = createPlaces(1);
  readonly #marks = new CommitMarks();
  readonly #onWrite: OnWrite;
  readonly #meter: Pick<Meter, 'transaction'> | undefined;

  constructor(
    address: PostgresAddress,
    clock: Pick<Clock, 'sleep' | 'monotonic'>,
    onWrite: OnWrite = () => undefined,
    meter?: Pick<Meter, 'transaction'>,
    writerIdleMs = WRITER_IDLE_MS,
  ) {
    this.#onWrite = onWrite;
    this.#meter = meter;
    this.#pool = new PostgresPool(address);
    this.#place = address.place;
    this.#clock = clock;
    // Nothing is set for the session: a pooler gives the next transaction another one.
    const schema = address.schema === null ? '' : `SET LOCAL search_path TO ${address.schema};`;
    const local = (idleMs: number, statementMs = STATEMENT_MS): string =>
      `SET LOCAL statement_timeout = ${statementMs}; SET LOCAL idle_in_transaction_session_timeout = ${idleMs}; ${schema}`;
    this.#begin = {
      read: `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${local(STATEMENT_MS)}`,
      write: {
        usual: `BEGIN; ${local(writerIdleMs)} ${LOCK}`,
        long: `BEGIN; ${local(writerIdleMs, LONG_STATEMENT_MS)} ${LOCK}`,
      },
    };
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#measured('read', () =>
      this.#pool.use((client) => transaction(client, this.#begin.read, work), isAnswered),
    );
  }

  async write<T>(work: (sql: Sql) => Promise<T>, patience: Patience = 'usual'): Promise<T> {
    try {
      const result = await this.#write(work, patience);
      this.#onWrite(null);
      return result;
    } catch (error) {
      if (error instanceof StoreError) this.#onWrite(error);
      throw error;
    }
  }

  #write<T>(work: (sql: Sql) => Promise<T>, patience: Patience): Promise<T> {
    return this.#measured('write', async () => {
      const sent: { mark: CommitMark | null; result: T | null } = { mark: null, result: null };
      const beforeCommit = async (client: Client, result: T): Promise<void> => {
        sent.mark = await this.#marks.leave(client);
        sent.result = result;
      };
      try {
        return await this.#inTurn(() => this.#committed(work, patience, beforeCommit));
      } catch (error) {
        // Where nothing was written its outcome does not matter.
        if (sent.mark === null || !isLost(error)) throw error;
        if (await this.#happened(sent.mark)) return sent.result as T; // set with the mark
        throw error;
      }
    });
  }

  async #committed<T>(
    work: (sql: Sql) => Promise<T>,
    patience: Patience,
    beforeCommit: (client: Client, result: T) => Promise<void>,
  ): Promise<T> {
    try {
      const act = (client: Client) =>
        transaction(client, this.#begin.write[patience], work, (result) => beforeCommit(client, result), patience);
      const result = await this.#pool.use(act, isAnswered);
      this.#marks.committed();
      return result;
    } catch (error) {
      // Before the next writer's turn, which must not write over a mark that is still asked for.
      if (isLost(error)) this.#marks.rename();
      throw error;
    }
  }

  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const leave = await this.#writers.enter(new AbortController().signal);
    return await act().finally(leave);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#pool.close();
  }

  /** Whether a transaction whose COMMIT was sent is in the database; asks until a server knows. */
  async #happened(mark: CommitMark): Promise<boolean> {
    const until = this.#clock.monotonic() + FATE_MS;
    for (;;) {
      try {
        const fate = await this.#pool.use((client) => fateOf(client, mark), isAnswered);
        if (fate === 'aborted') return false;
        if (fate === 'committed') return await this.#isMarked(mark);
      } catch (error) {
        if (!isPassing(error)) throw error;
      }
      if (this.#clock.monotonic() > until)
        throw new StoreError(
          `The store ${this.#place} was lost during a commit, and whether it happened could not be learnt within a minute; check the server.`,
        );
      await this.#clock.sleep(500, this.#closed.signal);
    }
  }

  /** In a transaction that begins after the fate was told, so that it sees what was committed. */
  async #isMarked({ row }: CommitMark): Promise<boolean> {
    if (row === null) return true;
    const find = (sql: Sql) => sql.all(MARKED, [row.name]);
    const found = await this.#pool.use((client) => transaction(client, this.#begin.read, find), isAnswered);
    return found[0]?.['value'] === row.value;
  }

  async #measured<T>(kind: 'read' | 'write', act: () => Promise<T>): Promise<T> {
    const ended = this.#meter?.transaction(kind);
    return this.#tried(act).finally(() => ended?.());
  }

  async #tried<T>(act: () => Promise<T>): Promise<T> {
    for (const pauseMs of [...PAUSES_MS, null]) {
      try {
        return await act();
      } catch (error) {
        if (pauseMs === null || !isPassing(error) || this.#closed.signal.aborted)
          throw postgresTrouble(this.#place, error);
        this.#pool.forgetServer();
        await this.#clock.sleep(pauseMs, this.#closed.signal).catch(() => undefined); // closed: the next try says so
      }
    }
    throw new Error('unreachable: the last try returned or threw');
  }
}

async function transaction<T>(
  client: Client,
  begin: string,
  work: (sql: Sql) => Promise<T>,
  beforeCommit: (result: T) => Promise<void> = async () => undefined,
  patience: Patience = 'usual',
): Promise<T> {
  const limit = patience === 'long' ? { query_timeout: LONG_STATEMENT_MS } : {};
  let result: T;
  try {
    // It fails in its middle where the lock is not had in time: what it has begun must be ended.
    await client.query({ text: begin, ...limit });
    result = await work(sqlOn(client, limit));
    await beforeCommit(result);
  } catch (error) {
    if (isAnswered(error)) await client.query('ROLLBACK');
    throw error;
  }
  await client.query('COMMIT');
  return result;
}

/** `limit`: on one answer, in place of the connection's own. */
function sqlOn(client: Client, limit: { readonly query_timeout?: number }): Sql {
  const all = async (statement: string, params: readonly SqlValue[] = []): Promise<readonly Row[]> =>
    (await client.query<Record<string, SqlValue>>({ text: statement, values: [...params], ...limit })).rows;
  const run = async (statement: string, params: readonly SqlValue[] = []): Promise<number> =>
    (await client.query({ text: statement, values: [...params], ...limit })).rowCount ?? 0;
  return {
    all,
    map: async (statement, params, each) => (await all(statement, params)).map(each),
    run,
    async many(statement, rows) {
      for (const part of expandValues(statement, rows)) await run(part.statement, part.params);
    },
  };
}
