import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { clockPiece, commandLine, commandWords, copyButton, whole } from '../../pieces.ts';
import type { TaskView } from '../../task-view.ts';
import { WAITING_WORDS } from './words.ts';

/** A task of a lane; lean, since a page has up to 200. `tagged`: says by itself that its repair may have lost data. */
export function taskItem(task: TaskView, tagged: boolean, speaker: Speaker): Html {
  const words = WAITING_WORDS[speaker.language];
  const { timeLeft } = task;
  return html`<li class="task" id="${task.anchor}" data-lines>
<div class="when ${timeLeft?.tone ?? 'none'}">${timeLeft === null ? html`<span class="left">${task.status}</span>${task.since === null ? null : html` <span class="sub">${task.since}</span>`}` : clockPiece(timeLeft)}</div>
<div>${nameLine(task, 'h3')}${tagged && task.dataLoss && task.begun ? html`<p><span class="tag">⚠ ${words.lostData}</span></p>` : null}
<p>${whatLine(task)}</p><p>${allowsLine(task, speaker)}</p>${heldLines(task)}</div>
${
  task.command === null
    ? html`<div class="do">${consoleLink(speaker, '')}</div>`
    : html`<div class="do">${copyButton(speaker)}${consoleLink(speaker, '')}</div>
<details><summary>${words.command}</summary>${commandLine(task.command)}</details>`
}
</li>
`;
}

/** The most urgent task, with its next step spelled out. */
export function firstTask(task: TaskView, speaker: Speaker): Html | null {
  const words = WAITING_WORDS[speaker.language];
  const { timeLeft } = task;
  if (timeLeft === null) return null;
  return html`<section class="first${task.dataLoss ? ' risk' : ''}" id="${task.anchor}" aria-label="${words.first}" data-lines>
<p class="label">${words.first}${task.dataLoss ? html` <span class="tag risk">⚠ ${words.dataLoss}</span>` : null}</p>
<div class="both">
<div>${nameLine(task, 'h2')}
<div class="when ${timeLeft.tone}">${clockPiece(timeLeft)}</div>
<p class="quiet-text">${whatLine(task)}</p>
<p class="quiet-text">${allowsLine(task, speaker)}</p>${heldLines(task)}</div>
<div class="step"><h3>${words.nextStep}</h3>
<p class="say">${stepWords(task, speaker)}</p>
<div class="buttons">${consoleLink(speaker, 'main')}${task.command === null ? null : copyButton(speaker)}<a class="button" href="${task.href}">${words.story}</a></div>
${task.command === null ? null : html`<div class="command"><p class="sub">${speaker.words.task.book}</p>${commandWords(task.command)}</div>`}
</div>
</div>
</section>
`;
}

function stepWords({ dataLoss, command }: TaskView, { language }: Speaker): string {
  const words = WAITING_WORDS[language];
  if (command === null) return dataLoss ? words.authorizeThereDataLoss : words.authorizeThere;
  return dataLoss ? words.authorizeDataLoss : words.authorize;
}

function nameLine({ name, instanceId, href }: TaskView, level: 'h2' | 'h3'): Html {
  const id = instanceId === null ? null : html` <code class="id">${instanceId}</code>`;
  return level === 'h2'
    ? html`<h2><a href="${href}"><bdi>${name}</bdi></a></h2>${id === null ? null : html`<p>${id}</p>`}`
    : html`<h3><a href="${href}"><bdi>${name}</bdi></a>${id}</h3>`;
}

function whatLine({ type, product, account, place, taskId }: TaskView): Html {
  const texts = [type, product, account].filter((text) => text !== null);
  return html`<bdi>${texts.join(' · ')}${place === null ? null : html` · ${whole(place)}`}</bdi> · <code class="id">${taskId}</code>`;
}

function allowsLine({ allows }: TaskView, { words }: Speaker): string {
  return `${words.labels.allows}${words.frame.colon}${allows}`;
}

function heldLines({ held }: TaskView): readonly Html[] {
  return held.map((line) => html`<p class="held">✓ <bdi>${line}</bdi></p>`);
}

function consoleLink({ consoleUrl, language }: Speaker, look: 'main' | ''): Html | null {
  if (consoleUrl === null) return null;
  return html`<a class="button${look === '' ? '' : ` ${look}`}" href="${consoleUrl}" rel="noreferrer">${WAITING_WORDS[language].console}</a>`;
}
