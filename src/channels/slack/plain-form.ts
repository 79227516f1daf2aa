import type { Document, Part } from '../../messages/document.ts';
import type { Speaker } from '../../messages/speak.ts';
import { fitLists } from './fit-lists.ts';
import { isList, lineLists } from './list-lines.ts';
import { cutForSlack, inertLine } from './slack-text.ts';

const TEXT_MAX = 4_000;
/** The part before the lists: at least the title and the warning, at most half. */
const HEAD_MIN = 900;
const HEAD_MAX = 2_200;
/** A heading, an introduction, and the line that says how many more there are. */
const LIST_OVERHEAD = 210;

/** The whole message as one text of at most 4,000 characters, for when Slack refused its blocks. */
export function plainForm(document: Document, speaker: Speaker, mentions: string): string {
  const parts = document.parts.filter(isList);
  const lines = lineLists(parts, speaker);
  const cost = (line: string): number => inertLines(line).length + 1;
  const owed = lines.flatMap((list) => list.lines.filter(({ must }) => must).map(({ forms }) => cost(forms[2])));
  const links = [speaker.consoleUrl, document.page?.url ?? null].flatMap((url) =>
    url === null || url.length > 500 ? [] : [inertUrl(url)],
  );
  const tail = [...links, inertLine(cutForSlack(document.footer.join(' · '), 300))].join('\n');
  const space = TEXT_MAX - mentions.length - tail.length - 2;
  const forLists = owed.reduce((total, n) => total + n, parts.length * LIST_OVERHEAD);
  const head = headWithin(document, Math.max(HEAD_MIN, Math.min(HEAD_MAX, space - forLists)));
  const room = space - head.length - 1;
  const fitted = fitLists(lines, { room, overhead: LIST_OVERHEAD, cost });
  const listed = parts.flatMap((part, at) => {
    const shown = fitted[at] ?? [];
    const over = [part.heading, part.part === 'tasks' ? part.intro : null].filter((text) => text !== null);
    return shown.length === 0 ? [] : [...over.map(inertLine), ...shown.map(inertLines)];
  });
  const text = [mentions, head, ...listed, tail].filter((line) => line !== '').join('\n');
  return text.length <= TEXT_MAX ? text : text.slice(0, TEXT_MAX).replace(/\n[^\n]*$/u, '');
}

/** As many of the lines before the lists as fit. */
function headWithin(document: Document, max: number): string {
  let head = '';
  for (const line of headLines(document)) {
    const longer = head === '' ? inertLine(line) : `${head}\n${inertLine(line)}`;
    if (longer.length > max) break;
    head = longer;
  }
  return head;
}

function headLines(document: Document): string[] {
  const start = [document.title, document.banner, document.warning].flatMap((text) =>
    text === null ? [] : [cutForSlack(text, 400)],
  );
  return [...start, ...document.parts.flatMap(partLines)];
}

function partLines(part: Part): string[] {
  if (part.part === 'sentences') {
    if (part.quoted) return [];
    return [...(part.heading === null ? [] : [part.heading]), ...part.sentences.map((text) => cutForSlack(text, 900))];
  }
  if (part.part === 'facts') return part.facts.map(({ label, value }) => `${label}: ${cutForSlack(value, 160)}`);
  if (part.part === 'figures') return [part.figures.map(({ label, value }) => `${label} ${value}`).join(' · ')];
  if (part.part === 'commands') return [part.intro, ...part.commands.flatMap(({ label, line }) => [label, line])];
  return [];
}

/** A line of a list may hold several: each is made inert by itself. */
function inertLines(text: string): string {
  return text.split('\n').map(inertLine).join('\n');
}

function inertUrl(url: string): string {
  return url.replaceAll('&', '&amp;').replaceAll('<', '%3C').replaceAll('>', '%3E');
}
