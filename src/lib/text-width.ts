import { characters, cutByCost } from './clean-text.ts';

/** Blocks that terminals and monospaced fonts show two columns wide (East Asian Width W and F), as first and last code point. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];
const ASCII_ONLY = /^[ -~]*$/;
const ZERO_WIDTH = /^[\p{M}\p{Cf}\p{Cc}]+$/u;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f && character.length === 1) return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  if (EMOJI.test(character) || WIDE.some(([first, last]) => code >= first && code <= last)) return 2;
  return 1;
}

/** How many columns the text takes where Chinese characters and emoji take two. */
export function displayWidth(text: string): number {
  if (ASCII_ONLY.test(text)) return text.length;
  let width = 0;
  for (const character of characters(text)) width += characterWidth(character);
  return width;
}

/** Filled with spaces to `columns`; longer text stays as it is. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Cut at a character boundary to at most `columns`, with "…" where something was cut. */
export function cutToWidth(text: string, columns: number): string {
  return displayWidth(text) <= columns ? text : cutByCost(text, columns, characterWidth);
}

/** Chinese and Western punctuation that never begins a line, and such that never ends one. */
const CLOSING =
  /^[\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u3011\u300b\u300d\u300f\u201d\u2019\u2026%,.;:!?)\]}]/u;
const OPENING = /[\uff08\u3010\u300a\u300c\u300e\u201c\u2018([{]$/u;

/** The pieces between which a line may break: words, single spaces, and single wide characters with the punctuation that clings to them. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let open = false;
  let afterWide = false;
  for (const character of characters(text)) {
    const last = found.at(-1) ?? ' ';
    const wide = characterWidth(character) === 2;
    const joins = character !== ' ' && last !== ' ' && (open || CLOSING.test(character) || !(wide || afterWide));
    if (joins) found[found.length - 1] = last + character;
    else if (character !== ' ' || last !== ' ') found.push(character);
    open = OPENING.test(character);
    afterWide = wide;
  }
  return found;
}

/** Lines of at most `columns`, broken at spaces and between Chinese characters; a word that is longer than a line is cut into lines. */
export function wrapToWidth(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const piece of pieces(text)) {
    const pieceWidth = displayWidth(piece);
    if (width + pieceWidth <= columns) {
      line += piece;
      width += pieceWidth;
      continue;
    }
    if (line.trim() !== '') lines.push(line.trimEnd());
    const chunks = piece === ' ' ? [''] : chunksOf(piece, columns);
    line = chunks.pop() ?? '';
    width = displayWidth(line);
    lines.push(...chunks);
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

function chunksOf(text: string, columns: number): string[] {
  const chunks = [''];
  let width = 0;
  for (const character of characters(text)) {
    const own = characterWidth(character);
    if (width + own > columns && chunks.at(-1) !== '') {
      chunks.push('');
      width = 0;
    }
    chunks.push((chunks.pop() ?? '') + character);
    width += own;
  }
  return chunks;
}
