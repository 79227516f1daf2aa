import { cutToWidth, displayWidth, padToWidth } from './text-width.ts';

export interface TableColumn {
  readonly heading: string;
  /** True: cut where the whole would be too wide. */
  readonly shrinks?: boolean;
}

const GAP = '  ';
const NARROWEST = 8;

/** Aligned lines, the headings first; cells must be clean single lines. Wider than `width` only where the columns that may not shrink are. */
export function textTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const all = [columns.map(({ heading }) => heading), ...rows];
  const widths = fittedWidths(columns, all, width);
  return all.map((cells) =>
    widths
      .map((columnWidth, i) => padToWidth(cutToWidth(cells[i] ?? '', columnWidth), columnWidth))
      .join(GAP)
      .trimEnd(),
  );
}

/** How wide the table is when nothing is cut. */
export function tableWidth(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): number {
  return total(naturalWidths([columns.map(({ heading }) => heading), ...rows], columns.length));
}

/** Takes from the widest column that may shrink until the line fits. */
function fittedWidths(
  columns: readonly TableColumn[],
  all: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = naturalWidths(all, columns.length);
  for (let excess = total(widths) - width; excess > 0; excess -= 1) {
    const widest = columns.reduce((best, { shrinks = false }, i) => {
      const own = widths[i] ?? 0;
      return shrinks && own > NARROWEST && own > (widths[best] ?? 0) ? i : best;
    }, -1);
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function naturalWidths(all: readonly (readonly string[])[], columns: number): number[] {
  const widths = Array.from({ length: columns }, () => 0);
  for (const cells of all) {
    for (const [i, cell] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, own) => sum + own, 0) + GAP.length * Math.max(0, widths.length - 1);
}
