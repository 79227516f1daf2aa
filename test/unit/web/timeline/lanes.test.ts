import { describe, expect, it } from 'vitest';
import { type Happening, lanesOf, MOST_LANES } from '../../../../src/web/pages/timeline/lanes.ts';

const at = (lane: string, column: number, dataLoss = false): Happening => ({
  lane,
  column,
  tasks: 1,
  dataLoss,
  authorized: false,
  href: `/${lane}/${column}`,
  says: () => `${lane} ${column}`,
});

describe('the rows of the timeline', () => {
  it('begin with the one whose first mark is earliest', () => {
    const lanes = lanesOf([at('late', 9), at('soon', 5), at('soon', 1), at('also', 1)]);
    expect(lanes.map(({ name }) => name)).toEqual(['also', 'soon', 'late']);
  });

  it('gather what is in one column into one mark; one that is alone leads to its task', () => {
    expect(lanesOf([at('a', 3), at('a', 3, true), at('a', 7)])).toEqual([
      {
        name: 'a',
        lanes: 1,
        marks: [
          { column: 3, tasks: 2, dataLoss: 1, authorized: 0, href: null, says: null },
          { column: 7, tasks: 1, dataLoss: 0, authorized: 0, href: '/a/7', says: 'a 7' },
        ],
      },
    ]);
  });

  it('show what is overdue in the first column', () => {
    expect(lanesOf([at('a', -40), at('a', 0)])[0]?.marks).toEqual([
      { column: 0, tasks: 2, dataLoss: 0, authorized: 0, href: null, says: null },
    ]);
  });

  it('share one row beyond the most, with every task in it', () => {
    const many = Array.from({ length: MOST_LANES + 3 }, (_, i) => at(`a${i}`, i));
    const lanes = lanesOf(many);
    expect(lanes).toHaveLength(MOST_LANES);
    expect(lanes.at(-1)).toMatchObject({ name: null, lanes: 4 });
    expect(lanes.flatMap(({ marks }) => marks).reduce((sum, { tasks }) => sum + tasks, 0)).toBe(many.length);
    expect(lanesOf(many.slice(0, MOST_LANES)).every(({ name }) => name !== null)).toBe(true);
  });

  it('are none where nothing happens', () => {
    expect(lanesOf([])).toEqual([]);
  });
});
