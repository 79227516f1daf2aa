/**
 * Spreadsheets take a cell that begins with one of these for a formula, East Asian ones the wide forms, too; a tab or CR hides one. Where lists are
 * separated by semicolons, or a table is pasted, a cell ends at a semicolon or a tab.
 */
const FORMULA_START = /(^|[;\t] *)(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n])/g;
const NEEDS_QUOTES = /[",\r\n]/;
const BOM = '\uFEFF';

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  const inert = text.replace(FORMULA_START, "$1'");
  return NEEDS_QUOTES.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

type CsvRow = readonly (string | number | null)[];

/** RFC 4180 text with a byte order mark, which spreadsheets need to read UTF-8; no cell can be taken for a formula. */
export function csv(rows: readonly CsvRow[]): string {
  return BOM + rows.map(csvLine).join('');
}

/** One line of it, for what is written line by line: the mark belongs before the first. */
export function csvLine(row: CsvRow): string {
  return `${row.map(cell).join(',')}\r\n`;
}
