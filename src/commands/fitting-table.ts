import type { EpochMs } from '../lib/clock.ts';
import { type TableColumn, tableWidth, textTable } from '../lib/text-table.ts';
import type { Speaker } from '../messages/speak.ts';
import { withReasons } from './with-reasons.ts';

interface Layout {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
  /** What stands on lines of its own below each row. */
  readonly below: readonly (string | null)[];
}

/** The wide layout where the terminal has room for all of it, else the narrow one, which is given short times: their zone stands once at the end. */
export function fittingTable(
  wide: Layout,
  narrow: (time: Speaker['time']) => Layout,
  speaker: Speaker,
  width: number,
): readonly string[] {
  const linesOf = ({ columns, rows, below }: Layout) => withReasons(textTable(columns, rows, width), below, width);
  if (tableWidth(wide.columns, wide.rows) <= width) return linesOf(wide);
  return [...linesOf(narrow(shortTimeOf(speaker))), '', speaker.words.frame.zone(speaker.timezone)];
}

/** `2026-11-25 03:25` in the speaker's zone. */
function shortTimeOf({ timezone }: Speaker): (at: EpochMs) => string {
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: timezone });
  return (at) => format.format(at);
}
