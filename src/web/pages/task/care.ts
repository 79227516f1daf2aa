import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { NAME_MAX, REASON_MAX } from '../../../model/silence-terms.ts';
import { commandWords, copyButton } from '../../pieces.ts';
import type { Fields } from './silence-form.ts';
import type { LiveMute, TaskPageView } from './task-page-view.ts';
import { TASK_WORDS } from './words.ts';

/** What the forms need beside the task: a key of this session, and what was typed where it was not taken. */
export interface Writing {
  readonly key: string;
  readonly typed: { readonly form: 'ack' | 'mute' | 'unmute'; readonly fields: Fields } | null;
}

const HOUR = 1;
const DAY = 24;
const ENDS = [4 * HOUR, 8 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY] as const;
const HOUR_MS = 3_600_000;

/** Acknowledging and muting: forms where the reader may write, else the command lines. */
export function care(view: TaskPageView, writing: Writing | null, hasToken: boolean, speaker: Speaker): Html | null {
  const words = TASK_WORDS[speaker.language];
  if (!view.open) return null;
  return html`<section class="card" aria-labelledby="care"><h2 id="care">${words.care}</h2>
<div class="forms">
${view.task.held.map((line) => html`<p class="notice good"><bdi>${line}</bdi></p>`)}
${writing === null ? byCommand(view, hasToken, speaker) : forms(view, writing, speaker)}
</div></section>
`;
}

function forms(view: TaskPageView, writing: Writing, speaker: Speaker): Html {
  const words = TASK_WORDS[speaker.language];
  const typed = (form: string): Fields => (writing.typed?.form === form ? writing.typed.fields : {});
  const isOpen = writing.typed?.form === 'mute' ? html` open` : null;
  return html`${view.waits ? ackForms(view, writing, typed('ack'), speaker) : html`<p class="sub">${words.over}</p>`}
${view.mutes.map((mute) => unmuteForm(mute, view, writing, typed('unmute'), speaker))}
<details id="mute"${isOpen}><summary>${words.mute}</summary>
${formTo('mute', view, writing.key)}
<p class="sub">${words.muteSays}</p>
${view.task.dataLoss ? html`<p class="notice danger">${words.muteDataLoss}</p>` : null}
${ends('mute', typed('mute'), null, speaker)}
${reasonField(typed('mute'), speaker)}
${nameField('mute', words.nameOptional, false, typed('mute'))}
${
  view.task.dataLoss
    ? null
    : html`<label class="check"><input type="checkbox" name="even-data-loss" value="1"${'even-data-loss' in typed('mute') ? html` checked` : null}>${words.evenDataLoss}</label>`
}
<button>${words.mute}</button></form></details>`;
}

function ackForms(view: TaskPageView, writing: Writing, typed: Fields, speaker: Speaker): Html {
  const words = TASK_WORDS[speaker.language];
  const { ack } = view;
  const form = html`${formTo('ack', view, writing.key)}<input type="hidden" name="revision" value="${view.revision}">
${nameField('ack', words.name, true, typed)}${ends('ack', typed, words.untilItChanges, speaker)}
<button class="main">${ack === null ? words.acknowledge : words.takeOver}</button></form>`;
  if (ack === null) return html`<p class="sub">${words.careSays}</p>${form}`;
  return html`${formTo('ack', view, writing.key)}<input type="hidden" name="revision" value="${view.revision}"><input type="hidden" name="withdraw" value="1">
${nameField('withdraw', words.name, true, typed)}
<button>${words.withdraw}</button><p class="sub">${words.withdrawSays}</p></form>
<details id="take-over"><summary>${words.takeOver}</summary>${form}</details>`;
}

function unmuteForm(mute: LiveMute, view: TaskPageView, writing: Writing, typed: Fields, speaker: Speaker): Html {
  const words = TASK_WORDS[speaker.language];
  return html`${formTo('unmute', view, writing.key)}<input type="hidden" name="mute" value="${mute.id}">
<p class="sub">${mute.match === null ? words.muteOwn(mute.id) : words.muteMatch(mute.id, mute.match)}</p>
${nameField(`unmute-${mute.id}`, words.nameOptional, false, typed)}
<button>${words.unmute}</button></form>
`;
}

/** The opening of a form: to where it goes, and the key that only this session's pages know. */
function formTo(what: 'ack' | 'mute' | 'unmute', { task }: TaskPageView, key: string): Html {
  return html`<form method="post" action="${task.href}/${what}"><input type="hidden" name="key" value="${key}">`;
}

function nameField(form: string, label: string, required: boolean, typed: Fields): Html {
  return html`<div><label for="${form}-by">${label}</label>
<input id="${form}-by" name="by" value="${typed['by'] ?? ''}" maxlength="${NAME_MAX}" autocomplete="name"${required ? html` required` : null}></div>`;
}

function reasonField(typed: Fields, speaker: Speaker): Html {
  return html`<div><label for="reason">${TASK_WORDS[speaker.language].reason}</label>
<input id="reason" name="reason" value="${typed['reason'] ?? ''}" maxlength="${REASON_MAX}" required></div>`;
}

/** `open`: the choice without an end. */
function ends(form: string, typed: Fields, open: string | null, speaker: Speaker): Html {
  const words = TASK_WORDS[speaker.language];
  const option = (value: string, text: string): Html =>
    (typed['until'] ?? (open === null ? '8h' : '')) === value
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`;
  const choices = ENDS.map((hours) => option(`${hours}h`, speaker.duration(hours * HOUR_MS)));
  return html`<div class="pair"><div><label for="${form}-until">${words.end}</label>
<select id="${form}-until" name="until">${open === null ? null : option('', open)}${choices}</select></div>
<div><label for="${form}-exactly">${words.exactly}</label>
<input id="${form}-exactly" name="until-exactly" value="${typed['until-exactly'] ?? ''}" placeholder="${words.exactlyHint}"></div></div>`;
}

function byCommand({ lines, waits }: TaskPageView, hasToken: boolean, speaker: Speaker): Html | null {
  const words = TASK_WORDS[speaker.language];
  const line = (label: string, text: string): Html =>
    html`<div class="command" data-lines><div class="row"><span class="sub">${label}</span>${copyButton(speaker)}</div>${commandWords(text)}</div>`;
  return html`${lines === null ? null : html`${waits ? line(speaker.words.task.takeOn, lines.ack) : null}${line(words.byCommandMute, lines.mute)}`}
<p class="sub">${hasToken ? words.whyByCommandBearer : words.whyByCommand}</p>`;
}
