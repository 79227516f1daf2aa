import type { Client } from 'pg';
import { type Clock, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Meter } from '../lib/meter.ts';
import { createPlaces } from '../lib/places.ts';
import type { PostgresAddress } from '../lib/postgres-url.ts';
import { type CommitMark, CommitMarks, type Fate, fateByNumber, fateByRow, type MarkedEnd } from './commit-mark.ts';
import { expandValues } from './expand-values.ts';
import { pieces } from './in-list.ts';
import { PostgresPool } from './postgres-pool.ts';
import { isAnswered, isLost, isPassing, postgresTrouble, tookTooLong } from './postgres-trouble.ts';
import type { Condition, Database, OnWrite, Patience, Sql, SqlValue } from './sql.ts';
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
 * until it commits, as the port says, whoever else writes. A process queues for it with one connection, while another one may still wait for
 * the answer to its COMMIT: one that is frozen there holds up the others once, not once for each of its connections. A transaction that a lost server ended is tried again, for its decisions are
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
    // Nothing is set for the session: a pooler gives the next transaction another one, whose server may have other defaults.
    const schema = address.schema === null ? '' : `SET LOCAL search_path TO ${address.schema};`;
    const local = (idleMs: number, statementMs = STATEMENT_MS): string =>
      `SET LOCAL statement_timeout = ${statementMs}; SET LOCAL idle_in_transaction_session_timeout = ${idleMs}; ${schema}`;
    // What is read after the lock must be what the writer before has left.
    const write = `BEGIN; SET LOCAL transaction_isolation = 'read committed';`;
    this.#begin = {
      read: `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${local(STATEMENT_MS)}`,
      write: {
        usual: `${write} ${local(writerIdleMs)} ${LOCK}`,
        long: `${write} ${local(writerIdleMs, LONG_STATEMENT_MS)} ${LOCK}`,
      },
    };
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#measured('read', () => this.#transaction({ begin: this.#begin.read, run: atOnce(work) }));
  }

  async write<T>(work: (sql: Sql) => Promise<T>, patience: Patience = 'usual', condition?: Condition): Promise<T> {
    try {
      const result = await this.#write(work, patience, condition);
      this.#onWrite(null);
      return result;
    } catch (error) {
      if (error instanceof StoreError) this.#onWrite(error);
      throw error;
    }
  }

  #write<T>(work: (sql: Sql) => Promise<T>, patience: Patience, condition?: Condition): Promise<T> {
    return this.#measured('write', async () => {
      const sent: { end: MarkedEnd | null; result: T | null } = { end: null, result: null };
      const lastly = async (client: Client, result: T): Promise<string> => {
        sent.end = await this.#marks.leave(client);
        sent.result = result;
        return sent.end?.statement ?? '';
      };
      const step = { begin: this.#begin.write[patience], run: onceBegun(work, condition), lastly, patience };
      try {
        const result = await this.#inTurn((leave) => this.#transaction({ ...step, sent: leave }));
        if (sent.end !== null) this.#marks.answered(sent.end, true);
        return result;
      } catch (error) {
        // Where nothing was written its outcome does not matter.
        if (sent.end === null) throw error;
        if (!isLost(error)) this.#marks.answered(sent.end, false);
        else if (await this.#happened(sent.end.mark)) return sent.result as T; // set with the mark
        throw error;
      }
    });
  }

  #transaction<T>(step: Transaction<T>): Promise<T> {
    return this.#pool.use((client) => transaction(client, step), isAnswered);
  }

  /** One writer waits for the lock at a time; the next one may as soon as this one leaves. */
  async #inTurn<T>(act: (leave: () => void) => Promise<T>): Promise<T> {
    const leave = await this.#writers.enter(new AbortController().signal);
    return await act(leave).finally(leave);
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
        const fate = await this.#fateOf(mark);
        if (fate !== null) return fate === 'committed';
      } catch (error) {
        if (!isPassing(error) && !tookTooLong(error)) throw error;
      }
      if (this.#clock.monotonic() > until)
        throw new StoreError(
          `The store ${this.#place} was lost during a commit, and whether it happened could not be learnt within a minute; check the server.`,
        );
      await this.#clock.sleep(500, this.#closed.signal);
    }
  }

  #fateOf(mark: CommitMark): Promise<Fate> {
    if ('xid' in mark) return this.#pool.use((client) => fateByNumber(client, mark.xid), isAnswered);
    // With the lock, which the lost transaction holds for as long as it may still be committed.
    const step = { begin: this.#begin.write.usual, run: onceBegun((sql) => fateByRow(sql, mark)) };
    return this.#inTurn(() => this.#transaction(step));
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

interface Transaction<T> {
  readonly begin: string;
  /** What is asked for before `begun` is awaited goes along with the beginning. */
  run(sql: Sql, begun: Promise<unknown>): Promise<T>;
  /** What is to be sent with the COMMIT. */
  lastly?(client: Client, result: T): Promise<string>;
  /** Called when the COMMIT was sent: the lock is let go by the server, whatever becomes of the answer. */
  sent?(): void;
  readonly patience?: Patience;
}

/** With all that `work` asks for first, as reading needs nothing but its snapshot. */
function atOnce<T>(work: (sql: Sql) => Promise<T>): Transaction<T>['run'] {
  return async (sql, begun) => (await Promise.all([work(sql), begun]))[0];
}

/** With the condition; `work` begins once that and the lock are had. */
function onceBegun<T>(work: (sql: Sql) => Promise<T>, condition?: Condition): Transaction<T>['run'] {
  return async (sql, begun) => {
    await Promise.all([begun, condition?.(sql)]);
    return work(sql);
  };
}

async function transaction<T>(client: Client, step: Transaction<T>): Promise<T> {
  const limit = step.patience === 'long' ? { query_timeout: LONG_STATEMENT_MS } : {};
  const { sql, end } = sqlOn(client, limit);
  try {
    // It fails in its middle where the lock is not had in time: then so does what was sent along, and what has begun must be ended.
    const result = await step.run(sql, client.query({ text: step.begin, ...limit })).finally(end);
    const last = (await step.lastly?.(client, result)) ?? '';
    const committed = client.query(`${last}COMMIT`);
    step.sent?.();
    await committed;
    return result;
  } catch (error) {
    if (isAnswered(error)) await client.query('ROLLBACK');
    throw error;
  }
}

/** So many statements are sent at most before the first of them is answered. */
const SENT_AT_ONCE = 100;

/** `limit`: on one answer, in place of the connection's own. `end`: what is asked for from then on is refused, as it would be done outside the transaction. */
function sqlOn(client: Client, limit: { readonly query_timeout?: number }): { readonly sql: Sql; end(): void } {
  let isOver = false;
  const ask = async (statement: string, params: readonly SqlValue[] = []) => {
    if (isOver) throw new Error('A statement was asked for after the end of its transaction.');
    return client.query<Record<string, SqlValue>>({ text: statement, values: [...params], ...limit });
  };
  const run = async (statement: string, params?: readonly SqlValue[]): Promise<number> =>
    (await ask(statement, params)).rowCount ?? 0;
  const sql: Sql = {
    all: async (statement, params) => (await ask(statement, params)).rows,
    map: async (statement, params, each) => (await ask(statement, params)).rows.map(each),
    run,
    async many(statement, rows) {
      for (const some of pieces(expandValues(statement, rows), SENT_AT_ONCE))
        await Promise.all(some.map((part) => run(part.statement, part.params)));
    },
  };
  return {
    sql,
    end() {
      isOver = true;
    },
  };
}
