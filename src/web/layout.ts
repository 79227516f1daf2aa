import { type Html, html } from '../lib/html.ts';
import type { Speaker } from '../messages/speak.ts';
import { assetPath } from './assets.ts';
import { durationForms } from './duration-forms.ts';
import { WEB_WORDS } from './words.ts';

/** The places of the page; the first is where a reader lands. */
const PLACES = [
  { path: '/', name: 'waiting' },
  { path: '/timeline', name: 'timeline' },
  { path: '/health', name: 'health' },
] as const;

export interface PageParts {
  readonly title: string;
  /** The place that the reader is at; null: outside them, the login for one. */
  readonly place: (typeof PLACES)[number]['path'] | null;
  /** Path and query of this page, to come back to after the language was switched. */
  readonly here: string;
  readonly main: Html;
  /** A session that can be ended. */
  readonly signedIn: boolean;
  /** True: the page brings itself up to date when something changes. */
  readonly live: boolean;
}

/** A whole page: the frame that every page has, around its own part. */
export function layout({ title, place, here, main, signedIn, live }: PageParts, speaker: Speaker): string {
  const words = WEB_WORDS[speaker.language];
  const other = speaker.language === 'en' ? 'zh-CN' : 'en';
  const links = PLACES.map(({ path, name }) =>
    path === place
      ? html`<li><a href="${path}" aria-current="page">${words.places[name]}</a></li>`
      : html`<li><a href="${path}">${words.places[name]}</a></li>`,
  );
  return html`<!DOCTYPE html>
<html lang="${speaker.language}" data-durations="${durationForms(speaker)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · repairwatch</title>
<link rel="icon" href="${assetPath('icon.svg')}">
<link rel="stylesheet" href="${assetPath('page.css')}">
<script type="module" src="${assetPath('page.js')}"></script>
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
<header class="top">
<a class="brand" href="/"><img src="${assetPath('icon.svg')}" width="24" height="24" alt="">repairwatch</a>
${place === null ? null : html`<nav aria-label="${words.navigation}"><ul>${links}</ul></nav>`}
<div class="top-end">
<a href="/language?to=${other}&amp;next=${encodeURIComponent(here)}" hreflang="${other}" lang="${other}">${WEB_WORDS[other].ownName}</a>
${signedIn ? html`<form method="post" action="/logout"><button class="quiet">${words.signOut}</button></form>` : null}
</div>
</header>
${live ? staleNotice(here, speaker) : null}
<main id="main" tabindex="-1"${live ? html` data-live="${assetPath('stream.js')}"` : null}>
${main}
</main>
<footer><p>${speaker.words.frame.zone(speaker.timezone)}</p></footer>
</body>
</html>
`.markup;
}

/** Shown by the script where the server is no longer heard; its time is read aloud once, not each minute. */
function staleNotice(here: string, { language }: Speaker): Html {
  const { before, after, again } = WEB_WORDS[language].stale;
  return html`<div class="stale" id="stale" role="status" hidden><p class="notice warn">${before}<time data-count="relative" datetime="" aria-live="off"></time>${after}<a href="${here}">${again}</a></p></div>`;
}
