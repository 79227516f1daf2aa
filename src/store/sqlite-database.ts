import type { Meter } from '../lib/meter.ts';
import type { Condition, Database, OnWrite, Patience, Sql } from './sql.ts';
import type { SqliteFile } from './sqlite.ts';
import { StoreError } from './store-error.ts';

/** Transactions on one SQLite connection, one after another: a verb that waits inside its transaction lets no other verb in. */
export class SqliteDatabase implements Database {
  readonly engine = 'sqlite';
  readonly #file: SqliteFile;
  readonly #onWrite: OnWrite;
  readonly #meter: Pick<Meter, 'transaction'> | undefined;
  readonly #sql: Sql;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: SqliteFile, onWrite: OnWrite = () => undefined, meter?: Pick<Meter, 'transaction'>) {
    this.#file = file;
    this.#onWrite = onWrite;
    this.#meter = meter;
    this.#sql = {
      all: async (statement, params) => file.all(statement, params),
      map: async (statement, params, each) => file.map(statement, params, each),
      run: async (statement, params) => file.run(statement, params),
      many: async (statement, rows) => file.many(statement, rows),
    };
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#next(() => this.#transaction('read', work));
  }

  write<T>(work: (sql: Sql) => Promise<T>, _patience?: Patience, condition?: Condition): Promise<T> {
    return this.#next(async () => {
      try {
        const result = await this.#transaction('write', async (sql) => {
          await condition?.(sql);
          return work(sql);
        });
        this.#onWrite(null);
        return result;
      } catch (error) {
        if (error instanceof StoreError) this.#onWrite(error);
        throw error;
      }
    });
  }

  close(): Promise<void> {
    return this.#next(async () => this.#file.close());
  }

  #next<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(act);
    this.#last = mine.catch(() => undefined); // The caller hears of it; the queue only needs to go on.
    return mine;
  }

  async #transaction<T>(kind: 'read' | 'write', work: (sql: Sql) => Promise<T>): Promise<T> {
    const ended = this.#meter?.transaction(kind);
    try {
      this.#file.exec(kind === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
      const result = await work(this.#sql);
      this.#file.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#file.inTransaction) this.#file.exec('ROLLBACK'); // A full disk has rolled it back already.
      throw error;
    } finally {
      ended?.();
    }
  }
}
