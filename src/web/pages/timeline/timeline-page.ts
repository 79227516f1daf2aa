import { type EpochMs, HOUR_MS } from '../../../lib/clock.ts';
import { type Html, html } from '../../../lib/html.ts';
import { taskPagePath } from '../../../messages/page-link.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { instanceName, placeName } from '../../../messages/task-row.ts';
import { deadlineOf } from '../../../model/deadline.ts';
import { mayLoseData } from '../../../model/task.ts';
import type { StartedRepair, StoredTask } from '../../../store/store.ts';
import { counting } from '../../pieces.ts';

import { type Calendar, calendarOf, hourTicks, lastDays } from './calendar.ts';
import { chart } from './chart.ts';
import { type Happening, type Lane, lanesOf } from './lanes.ts';
import { TIMELINE_WORDS } from './words.ts';

export type LaneBy = 'account' | 'zone';

export interface TimelineFacts {
  readonly now: EpochMs;
  readonly by: LaneBy;
  /** At most `shownMax`, the earliest first. */
  readonly starting: readonly StoredTask[];
  /** At most `shownMax`, the newest first. */
  readonly started: readonly StartedRepair[];
  readonly shownMax: number;
  /** The calendar's path, with the key that opens it. */
  readonly feed: string;
}

export const NEXT_HOURS = 72;
export const PAST_DAYS = 30;
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
<div class="stack">${next(facts, calendar, speaker)}${past(facts, calendar, speaker)}</div>
<p class="sub"><a href="${facts.feed}">${words.subscribe}</a></p>`;
}

function next({ now, by, starting, shownMax }: TimelineFacts, calendar: Calendar, speaker: Speaker): Html {
  const words = TIMELINE_WORDS[speaker.language];
  const from = Math.floor(now / HOUR_MS) * HOUR_MS;
  const happenings = starting.map(
    (stored): Happening => ({
      lane: by === 'account' ? stored.account : (stored.task.zone ?? ''),
      column: Math.floor(((deadlineOf(stored.task).at ?? now) - from) / HOUR_MS),
      dataLoss: mayLoseData(stored.task),
      href: `/${taskPagePath(stored.account, stored.task.taskId)}`,
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
          markName: (lane, { column, tasks, dataLoss }) =>
            words.mark(nameOf(lane, speaker), hourName(from + column * HOUR_MS, now, speaker), tasks, dataLoss),
          markHref: (lane, { href }) => href ?? listPath(lane, by),
        })}${startingTable(starting, now, speaker)}${starting.length >= shownMax ? html`<p class="sub">${words.cut(shownMax)}</p>` : null}`;
  return html`<section class="card" aria-labelledby="next"><h2 id="next">${words.next}</h2>
${body}</section>
`;
}

function hourName(at: EpochMs, now: EpochMs, speaker: Speaker): string {
  return at < now - HOUR_MS ? TIMELINE_WORDS[speaker.language].overdue : speaker.time(at);
}

function startingTable(starting: readonly StoredTask[], now: EpochMs, speaker: Speaker): Html {
  const { columns, asTable } = TIMELINE_WORDS[speaker.language];
  const rows = starting.slice(0, TABLE_ROWS).map(({ account, task }) => {
    const { at } = deadlineOf(task);
    const tag = mayLoseData(task) ? html` <span class="tag risk">${speaker.words.lists.tag}</span>` : null;
    return html`<tr><td>${at === null ? null : speaker.time(at)}</td><td>${at === null ? null : counting(at, 'relative', speaker.relative(at, now))}</td>
<td><a href="/${taskPagePath(account, task.taskId)}">${instanceName(task, speaker)}</a>${tag}</td><td>${speaker.outside(account)}</td><td>${speaker.typeName(task)}</td><td>${placeName(task, speaker)}</td></tr>
`;
  });
  return html`<details id="next-table"><summary>${asTable}</summary><div class="table-wrap" tabindex="0" role="group" aria-label="${asTable}"><table>
<thead><tr><th scope="col">${columns.starts}</th><th scope="col">${columns.left}</th><th scope="col">${columns.instance}</th><th scope="col">${columns.account}</th><th scope="col">${columns.type}</th><th scope="col">${columns.place}</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

function past({ now, by, started, shownMax }: TimelineFacts, calendar: Calendar, speaker: Speaker): Html {
  const words = TIMELINE_WORDS[speaker.language];
  const days = lastDays(now, PAST_DAYS, calendar);
  const columnOf = new Map(days.map((day, column) => [day, column]));
  const happenings = started.flatMap((repair): Happening[] => {
    const column = columnOf.get(calendar.day(repair.at));
    if (column === undefined) return [];
    const lane = by === 'account' ? repair.account : (repair.zone ?? '');
    return [{ lane, column, dataLoss: repair.dataLoss, href: `/${taskPagePath(repair.account, repair.taskId)}` }];
  });
  const lanes = lanesOf(happenings);
  const ticks = days.flatMap((day, column) =>
    column % 7 === 1 ? [{ column, text: day.slice(5), strong: false }] : [],
  );
  const body =
    happenings.length === 0
      ? html`<p>${words.pastNothing}</p>`
      : html`${legend(speaker)}${chart({
          label: words.chart(happenings.length, lanes.length),
          columns: PAST_DAYS,
          ticks,
          lanes,
          laneName: (lane) => nameOf(lane, speaker),
          markName: (lane, { column, tasks, dataLoss }) =>
            words.mark(nameOf(lane, speaker), days[column] ?? '', tasks, dataLoss),
          markHref: (_, { href }) => href,
        })}${pastTable(happenings, days, speaker)}${started.length >= shownMax ? html`<p class="sub">${words.cut(shownMax)}</p>` : null}`;
  return html`<section class="card" aria-labelledby="past"><h2 id="past">${words.past}</h2>
${body}</section>
`;
}

function pastTable(happenings: readonly Happening[], days: readonly string[], speaker: Speaker): Html {
  const { columns, asTable } = TIMELINE_WORDS[speaker.language];
  const rows = days.map((day, column) => {
    const here = happenings.filter((happening) => happening.column === column);
    if (here.length === 0) return null;
    const risky = here.filter(({ dataLoss }) => dataLoss).length;
    return html`<tr><th scope="row">${day}</th><td class="num">${here.length}</td><td class="num">${risky}</td></tr>
`;
  });
  return html`<details id="past-table"><summary>${asTable}</summary><div class="table-wrap" tabindex="0" role="group" aria-label="${asTable}"><table>
<thead><tr><th scope="col">${columns.day}</th><th scope="col" class="num">${columns.started}</th><th scope="col" class="num">${columns.dataLoss}</th></tr></thead>
<tbody>${rows.toReversed()}</tbody></table></div></details>`;
}

function legend(speaker: Speaker): Html {
  const { legend: says } = TIMELINE_WORDS[speaker.language];
  return html`<ul class="legend"><li><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><circle class="mark" cx="8" cy="8" r="6"/></svg> ${says.safe}</li>
<li><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path class="mark risk" d="M8 0l8 8l-8 8l-8 -8z"/></svg> ${says.dataLoss}</li></ul>
`;
}

function nameOf({ name, lanes }: Lane, speaker: Speaker): string {
  const words = TIMELINE_WORDS[speaker.language];
  if (name === null) return words.others(lanes);
  return speaker.outside(name) || words.noZone;
}

/** Several tasks of one mark: the list of their lane. */
function listPath({ name }: Lane, by: LaneBy): string | null {
  return name === null || name === '' ? null : `/?${new URLSearchParams({ [by]: name })}`;
}
