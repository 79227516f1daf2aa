import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Row, SqlValue } from './sql.ts';
import { sqliteTrouble } from './sqlite-trouble.ts';

/** One connection to an SQLite file, synchronous, its statements prepared once. The only place that knows node:sqlite. */
export class SqliteFile {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, options: { readonly readOnly: boolean; readonly timeoutMs: number }) {
    this.#path = path;
    this.#db = this.#guard(() => new DatabaseSync(path, { readOnly: options.readOnly, timeout: options.timeoutMs }));
  }

  /** Statements without parameters or rows, separated by `;`. */
  exec(script: string): void {
    this.#guard(() => this.#db.exec(script));
  }

  all(statement: string, params: readonly SqlValue[] = []): readonly Row[] {
    // The cast holds because the schema has integer and text columns only, and its integers are below 2^53.
    return this.#guard(() => this.#prepared(statement).all(...params)) as readonly Row[];
  }

  map<T>(statement: string, params: readonly SqlValue[], each: (row: Row) => T): T[] {
    return this.#guard(() => {
      const made: T[] = [];
      // The cast holds for the same reason as that of `all`.
      for (const row of this.#prepared(statement).iterate(...params)) made.push(each(row as Row));
      return made;
    });
  }

  run(statement: string, params: readonly SqlValue[] = []): number {
    return this.#guard(() => Number(this.#prepared(statement).run(...params).changes));
  }

  many(statement: string, rows: readonly (readonly SqlValue[])[]): void {
    this.#guard(() => {
      const prepared = this.#prepared(statement);
      for (const row of rows) prepared.run(...row);
    });
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#guard(() => this.#db.close());
  }

  #prepared(statement: string): StatementSync {
    let prepared = this.#statements.get(statement);
    if (prepared === undefined) {
      prepared = this.#db.prepare(statement.replace(/\$(\d+)/g, '?$1'));
      this.#statements.set(statement, prepared);
    }
    return prepared;
  }

  #guard<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw sqliteTrouble(this.#path, error);
    }
  }
}

/** Copies an SQLite file as it is at this moment, pages that are still in its log included; it may be in use. */
export async function copySqliteFile(path: string, toPath: string): Promise<void> {
  let source: DatabaseSync | null = null;
  try {
    source = new DatabaseSync(path, { readOnly: true, timeout: COPY_TIMEOUT_MS });
    // In one step: what is written between two would have it begin anew, and beside a busy service never end.
    await backup(source, toPath, { rate: ALL_PAGES });
  } catch (error) {
    throw sqliteTrouble(path, error);
  } finally {
    source?.close();
  }
}

const COPY_TIMEOUT_MS = 5000;
const ALL_PAGES = 2 ** 31 - 1;
