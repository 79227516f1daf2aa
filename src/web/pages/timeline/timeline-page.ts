import { type EpochMs, HOUR_MS } from '../../../lib/clock.ts';
import { type Html, html } from '../../../lib/html.ts';
import { taskPagePath } from '../../../messages/page-link.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { instanceName, placeName } from '../../../messages/task-row.ts';
import { deadlineOf } from '../../../model/deadline.ts';
import { mayLoseData } from '../../../model/task.ts';
import type { StoredTask } from '../../../store/store.ts';
import { counting } from '../../pieces.ts';

import { type Calendar, calendarOf, hourTicks } from './calendar.ts';
import { chart } from './chart.ts';
import { type LaneBy, legend, listPath, nameOf } from './lane-words.ts';
import { type Happening, lanesOf } from './lanes.ts';
import { type DayOfRepairs, past } from './past.ts';
import { TIMELINE_WORDS } from './words.ts';

export interface TimelineFacts {
  readonly now: EpochMs;
  readonly by: LaneBy;
  /** At most `shownMax`, the earliest first. */
  readonly starting: readonly StoredTask[];
  readonly shownMax: number;
  readonly days: readonly DayOfRepairs[];
  /** The calendar's path, with the key that opens it. */
  readonly feed: string;
}

export const NEXT_HOURS = 72;
const TABLE_ROWS = 200;

/** The main part of `/timeline`. */
export function timelinePage(facts: TimelineFacts, speaker: Speaker): Html {
  const words = TIMELINE_WORDS[speaker.language];
  const calendar = calendarOf(speaker.timezone);
  const choice = (by: LaneBy, name: string): Html =>
    by === facts.by
      ? html`<li><a href="/timeline?by=${by}" aria-current="true">${name}</a></li>`
      : html`<li><a href="/timeline?by=${by}">${name}</a></li>`;
  return html`<div class="head"><div><h1>${words.title}</h1><p class="sub">${words.intro}</p></div>
<div class="choice"><span class="label" id="by">${words.by}</span><ul aria-labelledby="by">${choice('account', words.byAccount)}${choice('zone', words.byZone)}</ul></div></div>
<div class="stack">${next(facts, calendar, speaker)}${past(facts, speaker)}</div>
<p class="sub"><a href="${facts.feed}">${words.subscribe}</a></p>`;
}

function next({ now, by, starting, shownMax }: TimelineFacts, calendar: Calendar, speaker: Speaker): Html {
  const words = TIMELINE_WORDS[speaker.language];
  const from = Math.floor(now / HOUR_MS) * HOUR_MS;
  const happenings = starting.map(
    (stored): Happening => ({
      lane: by === 'account' ? stored.account : (stored.task.zone ?? ''),
      column: Math.floor(((deadlineOf(stored.task).at ?? now) - from) / HOUR_MS),
      tasks: 1,
      dataLoss: mayLoseData(stored.task),
      authorized: false,
      href: `/${taskPagePath(stored.account, stored.task.taskId)}`,
      says: () => oneMark(stored, now, speaker),
    }),
  );
  const lanes = lanesOf(happenings);
  const body =
    starting.length === 0
      ? html`<p>${words.nextNothing}</p>`
      : html`${legend(speaker)}${chart({
          label: words.chart(starting.length, lanes.length),
          columns: NEXT_HOURS,
          ticks: hourTicks(from, NEXT_HOURS, calendar),
          lanes,
          laneName: (lane) => nameOf(lane, speaker),
          markName: (lane, { column, tasks, dataLoss, says }) =>
            says ?? words.mark(nameOf(lane, speaker), hourName(from + column * HOUR_MS, now, speaker), tasks, dataLoss),
          markHref: (lane, { href }) => href ?? listPath(lane, by, 'waiting'),
        })}${startingTable(starting, now, speaker)}${starting.length >= shownMax ? html`<p class="sub">${words.cut(shownMax)}</p>` : null}`;
  return html`<section class="card" aria-labelledby="next"><h2 id="next">${words.next}</h2>
${body}</section>
`;
}

function oneMark({ task }: StoredTask, now: EpochMs, speaker: Speaker): string {
  const words = TIMELINE_WORDS[speaker.language];
  const at = deadlineOf(task).at ?? now;
  return words.one(instanceName(task, speaker), at < now, speaker.time(at), mayLoseData(task));
}

function hourName(at: EpochMs, now: EpochMs, speaker: Speaker): string {
  return at < now - HOUR_MS ? TIMELINE_WORDS[speaker.language].overdue : speaker.time(at);
}

function startingTable(starting: readonly StoredTask[], now: EpochMs, speaker: Speaker): Html {
  const { columns, asTable } = TIMELINE_WORDS[speaker.language];
  const rows = starting.slice(0, TABLE_ROWS).map(({ account, task }) => {
    const { at } = deadlineOf(task);
    const tag = mayLoseData(task) ? html` <span class="tag risk">${speaker.words.lists.tag}</span>` : null;
    const cells: readonly (readonly [string, Html | string | null])[] = [
      [columns.starts, at === null ? null : speaker.time(at)],
      [columns.left, at === null ? null : counting(at, 'relative', speaker.relative(at, now))],
      [
        columns.instance,
        html`<a href="/${taskPagePath(account, task.taskId)}">${instanceName(task, speaker)}</a>${tag}`,
      ],
      [columns.account, speaker.outside(account)],
      [columns.type, speaker.typeName(task)],
      [columns.place, placeName(task, speaker)],
    ];
    return html`<tr>${cells.map(([head, cell]) => html`<td data-head="${head}">${cell}</td>`)}</tr>
`;
  });
  return html`<details id="next-table"><summary>${asTable}</summary><div class="table-wrap" tabindex="0" role="group" aria-label="${asTable}"><table class="stacks">
<thead><tr><th scope="col">${columns.starts}</th><th scope="col">${columns.left}</th><th scope="col">${columns.instance}</th><th scope="col">${columns.account}</th><th scope="col">${columns.type}</th><th scope="col">${columns.place}</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}
