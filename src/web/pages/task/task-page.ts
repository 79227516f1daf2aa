import type { EpochMs } from '../../../lib/clock.ts';
import { type Html, html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import type { StoryStep } from '../../../story/story-steps.ts';
import { STORY_WORDS } from '../../../story/story-words.ts';
import { clockPiece, commandWords, copyButton } from '../../pieces.ts';
import { WAITING_WORDS } from '../waiting/words.ts';
import { care, type Writing } from './care.ts';
import { type Done, doneWords, type Refusal, refusalWords } from './outcome.ts';
import type { TaskPageView } from './task-page-view.ts';
import { TASK_WORDS } from './words.ts';

/** What is said on top: what came of a form. */
export type Said = { readonly done: Done } | { readonly refusal: Refusal } | null;

export interface TaskPageParts {
  readonly view: TaskPageView;
  readonly said: Said;
  /** null: the reader may not write from here. */
  readonly writing: Writing | null;
  readonly hasToken: boolean;
}

/** The main part of a task's page: how long it waits and what to do, then its story. */
export function taskPage({ view, said, writing, hasToken }: TaskPageParts, speaker: Speaker): Html {
  const words = TASK_WORDS[speaker.language];
  return html`<a class="back" href="/">← ${words.back}</a>
${saidPiece(said, speaker)}${head(view, speaker)}
<div class="two">
<div class="stack">
${stepCard(view, speaker)}${vendorCard(view, speaker)}
<section class="card" aria-labelledby="story"><h2 id="story">${STORY_WORDS[speaker.language].heading}</h2>
${view.steps.length === 0 ? html`<p class="sub">${words.noSteps}</p>` : html`<ol class="story">${view.steps.map((step) => storyItem(step, speaker))}</ol>`}</section>
</div>
<div class="stack">
${care(view, writing, hasToken, speaker)}
<section class="card" aria-labelledby="facts"><h2 id="facts">${words.facts}</h2>
<dl class="facts">${view.facts.map(({ label, value }) => html`<div><dt>${label}</dt><dd><bdi>${value}</bdi></dd></div>`)}</dl></section>
</div>
</div>`;
}

function saidPiece(said: Said, { language }: Speaker): Html | null {
  if (said === null) return null;
  return 'done' in said
    ? html`<p class="notice good" role="status">${doneWords(said.done, language)}</p>`
    : html`<p class="problem" role="alert">${refusalWords(said.refusal, language)}</p>`;
}

function head({ task }: TaskPageView, speaker: Speaker): Html {
  const { timeLeft } = task;
  return html`<div class="task-head">
<p class="tags"><span class="tag">${task.status}</span>${riskTag(task, speaker)}</p>
<h1><bdi>${task.name}</bdi></h1>
<p class="quiet-text">${task.instanceId === null ? null : html`<code class="id">${task.instanceId}</code> · `}<bdi>${task.type}</bdi></p>
${timeLeft === null ? null : html`<p class="clock ${timeLeft.tone}">${clockPiece(timeLeft)}</p>`}
</div>
`;
}

function riskTag({ dataLoss, timeLeft, begun }: TaskPageView['task'], speaker: Speaker): Html | null {
  if (!dataLoss) return null;
  if (timeLeft !== null) return html`<span class="tag risk">⚠ ${speaker.words.labels.dataLoss}</span>`;
  return begun ? html`<span class="tag">⚠ ${WAITING_WORDS[speaker.language].lostData}</span>` : null;
}

function stepCard({ step, warning, nobodyActs }: TaskPageView, speaker: Speaker): Html | null {
  if (step === null) return null;
  const { task: words } = speaker.words;
  return html`<section class="card" aria-labelledby="step"><h2 id="step">${words.headingNextStep}</h2>
${warning === null ? null : html`<p class="notice danger">⚠ ${warning}</p>`}
<p>${step.intro}</p>
${nobodyActs === null ? null : html`<p class="sub">${words.headingIfNobodyActs}${speaker.words.frame.colon}${nobodyActs}</p>`}
${speaker.consoleUrl === null ? null : html`<p class="next"><a class="button main" href="${speaker.consoleUrl}" rel="noreferrer">${TASK_WORDS[speaker.language].console}</a></p>`}
${step.commands.map(
  ({ label, line, cautious }) =>
    html`<div class="command${cautious ? ' cautious' : ''}" data-lines><div class="row"><span>${cautious ? '⚠ ' : ''}${label}</span>${copyButton(speaker)}</div>${commandWords(line)}</div>`,
)}</section>
`;
}

function vendorCard({ detail }: TaskPageView, { words }: Speaker): Html | null {
  if (detail === null) return null;
  return html`<section class="card" aria-labelledby="vendor"><h2 id="vendor">${words.task.headingVendorSays}</h2><blockquote><bdi>${detail}</bdi></blockquote></section>
`;
}

const LOOKS: Readonly<Record<StoryStep['kind'], string>> = {
  change: 'task-step',
  reminder: '',
  message: '',
  person: 'person-step',
  held: '',
};

function storyItem({ at, kind, says, details, trouble }: StoryStep, speaker: Speaker): Html {
  const look = trouble ? 'trouble' : LOOKS[kind];
  const label =
    kind === 'reminder' ? null : html`<span class="kind">${TASK_WORDS[speaker.language].kinds[kind]}</span> `;
  return html`<li${look === '' ? null : html` class="${look}"`}><time datetime="${isoOrNothing(at)}">${speaker.time(at)}</time><div><p>${label}<bdi>${says}</bdi></p>${details.length === 0 ? null : html`<p class="sub"><bdi>${details.join(' · ')}</bdi></p>`}</div></li>
`;
}

function isoOrNothing(at: EpochMs): string {
  return Math.abs(at) > 8.64e15 ? '' : new Date(at).toISOString();
}
