import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableWidth, textTable } from '../../../src/lib/text-table.ts';
import { displayWidth } from '../../../src/lib/text-width.ts';

const COLUMNS = [{ heading: 'Id' }, { heading: 'Name', shrinks: true }, { heading: 'Why', shrinks: true }];

describe('a table of text', () => {
  it('aligns columns where Chinese characters take two', () => {
    expect(
      textTable(
        COLUMNS,
        [
          ['1', '订单', 'x'],
          ['22', 'shop', 'y'],
        ],
        80,
      ),
    ).toEqual(['Id  Name  Why', '1   订单  x', '22  shop  y']);
  });

  it('cuts the widest column that may shrink, and never one that may not', () => {
    const rows = [['rep-00000001', '名'.repeat(20), 'short']];
    expect(textTable(COLUMNS, rows, 40)[1]).toBe('rep-00000001  名名名名名名名名名…  short');
    expect(textTable(COLUMNS, rows, 10)[1]).toBe('rep-00000001  名名名…   short');
  });

  it('is as wide as it says, and no wider than it may be', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '维', '修', ' ', 'é'), maxLength: 30 });
    const row = fc.tuple(fc.constant('id'), cell, cell);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), fc.integer({ min: 24, max: 90 }), (rows, width) => {
        const natural = tableWidth(COLUMNS, rows);
        const widest = Math.max(...textTable(COLUMNS, rows, width).map(displayWidth));
        expect(widest).toBeLessThanOrEqual(Math.min(natural, width));
      }),
    );
  });
});
