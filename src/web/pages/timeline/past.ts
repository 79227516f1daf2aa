import { type Html, html } from '../../../lib/html.ts';
import { taskPagePath } from '../../../messages/page-link.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { StartedRepairs } from '../../../store/store.ts';
import { chart } from './chart.ts';
import { type LaneBy, legend, listPath, nameOf } from './lane-words.ts';
import { type Happening, lanesOf, tasksOf } from './lanes.ts';
import { TIMELINE_WORDS } from './words.ts';

/** A day of the reader's zone, and the repairs that began in it. */
export interface DayOfRepairs {
  readonly name: string;
  readonly repairs: readonly StartedRepairs[];
}

/** The repairs that began in the last days, seen by us or said by the API, as marks and as a table. */
export function past(
  { by, days }: { readonly by: LaneBy; readonly days: readonly DayOfRepairs[] },
  speaker: Speaker,
): Html {
  const words = TIMELINE_WORDS[speaker.language];
  const happenings = days.flatMap(({ repairs }, column) => repairs.map((repair) => happeningOf(repair, column, by)));
  const lanes = lanesOf(happenings);
  const ticks = days.flatMap(({ name }, column) =>
    column % 7 === 1 ? [{ column, text: name.slice(5), strong: false }] : [],
  );
  const body =
    happenings.length === 0
      ? html`<p>${words.pastNothing}</p>`
      : html`${legend(speaker)}${chart({
          label: words.chart(tasksOf(happenings), lanes.length),
          columns: days.length,
          ticks,
          lanes,
          laneName: (lane) => nameOf(lane, speaker),
          markName: (lane, { column, tasks, dataLoss, authorized }) =>
            `${words.mark(nameOf(lane, speaker), days[column]?.name ?? '', tasks, dataLoss)} · ${words.begun(tasks - authorized, authorized)}`,
          markHref: (lane, { href }) => href ?? listPath(lane, by, 'closed'),
        })}<p class="sub">${words.pastSays}</p>${pastTable(happenings, days, speaker)}`;
  return html`<section class="card" aria-labelledby="past"><h2 id="past">${words.past}</h2>
${body}</section>
`;
}

function happeningOf(
  { account, zone, dataLoss, seen, tasks, taskId }: StartedRepairs,
  column: number,
  by: LaneBy,
): Happening {
  const lane = by === 'account' ? account : (zone ?? '');
  return { lane, column, tasks, dataLoss, authorized: !seen, href: `/${taskPagePath(account, taskId)}`, says: null };
}

function pastTable(happenings: readonly Happening[], days: readonly DayOfRepairs[], speaker: Speaker): Html {
  const { columns, asTable } = TIMELINE_WORDS[speaker.language];
  const rows = days.map(({ name }, column) => {
    const here = happenings.filter((happening) => happening.column === column);
    if (here.length === 0) return null;
    const counts = [
      here,
      here.filter(({ authorized }) => !authorized),
      here.filter(({ authorized }) => authorized),
      here.filter(({ dataLoss }) => dataLoss),
    ];
    return html`<tr><th scope="row">${name}</th>${counts.map((some) => html`<td class="num">${tasksOf(some)}</td>`)}</tr>
`;
  });
  const heads = [columns.started, columns.seen, columns.authorized, columns.dataLoss];
  return html`<details id="past-table"><summary>${asTable}</summary><div class="table-wrap" tabindex="0" role="group" aria-label="${asTable}"><table>
<thead><tr><th scope="col">${columns.day}</th>${heads.map((head) => html`<th scope="col" class="num">${head}</th>`)}</tr></thead>
<tbody>${rows.toReversed()}</tbody></table></div></details>`;
}
