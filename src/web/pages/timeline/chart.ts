import { type Html, html } from '../../../lib/html.ts';
import type { Tick } from './calendar.ts';
import type { Lane, Mark } from './lanes.ts';

const COLUMNS_WIDTH = 864;
/** With room for the text of a line at the very end. */
const WIDTH = COLUMNS_WIDTH + 36;
const HEAD = 28;
const ROW = 34;

export interface ChartParts {
  /** Says in words what the chart shows. */
  readonly label: string;
  readonly columns: number;
  readonly ticks: readonly Tick[];
  readonly lanes: readonly Lane[];
  laneName(lane: Lane): string;
  markName(lane: Lane, mark: Mark): string;
  markHref(lane: Lane, mark: Mark): string | null;
}

/** Rows of marks over a scale of time, which scrolls beside their names. What may lose data has another shape besides another colour. */
export function chart({ label, columns, ticks, lanes, laneName, markName, markHref }: ChartParts): Html {
  const height = HEAD + lanes.length * ROW;
  const step = COLUMNS_WIDTH / columns;
  const x = (column: number): number => round(column * step);
  const middle = (row: number): number => HEAD + row * ROW + ROW / 2;
  const lines = ticks.map(
    ({
      column,
      text,
      strong,
    }) => html`<line class="${strong ? 'day' : 'tick'}" x1="${x(column)}" x2="${x(column)}" y1="${HEAD - 8}" y2="${height}"/>
<text class="${strong ? 'day' : 'tick'}" x="${x(column) + 4}" y="${HEAD - 12}">${text}</text>
`,
  );
  const rows = lanes.map((lane, row) => {
    const marks = lane.marks.map((mark) => {
      const shape = shapeOf(mark, x(mark.column) + step / 2, middle(row), markName(lane, mark));
      const href = markHref(lane, mark);
      return href === null ? shape : html`<a href="${href}" tabindex="-1">${shape}</a>`;
    });
    return html`<line class="row" x1="0" x2="${WIDTH}" y1="${HEAD + row * ROW}" y2="${HEAD + row * ROW}"/>
${marks}
`;
  });
  const names = lanes.map((lane) => html`<li class="lane-name"><bdi>${laneName(lane)}</bdi></li>`);
  // For eyes and a mouse; the table below it has the same for everyone else.
  return html`<div class="chart"><ul aria-hidden="true">${names}</ul><div tabindex="0" role="group" aria-label="${label}"><svg width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" aria-hidden="true">
${lines}${rows}</svg></div></div>
`;
}

function shapeOf({ tasks, dataLoss }: Mark, x: number, y: number, name: string): Html {
  const size = Math.min(13, 6 + 2.2 * Math.log2(tasks));
  const text =
    tasks > 1 ? html`<text class="count" x="${round(x)}" y="${y + 4}">${tasks > 99 ? '99+' : tasks}</text>` : null;
  const shape =
    dataLoss > 0
      ? html`<path class="mark risk" d="M${round(x)} ${round(y - size - 2)}l${round(size + 2)} ${round(size + 2)}l${-round(size + 2)} ${round(size + 2)}l${-round(size + 2)} ${-round(size + 2)}z"/>`
      : html`<circle class="mark" cx="${round(x)}" cy="${y}" r="${round(size)}"/>`;
  return html`<g><title>${name}</title>${shape}${text}</g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
