/** One number: what, what design.md wants, what came out, and what the official SDK in a page loop comes to. */
export interface Result {
  readonly what: string;
  /** Empty where nothing was promised. */
  readonly goal: string;
  readonly ours: string;
  readonly official: string;
  /** null where nothing was promised. */
  readonly reached: boolean | null;
}

/** A result that must stay within a limit, in the unit that `shown` writes. */
export function atMost(
  what: string,
  limit: number,
  value: number,
  shown: (value: number) => string,
  official: number | string = '',
): Result {
  const theirs = typeof official === 'number' ? shown(official) : official;
  return { what, goal: `≤ ${shown(limit)}`, ours: shown(value), official: theirs, reached: value <= limit };
}

/** A result that must come to a limit at least. */
export function atLeast(
  what: string,
  limit: number,
  value: number,
  shown: (value: number) => string,
  official: number | string = '',
): Result {
  return { ...atMost(what, limit, value, shown, official), goal: `≥ ${shown(limit)}`, reached: value >= limit };
}

/** A number of ours to which nothing was promised. */
export function noted(what: string, ours: string): Result {
  return { what, goal: '', ours, official: '', reached: null };
}

/** The results as lines of a Markdown table, which is readable as it is. */
export function markdownOf(results: readonly Result[]): readonly string[] {
  const sign = (reached: boolean | null): string => (reached === null ? '' : reached ? '✓' : '✗');
  const rows = results.map(({ what, goal, ours, official, reached }) => [what, goal, ours, sign(reached), official]);
  return markdownTable(['what', 'goal', 'repairwatch', '', 'official SDK'], rows);
}

/** Cells as lines of a Markdown table, each column as wide as its widest cell. */
export function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0), 3));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

export const count = (value: number): string => String(value);
export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const mb = (value: number): string => `${Math.round(value)} MB`;
export const kb = (value: number): string => `${Math.round(value)} kB`;
export const perSecond = (value: number): string => `${value < 50 ? value.toFixed(1) : value.toFixed(0)}/s`;
