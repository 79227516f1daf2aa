import type { EpochMs } from '../lib/clock.ts';
import { type Html, html } from '../lib/html.ts';
import type { Speaker } from '../messages/speak.ts';
import type { Language } from '../model/vocabulary.ts';
import type { TimeLeft } from './task-view.ts';

/** Small markup that more than one page has. */

const COPY: Readonly<Record<Language, { readonly copy: string; readonly copied: string }>> = {
  en: { copy: 'Copy the command', copied: 'Copied' },
  'zh-CN': { copy: '复制命令', copied: '已复制' },
};

/** A moment whose text the script keeps up to date: what is left until then (`left`), or how far it is from now (`relative`). */
export function counting(at: EpochMs, kind: 'left' | 'relative', text: string): Html {
  return html`<time datetime="${isoMinute(at)}" data-count="${kind}">${text}</time>`;
}

/** The time left, large, and what happens then. */
export function clockPiece({ at, left, says, time }: TimeLeft): Html {
  const start = time === '' ? says.length : says.indexOf(time);
  // With the mark that follows: no line begins with one.
  const end = start + time.length + (/[;；,，]/.test(says.charAt(start + time.length)) ? 1 : 0);
  const said = html`${says.slice(0, start)}${whole(says.slice(start, end))}${says.slice(end)}`;
  return html`<span class="left">${at === null ? left : counting(at, 'left', left)}</span> <span class="sub">${said}</span>`;
}

/** Copies the line of its group (`data-lines`); shown only where there is a script. */
export function copyButton({ language }: Speaker): Html {
  const { copy, copied } = COPY[language];
  return html`<button type="button" class="copy" data-copied="${copied}">${copy}</button>`;
}

/** A line for a shell, whole and easy to mark. */
export function commandLine(line: string): Html {
  return html`<code class="line" translate="no">${line}</code>`;
}

/** The same where it is read, not only copied: no option and no id is broken after its hyphens. */
export function commandWords(line: string): Html {
  const words = line.split(/([^ ]*-[^ ]*)/).map((part, i) => (i % 2 === 0 ? part : whole(part)));
  return html`<code class="line" translate="no">${words}</code>`;
}

/** Goes to the next line as one where it can. */
export function whole(text: string): Html {
  return html`<span class="whole">${text}</span>`;
}

/** Far beyond what a date can hold it is left out: a program reads nothing then. */
function isoMinute(at: EpochMs): string {
  return Math.abs(at) > 8.64e15 ? '' : new Date(at).toISOString();
}
