import type { Row } from './sql.ts';

/** Typed readers of a row's columns; a column of another kind is a bug and throws. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`Column ${column} holds ${typeof value}, not text.`);
  return value;
}

export function int(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`Column ${column} holds ${typeof value}, not a number.`);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function intOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : int(row, column);
}

export function flag(row: Row, column: string): boolean {
  return int(row, column) !== 0;
}

/** A structure that this program wrote as JSON from a value of that type. */
export function json<T>(row: Row, column: string): T {
  // The cast holds because each JSON column has one writer, which takes a T.
  return JSON.parse(text(row, column)) as T;
}

/** The single row of an aggregate or a RETURNING; its absence is a bug. */
export function only(rows: readonly Row[]): Row {
  const row = rows[0];
  if (row === undefined) throw new Error('The statement returned no row.');
  return row;
}
