import { describe, expect, it } from 'vitest';
import { expandValues } from '../../../src/store/expand-values.ts';

describe('many rows in one statement', () => {
  it('repeats the values with fresh numbers, and leaves the rest as it is', () => {
    const insert = 'INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO UPDATE SET b = excluded.b';
    expect(
      expandValues(insert, [
        ['x', 1],
        ['y', 2],
      ]),
    ).toEqual([
      {
        statement: 'INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4) ON CONFLICT (a) DO UPDATE SET b = excluded.b',
        params: ['x', 1, 'y', 2],
      },
    ]);
  });

  it('keeps a parameter that is used twice, and a constant among them', () => {
    expect(
      expandValues('INSERT INTO t VALUES ($2, 0, $1, $1)', [
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([{ statement: 'INSERT INTO t VALUES ($2, 0, $1, $1), ($4, 0, $3, $3)', params: [1, 2, 3, 4] }]);
  });

  it('stays below the most parameters that a statement may have', () => {
    const rows = Array.from({ length: 9_000 }, (_, i) => [i, null]);
    const parts = expandValues('INSERT INTO t VALUES ($1, $2)', rows);
    expect(parts.map(({ params }) => params.length)).toEqual([8_000, 8_000, 2_000]);
    expect(parts.flatMap(({ params }) => params)).toEqual(rows.flat());
  });

  it.each([
    'UPDATE t SET a = $1 WHERE b = $2',
    'INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $2',
    'INSERT INTO t (a) VALUES (lower($1))',
    'INSERT INTO t (a) SELECT $1',
  ])('goes row by row where that would not be the same: %s', (statement) => {
    const rows = [
      ['x', 1],
      ['y', 2],
    ];
    expect(expandValues(statement, rows)).toEqual(rows.map((params) => ({ statement, params })));
  });

  it('does nothing for no rows', () => {
    expect(expandValues('INSERT INTO t VALUES ($1)', [])).toEqual([]);
  });
});
