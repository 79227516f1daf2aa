import { expect } from 'vitest';

/** Code points that nobody sees, or that turn the direction of writing: spelled out, not as the program finds them. */
const HIDDEN: readonly (readonly [first: number, last: number])[] = [
  [0x00, 0x09],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x180b, 0x180f],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xd800, 0xdfff],
  [0xe0000, 0xe007f],
];
const [NON_JOINER, JOINER] = [String.fromCharCode(0x200c), String.fromCharCode(0x200d)];
const LOOSE_JOINER = new RegExp(`[a-z0-9 ](?:${JOINER}|${NON_JOINER})|(?:${JOINER}|${NON_JOINER})[a-z0-9 ]`);
/** Characters of several code points, and what would be left of one that was cut in two. */
const WHOLE = /👨‍👩‍👧|👩‍🚒|🇨🇳/gu;
const PIECES = ['👨', '👩', '👧', '🚒', '🇨', '🇳'];

/** What of the output hides, moves a terminal's cursor, turns the direction, or is half a surrogate pair. */
export function hiddenIn(output: string): readonly string[] {
  const hidden = [...new Set(output)].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return HIDDEN.some(([first, last]) => code >= first && code <= last);
  });
  return hidden.map((character) => JSON.stringify(character));
}

/** Fails where people would not see the output as it is, where a character is cut in two, or a long run of one is cut without "…". */
export function expectReadable(output: string): void {
  expect(hiddenIn(output)).toEqual([]);
  const rest = output.replaceAll(WHOLE, '');
  expect(PIECES.filter((piece) => rest.includes(piece))).toEqual([]);
  expect(rest).not.toMatch(LOOSE_JOINER);
  for (const [run] of unwrapped(output).matchAll(/(👩‍🚒|🇨🇳|修|x|&|")\1{20,}(?!\1)./gu)) expect(run.slice(-1)).toBe('…');
}

/** Lines that were broken within a word are one again. */
function unwrapped(output: string): string {
  return output.replaceAll(/\n(?:> | +)?/g, '');
}
