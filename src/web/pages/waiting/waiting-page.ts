import { type Html, html } from '../../../lib/html.ts';
import { nothingWaits, readingWords } from '../../../messages/nothing-waits.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { counting } from '../../pieces.ts';
import { filterForm } from './filter-form.ts';
import { pathOf, stateOf } from './query.ts';
import { firstTask, taskItem } from './task-item.ts';
import type { Lane, WaitingView } from './waiting-view.ts';
import { WAITING_WORDS } from './words.ts';

const NAMED_MAX = 20;

export function waitingTitle({ query }: Pick<WaitingView, 'query'>, speaker: Speaker): string {
  const words = WAITING_WORDS[speaker.language];
  return words.titles[stateOf(query.status)];
}

/** The main part of `/`. */
export function waitingPage(view: WaitingView, speaker: Speaker): Html {
  const { query, facets, first, lanes, narrowed } = view;
  return html`<div class="head"><h1>${waitingTitle(view, speaker)}</h1>${figures(view, speaker)}</div>
${unknownAccounts(view, speaker)}${filterForm(query, facets, narrowed, speaker)}
${query.after === '' ? null : html`<p class="next"><a href="${pathOf({ ...query, after: '' })}">← ${WAITING_WORDS[speaker.language].toStart}</a></p>`}
${first === null ? null : firstTask(first, speaker)}${sooner(view, speaker)}
${view.found === 0 ? nothing(view, speaker) : null}
${lanes.map((each) => lane(each, speaker))}
${more(view, speaker)}${readings(view, speaker)}`;
}

/** Counted without the text, which only a reading of every task could count. */
function figures({ query, facets, now }: WaitingView, speaker: Speaker): Html | null {
  const words = WAITING_WORDS[speaker.language].figures;
  if (query.text !== '' || facets.tasks === null || facets.tasks === 0) return null;
  const deadlines = [facets.nearest.dataLoss, facets.nearest.other].filter((at) => at !== null);
  const next = deadlines.length === 0 ? null : Math.min(...deadlines);
  const figure = (label: string, value: Html | number, look = ''): Html =>
    html`<div${look === '' ? null : html` class="${look}"`}><dt>${label}</dt><dd>${value}</dd></div>`;
  return html`<dl class="figures">${figure(query.status === '' ? words.waiting : words.tasks(facets.tasks), facets.tasks)}${
    facets.dataLoss > 0 && stateOf(query.status) !== 'closed' ? figure(words.dataLoss, facets.dataLoss, 'risk') : null
  }${next === null || next < now ? null : figure(words.next, counting(next, 'left', speaker.duration(next - now)), 'next-start')}</dl>`;
}

/** Never silent about an account that was not read: what is missing from the list is what nobody would look for. */
function unknownAccounts({ readings, now }: WaitingView, speaker: Speaker): Html | null {
  const words = WAITING_WORDS[speaker.language];
  const unknown = readings.filter(({ known }) => !known);
  if (unknown.length === 0) return null;
  const lines = unknown.slice(0, NAMED_MAX).map((reading) => {
    const why = reading.blocked ? ` ${words.blocked(speaker.outside(reading.account))}` : '';
    return html`<li>${readingWords(reading, now, speaker)}${words.stop}${why}</li>`;
  });
  return html`<div class="notice warn" role="status"><p><strong>${words.unknown(unknown.length)}</strong></p>
<ul>${lines}${unknown.length > NAMED_MAX ? html`<li>+${unknown.length - NAMED_MAX}</li>` : null}</ul>
<p><a href="/health">${words.health}</a></p></div>
`;
}

function sooner({ sooner: task, now }: WaitingView, speaker: Speaker): Html | null {
  const words = WAITING_WORDS[speaker.language];
  const { at, left, says } = task?.timeLeft ?? { at: null, left: '', says: '' };
  if (task === null || at === null) return null;
  const name = html`<a href="#${task.anchor}">${task.name}</a>`;
  if (at <= now) return html`<p class="notice">${words.overdue} ${name} ${says}</p>\n`;
  return html`<p class="notice">${words.sooner} ${name}${words.pause}<strong>${counting(at, 'left', left)}</strong> ${says}</p>
`;
}

function lane({ name, tasks, count, beside }: Lane, speaker: Speaker): Html {
  const words = WAITING_WORDS[speaker.language].lanes[name];
  const look = name.replace('-', ' ');
  return html`<section class="lane ${look}" aria-labelledby="lane-${name}">
<h2 id="lane-${name}">${count === null ? words.heading : words.counted(count, beside)}</h2>
${words.says === null ? null : html`<p class="sub">${words.says}</p>\n`}<ol class="tasks">
${tasks.map((task) => taskItem(task, name === 'closed', speaker))}</ol>
</section>
`;
}

function nothing({ next, narrowed, readings }: WaitingView, speaker: Speaker): Html {
  const words = WAITING_WORDS[speaker.language];
  if (next !== null) return html`<div class="card empty"><p>${words.nothingSoFar}</p></div>`;
  if (narrowed)
    return html`<div class="card empty"><p>${words.nothingPasses}</p><p><a href="/">${words.clear}</a></p></div>`;
  const allKnown = readings.length > 0 && readings.every(({ known }) => known);
  return html`<div class="card empty">${allKnown ? html`${CHECK}<h2>${words.nothing}</h2>` : null}<p>${nothingWaits(readings, speaker)}</p></div>`;
}

const CHECK = html`<svg width="40" height="40" viewBox="0 0 40 40" fill="none" stroke="currentColor" stroke-width="3" aria-hidden="true"><circle cx="20" cy="20" r="17"/><path d="m12.5 20.5 5 5 10-11" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

function more({ query, next, found }: WaitingView, speaker: Speaker): Html | null {
  if (next === null) return null;
  const words = WAITING_WORDS[speaker.language];
  const label = found === 0 ? words.searchOn : words.more;
  return html`<p class="next"><a class="button" rel="next" href="${pathOf({ ...query, after: next })}">${label} →</a></p>
`;
}

/** When each account was read; folded away where there is nothing to worry about. */
function readings({ readings: all, now }: WaitingView, speaker: Speaker): Html | null {
  const known = all.filter((reading) => reading.known);
  if (known.length === 0) return null;
  const lines = known.map((reading) => html`<li>${readingWords(reading, now, speaker)}</li>`);
  const [only] = known;
  if (only !== undefined && known.length === 1)
    return html`<p class="readings">${readingWords(only, now, speaker)}</p>`;
  return html`<details class="readings" id="readings"><summary>${
    known.length === all.length
      ? WAITING_WORDS[speaker.language].accounts(known.length)
      : speaker.words.digest.headingAccounts(known.length)
  }</summary><ul>${lines}</ul></details>`;
}
