import type { Mentions } from '../../config/config.ts';
import type { Document, Part, Tone } from '../../messages/document.ts';
import { documentOf } from '../../messages/document-of.ts';
import type { Speaker } from '../../messages/speak.ts';
import type { Message } from '../../model/message.ts';
import {
  commandBlock,
  field,
  headed,
  linkBlocks,
  listBlocks,
  mentionBlock,
  plainText,
  type SlackBlock,
  strong,
} from './blocks.ts';
import { fitLists } from './fit-lists.ts';
import { isList, lineLists } from './list-lines.ts';
import { mentionsFor } from './mentions.ts';
import { plainForm } from './plain-form.ts';
import { cutForSlack, inertLine, slackCost } from './slack-text.ts';

/** Slack is reported to fail near 12,000 characters of blocks; counted over their JSON text, the strictest reading. */
const BLOCKS_MAX = 11_800;
/** Heading, the JSON of up to four sections, and the line that says how many more there are. */
const LIST_OVERHEAD = 420;
/** Of a part's sentences together; each gets its share. */
const SENTENCES_MAX = 2_400;
const FIELDS_PER_SECTION = 10;
const MARKS: Readonly<Record<Tone, string>> = { calm: '', notice: '', urgent: '⏰ ', danger: '⚠️ ', good: '✅ ' };

/** A message as Slack takes it: `text` always, for notifications and screen readers; no blocks when it must be plain. */
export interface SlackBody {
  text: string;
  blocks?: SlackBlock[];
}

/**
 * A message for a Slack hook, within Slack's limits whatever it holds. Nothing from outside is live: `& < >` are escaped, and text stands in
 * plain_text objects unless it has no character that mrkdwn would parse; in the fallback `text`, look-alikes replace those that would.
 * Only the configured mentions are live.
 */
export function renderSlack(message: Message, speaker: Speaker, mention: Mentions): SlackBody {
  const document = documentOf(message, speaker);
  const mentions = mentionsFor(message.facts, mention);
  if (message.plain) return { text: plainForm(document, speaker, mentions) };
  const lines = [
    `${mentions === '' ? '' : `${mentions} `}${inertLine(cutForSlack(MARKS[document.tone] + document.title, 600))}`,
    inertLine(cutForSlack(document.warning ?? '', 600)),
    inertLine(cutForSlack(document.summary, 900)),
  ];
  return { text: lines.filter((line) => line !== '').join('\n'), blocks: blocksOf(document, speaker, mentions) };
}

/** Blocks that belong together; those that are optional go when there is no room. */
interface Piece {
  blocks: SlackBlock[];
  readonly optional: boolean;
  readonly list: number | null;
}

function blocksOf(document: Document, speaker: Speaker, mentions: string): SlackBlock[] {
  const { frame } = speaker.words;
  const parts = document.parts.filter(isList);
  const fixed = (blocks: SlackBlock[], optional = false): Piece => ({ blocks, optional, list: null });
  const pieces: Piece[] = [
    fixed(headBlocks(document, mentions)),
    ...document.parts.map((part) =>
      isList(part)
        ? { blocks: [], optional: false, list: parts.indexOf(part) }
        : fixed(partBlocks(part), part.part === 'sentences' && part.quoted),
    ),
    fixed(
      linkBlocks([
        { label: frame.openConsole, url: speaker.consoleUrl },
        ...(document.page === null ? [] : [document.page]),
      ]),
    ),
    fixed([{ type: 'context', elements: [plainText(cutForSlack(document.footer.join(' · '), 400))] }]),
  ];
  const kept = withoutOptional(pieces, parts.length > 0 ? BLOCKS_MAX / 2 : BLOCKS_MAX);
  const room = BLOCKS_MAX - sizeOf(kept);
  const fitted = fitLists(lineLists(parts, speaker), {
    room,
    overhead: LIST_OVERHEAD,
    cost: (line) => slackCost(line) + 2,
  });
  return kept.flatMap(({ blocks, list }) =>
    list === null ? blocks : listBlocks(parts[list]?.heading ?? null, withIntro(parts[list], fitted[list] ?? [])),
  );
}

function withIntro(part: Part | undefined, lines: readonly string[]): readonly string[] {
  return part?.part === 'tasks' && part.intro !== null ? [part.intro, ...lines] : lines;
}

function withoutOptional(pieces: readonly Piece[], max: number): readonly Piece[] {
  return sizeOf(pieces) <= max ? pieces : pieces.filter(({ optional }) => !optional);
}

function sizeOf(pieces: readonly Piece[]): number {
  return JSON.stringify(pieces.flatMap(({ blocks }) => blocks)).length;
}

function headBlocks(document: Document, mentions: string): SlackBlock[] {
  return [
    { type: 'header', text: plainText(cutForSlack(MARKS[document.tone] + document.title, 150)) },
    ...(mentions === '' ? [] : [mentionBlock(mentions)]),
    ...(document.banner === null
      ? []
      : [{ type: 'context', elements: [plainText(cutForSlack(document.banner, 300))] } satisfies SlackBlock]),
    ...(document.warning === null ? [] : [strong(cutForSlack(document.warning, 600))]),
  ];
}

function partBlocks(part: Exclude<Part, { part: 'tasks' | 'groups' | 'lines' }>): SlackBlock[] {
  switch (part.part) {
    case 'sentences': {
      const text = part.sentences
        .map((sentence) => cutForSlack(sentence, Math.min(900, Math.floor(SENTENCES_MAX / part.sentences.length))))
        .join('\n');
      return part.quoted
        ? [{ type: 'context', elements: [plainText(`${part.heading ?? ''}\n${text}`)] }]
        : headed(part.heading, text);
    }
    case 'facts':
      return fieldBlocks(part.facts.map(({ label, value }) => field(label, value, 240)));
    case 'figures':
      return fieldBlocks(part.figures.map(({ label, value }) => field(label, String(value), 20)));
    case 'commands':
      return [
        ...headed(part.heading, part.intro),
        ...part.commands.map(({ label, line, cautious }) => commandBlock(cautious ? `⚠️ ${label}` : label, line)),
      ];
  }
}

function fieldBlocks(fields: ReturnType<typeof field>[]): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  for (let at = 0; at < fields.length; at += FIELDS_PER_SECTION) {
    blocks.push({ type: 'section', fields: fields.slice(at, at + FIELDS_PER_SECTION) });
  }
  return blocks;
}
