import type { Message } from '../model/message.ts';
import type { Tone } from './document.ts';
import { documentOf } from './document-of.ts';
import { layOut, NO_PAINT, type Paint } from './lay-out.ts';
import type { Speaker } from './speak.ts';

const ESC = String.fromCharCode(0x1b);
const sgr =
  (codes: string) =>
  (text: string): string =>
    `${ESC}[${codes}m${text}${ESC}[0m`;
const TONES: Readonly<Record<Tone, string>> = {
  calm: '1',
  notice: '1;34',
  urgent: '1;33',
  danger: '1;31',
  good: '1;32',
};

/** The eight basic colours, which follow the terminal's own theme. */
const COLOURS: Paint = {
  title: (text, tone) => sgr(TONES[tone])(text),
  warning: sgr(TONES.danger),
  heading: (text, tone) => sgr(TONES[tone])(text),
  strong: sgr('1'),
  quiet: sgr('2'),
  command: sgr('36'),
};

export interface TerminalOptions {
  readonly columns: number;
  readonly colour: boolean;
}

/** A message for a person at a terminal; text from outside has no control characters left, so only our own colours reach the screen. */
export function renderTerminal(message: Message, speaker: Speaker, { columns, colour }: TerminalOptions): string {
  return layOut(documentOf(message, speaker), speaker, { columns, paint: colour ? COLOURS : NO_PAINT });
}
