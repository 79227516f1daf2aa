import type { SqlValue } from './sql.ts';

/** The longest list of one statement; longer ones are asked in pieces. */
export const IN_LIST_MAX = 128;

/** Powers of two, and a full page. */
const LENGTHS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 100, IN_LIST_MAX];

/**
 * `IN ($3, $4, …)` for 1 to `IN_LIST_MAX` values whose first placeholder is `first`.
 * Padded with its last value to one of `LENGTHS`, so that an engine caches nine statements and not a hundred.
 */
export function inList(first: number, values: readonly SqlValue[]): { list: string; params: SqlValue[] } {
  const last = values.at(-1);
  if (last === undefined || values.length > IN_LIST_MAX) throw new RangeError(`A list of ${values.length} values.`);
  const params = [...values];
  while (!LENGTHS.includes(params.length)) params.push(last);
  return { list: `IN (${params.map((_, index) => `$${first + index}`).join(', ')})`, params };
}

export function pieces<T>(values: readonly T[], size = IN_LIST_MAX): readonly (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let at = 0; at < values.length; at += size) result.push(values.slice(at, at + size));
  return result;
}
