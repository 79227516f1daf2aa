import type { SqlValue } from './sql.ts';

/** The longest list of one statement; longer ones are asked in pieces. */
export const IN_LIST_MAX = 128;

/**
 * `IN ($3, $4, …)` for 1 to `IN_LIST_MAX` values whose first placeholder is `first`.
 * Padded with its last value to a power of two, so that an engine caches eight statements and not a hundred.
 */
export function inList(first: number, values: readonly SqlValue[]): { list: string; params: SqlValue[] } {
  const last = values.at(-1);
  if (last === undefined || values.length > IN_LIST_MAX) throw new RangeError(`A list of ${values.length} values.`);
  const params = [...values];
  while ((params.length & (params.length - 1)) !== 0) params.push(last);
  return { list: `IN (${params.map((_, index) => `$${first + index}`).join(', ')})`, params };
}

export function pieces<T>(values: readonly T[], size = IN_LIST_MAX): readonly (readonly T[])[] {
  const result: (readonly T[])[] = [];
  for (let at = 0; at < values.length; at += size) result.push(values.slice(at, at + size));
  return result;
}
