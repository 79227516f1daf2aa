import type { SqlValue } from './sql.ts';

/** PostgreSQL takes at most 65,535 parameters; one statement's rows stay well below. */
const MOST_PARAMS = 8_000;

interface Part {
  readonly statement: string;
  readonly params: readonly SqlValue[];
}

/**
 * One INSERT of many rows instead of many of one, for an engine to which every statement is a journey: `VALUES ($1, $2)` is repeated with
 * fresh numbers. Any other statement goes row by row.
 */
export function expandValues(statement: string, rows: readonly (readonly SqlValue[])[]): readonly Part[] {
  const values = /\bVALUES\s*\(((?:\$\d+|[^()$])*)\)/i.exec(statement);
  const width = rows[0]?.length ?? 0;
  const [tuple, inner] = values ?? [];
  const rest = tuple === undefined ? '' : statement.replace(tuple, '');
  if (tuple === undefined || inner === undefined || width === 0 || /\$\d/.test(rest))
    return rows.map((params) => ({ statement, params }));
  const perPart = Math.max(1, Math.floor(MOST_PARAMS / width));
  const parts: Part[] = [];
  for (let at = 0; at < rows.length; at += perPart) {
    const piece = rows.slice(at, at + perPart);
    const tuples = piece.map((_, row) => `(${inner.replace(/\$(\d+)/g, (__, n) => `$${row * width + Number(n)}`)})`);
    parts.push({ statement: statement.replace(tuple, `VALUES ${tuples.join(', ')}`), params: piece.flat() });
  }
  return parts;
}
