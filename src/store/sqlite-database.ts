import { setImmediate } from 'node:timers/promises';
import type { Meter } from '../lib/meter.ts';
import type { Condition, Database, OnWrite, Patience, Sql } from './sql.ts';
import type { SqliteFile } from './sqlite.ts';
import { StoreError } from './store-error.ts';

/** Writes that one commit makes durable at most, so that a read waits for few of them. */
const TOGETHER_MAX = 8;

/** A write that has not begun. */
interface WaitingWrite {
  /** Does the work; what it returns hands over the result, once that is durable. */
  work(sql: Sql): Promise<() => void>;
  reject(error: unknown): void;
}

/**
 * Transactions on one SQLite connection, one after another: a verb that waits inside its transaction lets no other verb in. Writes that are asked for
 * at the same moment share a commit, which is most of what a small one costs; each is undone alone when it fails, and is done once all of them are durable.
 */
export class SqliteDatabase implements Database {
  readonly engine = 'sqlite';
  readonly #file: SqliteFile;
  readonly #onWrite: OnWrite;
  readonly #meter: Pick<Meter, 'transaction'> | undefined;
  readonly #most: number;
  readonly #waiting: WaitingWrite[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** `alone`: no write waits for others, for a store in memory, where a commit costs nothing. */
  constructor(
    file: SqliteFile,
    options: { readonly onWrite?: OnWrite; readonly meter?: Pick<Meter, 'transaction'>; readonly alone?: boolean } = {},
  ) {
    this.#file = file;
    this.#onWrite = options.onWrite ?? (() => undefined);
    this.#meter = options.meter;
    this.#most = options.alone === true ? 1 : TOGETHER_MAX;
  }

  read<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#next(() => this.#transaction('read', () => this.#during(work)));
  }

  write<T>(work: (sql: Sql) => Promise<T>, _patience?: Patience, condition?: Condition): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        work: async (sql) => {
          await condition?.(sql);
          const result = await work(sql);
          return () => resolve(result);
        },
        reject,
      });
      void this.#next(() => this.#writeWaiting());
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

  /** Called once for each write; what an earlier call has done already is left to do nothing for. Never rejects. */
  async #writeWaiting(): Promise<void> {
    if (this.#waiting.length === 0) return;
    // Answers that have arrived meanwhile are read first, and what they write joins.
    if (this.#waiting.length < this.#most) await setImmediate();
    const writes = this.#waiting.splice(0, this.#most);
    const done: (() => void)[] = [];
    try {
      await this.#transaction('write', async () => {
        for (const write of writes) done.push(...(await this.#one(write, writes.length > 1)));
      });
      this.#onWrite(null);
      for (const handOver of done) handOver();
    } catch (error) {
      if (error instanceof StoreError) this.#onWrite(error);
      for (const { reject } of writes) reject(error);
    }
  }

  /** What is to be done once it is durable; nothing for a write that failed alone. Rejects where all is undone. */
  async #one({ work, reject }: WaitingWrite, isAmongOthers: boolean): Promise<readonly (() => void)[]> {
    if (!isAmongOthers) return [await this.#during(work)];
    this.#file.exec('SAVEPOINT one');
    try {
      const handOver = await this.#during(work);
      this.#file.exec('RELEASE one');
      return [handOver];
    } catch (error) {
      if (!this.#file.inTransaction) throw error;
      this.#file.exec('ROLLBACK TO one; RELEASE one');
      if (error instanceof StoreError) this.#onWrite(error);
      reject(error);
      return [];
    }
  }

  /** What the work asks for after its end is refused: it would be done outside its transaction, or in another one. */
  async #during<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    let isOver = false;
    const file = (): SqliteFile => {
      if (isOver) throw new Error('A statement was asked for after the end of its transaction.');
      return this.#file;
    };
    return await work({
      all: async (statement, params) => file().all(statement, params),
      map: async (statement, params, each) => file().map(statement, params, each),
      run: async (statement, params) => file().run(statement, params),
      many: async (statement, rows) => file().many(statement, rows),
    }).finally(() => {
      isOver = true;
    });
  }

  async #transaction<T>(kind: 'read' | 'write', work: () => Promise<T>): Promise<T> {
    const ended = this.#meter?.transaction(kind);
    try {
      this.#file.exec(kind === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
      const result = await work();
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
