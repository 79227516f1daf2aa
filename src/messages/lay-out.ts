import { cleanLine } from '../lib/clean-text.ts';
import { displayWidth, padToWidth, wrapToWidth } from '../lib/text-width.ts';
import type { CommandsPart, Document, GroupRow, Part, TaskRow, Tone } from './document.ts';
import type { Speaker } from './speak.ts';

/** How a piece of laid-out text looks; each gets whole lines and must not change their width. */
export interface Paint {
  title(text: string, tone: Tone): string;
  warning(text: string): string;
  heading(text: string, tone: Tone): string;
  strong(text: string): string;
  quiet(text: string): string;
  command(text: string): string;
}

const asItIs = (text: string): string => text;
/** No decoration: mail, files, terminals without colour. */
export const NO_PAINT: Paint = {
  title: asItIs,
  warning: asItIs,
  heading: asItIs,
  strong: asItIs,
  quiet: asItIs,
  command: asItIs,
};

export interface LayOutOptions {
  /** Lines are at most this wide, commands and addresses excepted: those must be copied whole. */
  readonly columns: number;
  readonly paint: Paint;
}

const NARROWEST = 24;
const BULLET = '• ';
const INDENT = '  ';

/** A document as aligned text for monospaced type, complete: nothing is left out. Ends with a line feed. */
export function layOut(document: Document, speaker: Speaker, options: LayOutOptions): string {
  const columns = Math.max(NARROWEST, options.columns);
  const { paint } = options;
  const title = wrapToWidth(cleanLine(document.title), columns);
  const rule = '─'.repeat(Math.min(columns, Math.max(...title.map(displayWidth))));
  const blocks: string[][] = [
    [...title.map((line) => paint.title(line, document.tone)), paint.quiet(rule)],
    document.banner === null ? [] : wrapToWidth(document.banner, columns),
    document.warning === null ? [] : hanging('! ', document.warning, columns).map(paint.warning),
    ...document.parts.map((part) => partLines(part, speaker, columns, paint)),
    linkLines(document, speaker),
    wrapToWidth(document.footer.map(cleanLine).join(' · '), columns).map(paint.quiet),
  ];
  const text = blocks.filter((block) => block.length > 0).map((block) => block.join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** Wrapped lines, the first after a mark, the others indented as wide. */
function hanging(mark: string, text: string, columns: number): string[] {
  const width = displayWidth(mark);
  return wrapToWidth(cleanLine(text), columns - width).map((line, i) => (i === 0 ? mark : ' '.repeat(width)) + line);
}

function partLines(part: Part, speaker: Speaker, columns: number, paint: Paint): string[] {
  const headed = (heading: string | null, lines: readonly string[], tone: Tone = 'calm'): string[] =>
    heading === null ? [...lines] : [...wrapToWidth(heading, columns).map((h) => paint.heading(h, tone)), ...lines];
  switch (part.part) {
    case 'sentences': {
      const lines = part.sentences.flatMap((text) => hanging(part.quoted ? '> ' : '', text, columns));
      return headed(part.heading, part.quoted ? lines.map(paint.quiet) : lines);
    }
    case 'facts':
      return factLines(part.facts, columns, paint);
    case 'figures':
      return wrapToWidth(
        part.figures.map(({ label, value }) => speaker.words.digest.figure(label, value)).join(' · '),
        columns,
      ).map(paint.strong);
    case 'commands':
      return headed(part.heading, commandLines(part, columns, paint));
    case 'tasks': {
      const intro = part.intro === null ? [] : wrapToWidth(part.intro, columns);
      return headed(
        part.heading,
        [...intro, ...part.rows.flatMap((row) => rowLines(row, speaker, columns, paint))],
        part.tone,
      );
    }
    case 'groups':
      return headed(
        part.heading,
        part.groups.flatMap((group) => groupLines(group, speaker, columns)),
      );
    case 'lines':
      return headed(
        part.heading,
        part.lines.flatMap((line) => hanging(BULLET, line, columns)),
        part.tone,
      );
  }
}

function commandLines({ intro, commands }: CommandsPart, columns: number, paint: Paint): string[] {
  return [
    ...wrapToWidth(intro, columns),
    ...commands.flatMap(({ label, line }) => [...hanging(BULLET, label, columns), paint.command(`    ${line}`)]),
  ];
}

function factLines(
  facts: readonly { label: string; value: string; strong: boolean }[],
  columns: number,
  paint: Paint,
): string[] {
  const widest = Math.max(...facts.map(({ label }) => displayWidth(label)));
  return facts.flatMap(({ label, value, strong }) => {
    const lines = hanging(padToWidth(label, widest) + INDENT, value, columns);
    return strong ? lines.map(paint.strong) : lines;
  });
}

function rowLines(row: TaskRow, speaker: Speaker, columns: number, paint: Paint): string[] {
  const { lists } = speaker.words;
  const head = [row.taskId, row.instance, row.type].join(' · ');
  const end = [row.deadline, row.allows].filter((text) => text !== null).join(' · ');
  const below = [row.where, end, ...row.news].filter((text) => text !== '');
  return [
    ...hanging(row.dataLoss ? '! ' : BULLET, row.dataLoss ? `${head} · ${lists.tag}` : head, columns).map(
      row.dataLoss ? paint.warning : paint.strong,
    ),
    ...below.flatMap((text) => hanging(INDENT, text, columns)),
  ];
}

function groupLines(group: GroupRow, speaker: Speaker, columns: number): string[] {
  const hidden = group.count - group.taskIds.length;
  return [
    ...hanging(BULLET, group.head, columns),
    ...(group.taskIds.length > 0 ? hanging(INDENT, group.taskIds.join(' '), columns) : []),
    ...(hidden > 0 ? hanging(INDENT, speaker.words.lists.moreByCommand(hidden), columns) : []),
  ];
}

function linkLines({ page }: Document, { words, consoleUrl }: Speaker): string[] {
  const link = (label: string, url: string): string => `${label}${words.frame.colon}${url}`;
  return [
    ...(consoleUrl === null ? [] : [link(words.frame.openConsole, consoleUrl)]),
    ...(page === null ? [] : [link(page.label, page.url)]),
  ];
}
