import { cleanLine } from '../lib/clean-text.ts';
import { displayWidth, padToWidth, wrapToWidth } from '../lib/text-width.ts';

export type Style = 'plain' | 'strong' | 'quiet' | 'alarm' | 'link';

/** A piece of text that becomes one or more lines of a terminal, all in that style. */
export interface StyledLine {
  readonly text: string;
  readonly style: Style;
}

export function styled(style: Style, ...texts: readonly string[]): StyledLine[] {
  return texts.map((text) => ({ text, style }));
}

const ESC = String.fromCharCode(0x1b);
const CODES: Readonly<Record<Style, string>> = { plain: '', strong: '1', quiet: '2', alarm: '1;31', link: '36' };

/** The text in its style; without colour as it is. */
export function paint(text: string, style: Style, colour: boolean): string {
  const codes = CODES[style];
  return colour && codes !== '' ? `${ESC}[${codes}m${text}${ESC}[0m` : text;
}

/** Lines in a box with a name on its upper edge; every line, the edges included, is `columns` wide. */
export function box(name: string, lines: readonly StyledLine[], columns: number, colour: boolean): string {
  const inner = columns - 4;
  const edge = (text: string): string => paint(text, 'quiet', colour);
  const head = `╭─ ${name} `;
  const body = lines.flatMap(({ text, style }) =>
    wrapped(text, inner).map((line) => `${edge('│')} ${paint(padToWidth(line, inner), style, colour)} ${edge('│')}`),
  );
  return [
    edge(`${head}${'─'.repeat(Math.max(0, columns - displayWidth(head) - 1))}╮`),
    ...body,
    edge(`╰${'─'.repeat(columns - 2)}╯`),
  ].join('\n');
}

/** Harmless lines of at most `columns`; the text's own indentation stays, on every line, and so does its alignment where it fits into one. */
function wrapped(text: string, columns: number): string[] {
  const clean = text
    .replace(/\S+(?: \S+)*/g, cleanLine)
    .replace(/[^\S ]/g, ' ')
    .trimEnd();
  if (displayWidth(clean) <= columns) return [clean];
  const indent = ' '.repeat(Math.min(Math.floor(columns / 2), clean.length - clean.trimStart().length));
  return wrapToWidth(clean.trimStart(), columns - indent.length).map((line) => indent + line);
}
