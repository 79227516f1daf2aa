import type { StoreError } from './store-error.ts';

/** What a column holds. Moments and counts are numbers, flags 0 or 1, structures JSON text. */
export type SqlValue = string | number | null;

/** One row by column name; it has no prototype. */
export type Row = Readonly<Record<string, SqlValue>>;

/**
 * The engine's port: statements in the SQL that SQLite and PostgreSQL both speak, with `$1`-style placeholders. They are done in the order in which they are
 * asked for; those that are not awaited one by one make one journey to a server.
 * An engine's own trouble (disk full, locked, damaged) rejects with a `StoreError`; a wrong statement is a bug and rejects with the engine's error.
 */
export interface Sql {
  all(statement: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** What `each` makes of every row, read one at a time: a row itself is not kept, so that many large ones fit into memory. */
  map<T>(statement: string, params: readonly SqlValue[], each: (row: Row) => T): Promise<T[]>;
  /** Resolves to the number of rows written. */
  run(statement: string, params?: readonly SqlValue[]): Promise<number>;
  /** The same statement for each row of parameters. */
  many(statement: string, rows: readonly (readonly SqlValue[])[]): Promise<void>;
}

/** How long a server may take for a statement before it is given up. */
export type Patience = 'usual' | 'long';

/** What must hold for a transaction, by reading alone; rejects where it does not. It may be asked for along with the beginning. */
export type Condition = (sql: Sql) => Promise<void>;

/** Transactions on one store. They never interleave within a connection: what a transaction reads stays true until it ends. */
export interface Database {
  readonly engine: 'sqlite' | 'postgres';
  /** A consistent snapshot that writes nothing. */
  read<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * All of it, durably, once the promise resolves; nothing of it when the work rejects. `patience`: `long` for what may take minutes, as a migration may.
   * The work begins once the condition holds, in the same transaction.
   */
  write<T>(work: (sql: Sql) => Promise<T>, patience?: Patience, condition?: Condition): Promise<T>;
  close(): Promise<void>;
}

/** Hears of every transaction that writes: null where it succeeded, else what a person must do something about. */
export type OnWrite = (failure: StoreError | null) => void;
