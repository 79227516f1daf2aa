import type { Document, Part } from '../../messages/document.ts';
import type { Speaker } from '../../messages/speak.ts';
import { fitLists } from './fit-lists.ts';
import { isList, lineList } from './list-lines.ts';
import { cutForSlack, inertLine } from './slack-text.ts';

const TEXT_MAX = 4_000;
const HEAD_MAX = 2_200;
const MARGIN = 150;

/** The whole message as one text of at most 4,000 characters, for when Slack refused its blocks. */
export function plainForm(document: Document, speaker: Speaker, mentions: string): string {
  const head: string[] = [];
  let used = mentions.length;
  for (const line of headLines(document)) {
    const text = inertLine(line);
    if (used + text.length + 1 > HEAD_MAX) break;
    head.push(text);
    used += text.length + 1;
  }
  const link = speaker.consoleUrl === null || speaker.consoleUrl.length > 500 ? [] : [inertUrl(speaker.consoleUrl)];
  const tail = [...link, inertLine(cutForSlack(document.footer.join(' · '), 300))];
  const room = TEXT_MAX - MARGIN - used - tail.join('\n').length;
  const parts = document.parts.filter(isList);
  const cost = (line: string): number => inertLines(line).length + 1;
  const lists = fitLists(
    parts.map((part) => lineList(part, speaker)),
    room,
    cost,
  );
  const listed = parts.flatMap(({ heading }, at) => {
    const lines = lists[at] ?? [];
    return lines.length === 0 ? [] : [...(heading === null ? [] : [inertLine(heading)]), ...lines.map(inertLines)];
  });
  const text = [...(mentions === '' ? [] : [mentions]), ...head, ...listed, ...tail].join('\n');
  return text.length <= TEXT_MAX ? text : text.slice(0, TEXT_MAX).replace(/\n[^\n]*$/u, '');
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
