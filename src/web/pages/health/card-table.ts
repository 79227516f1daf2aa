import { type Html, html } from '../../../lib/html.ts';

/** A card with a table that is named by its heading; the first cell names its row. On a narrow screen each row becomes a list of its cells. */
export function cardTable(
  id: string,
  title: string,
  heads: readonly string[],
  rows: readonly (readonly (Html | string)[])[],
  after: Html | null = null,
): Html {
  const row = ([name = '', ...cells]: readonly (Html | string)[]): Html =>
    html`<tr><th scope="row">${name}</th>${cells.map((cell, i) => html`<td data-head="${heads[i + 1] ?? ''}">${cell}</td>`)}</tr>
`;
  return html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
<div class="table-wrap" tabindex="0" role="group" aria-labelledby="${id}"><table class="stacks"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map(row)}</tbody></table></div>
${after}</section>
`;
}
