import { backup, DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Row, SqlValue } from './sql.ts';
import { sqliteTrouble } from './sqlite-trouble.ts';

/** One connection to an SQLite file, synchronous, its statements prepared once. The only place that knows node:sqlite. */
export class SqliteFile {
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

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
    return this.#guard(() => {
      const { made, valuesOf } = this.#prepared(statement);
      return made.all(...valuesOf(params));
    }) as readonly Row[];
  }

  map<T>(statement: string, params: readonly SqlValue[], each: (row: Row) => T): T[] {
    return this.#guard(() => {
      const results: T[] = [];
      const { made, valuesOf } = this.#prepared(statement);
      // The cast holds for the same reason as that of `all`.
      for (const row of made.iterate(...valuesOf(params))) results.push(each(row as Row));
      return results;
    });
  }

  run(statement: string, params: readonly SqlValue[] = []): number {
    return this.#guard(() => {
      const { made, valuesOf } = this.#prepared(statement);
      return Number(made.run(...valuesOf(params)).changes);
    });
  }

  many(statement: string, rows: readonly (readonly SqlValue[])[]): void {
    this.#guard(() => {
      const { made, valuesOf } = this.#prepared(statement);
      for (const row of rows) made.run(...valuesOf(row));
    });
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#guard(() => this.#db.close());
  }

  #prepared(statement: string): Prepared {
    let prepared = this.#statements.get(statement);
    if (prepared === undefined) {
      prepared = prepare(this.#db, statement);
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

interface Prepared {
  readonly made: StatementSync;
  /** The parameters in the order in which the statement names them. */
  valuesOf(params: readonly SqlValue[]): readonly SqlValue[];
}

/** Its placeholders lose their numbers, since SQLite takes a number for a name, which Node looks up among all others for each value. */
function prepare(db: DatabaseSync, statement: string): Prepared {
  const places: number[] = [];
  const unnumbered = statement.replace(/\$(\d+)/g, (_, number) => {
    places.push(Number(number) - 1);
    return '?';
  });
  const inOrder = places.every((place, index) => place === index);
  return {
    made: db.prepare(unnumbered),
    valuesOf: inOrder ? (params) => params : (params) => places.map((place) => params[place] ?? null),
  };
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
