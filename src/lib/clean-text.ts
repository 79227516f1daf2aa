const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);
const CSI = String.fromCharCode(0x9b);
/** Escape sequences of terminals: CSI; OSC, DCS and other strings up to their end; two-character ones. */
const ANSI = new RegExp(
  `(?:${ESC}\\[|${CSI})[0-?]*[ -/]*[@-~]?|${ESC}[\\]PX^_][^${ESC}${BEL}]*(?:${BEL}|${ESC}\\\\)?|${ESC}[@-~]`,
  'gu',
);
/** What nobody sees (bidi controls, zero-width spaces, tags, fillers, …) without what scripts and emoji need: two joiners, variation selectors. */
const INVISIBLE = /(?!\u200c|\u200d|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}])[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const EMOJI = '\\p{Extended_Pictographic}';
/** Joiners that join nothing: they are needed after emoji, marks and the letters of scripts that join, before a letter or an emoji. */
const LOOSE_JOINERS = new RegExp(
  `(?<![\\p{M}${EMOJI}\\p{Emoji_Modifier}\\p{sc=Arab}\\p{sc=Syrc}\\p{sc=Mong}])(?:\u200c|\u200d)+|(?:\u200c|\u200d)+(?![\\p{L}${EMOJI}])`,
  'gu',
);
const CONTROL_OR_SPACE = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu;
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;

const SPACES_TO_TIDY = /^[ \u3000]|[ \u3000]$|\u3000| {2}/;

/**
 * Text from outside as one harmless line: well-formed, without control characters, escape sequences, bidi controls or line breaks,
 * each run of white space one space. The same text again gives the same text.
 */
export function cleanLine(text: string): string {
  if (SIMPLE.test(text) && !SPACES_TO_TIDY.test(text)) return text;
  return text
    .toWellFormed()
    .replace(ANSI, '')
    .replace(INVISIBLE, '')
    .replace(LOOSE_JOINERS, '')
    .replace(STACKED_MARKS, '$1')
    .replace(CONTROL_OR_SPACE, ' ')
    .trim();
}

/** Texts of these alone have one character to each code unit, which spares the segmenter: Latin, Chinese, our own punctuation. */
const SIMPLE =
  /^[\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u3000-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60]*$/;

/** The text's user-perceived characters, in order. */
export function* characters(text: string): Iterable<string> {
  if (SIMPLE.test(text)) return yield* text;
  for (const { segment } of graphemes.segment(text)) yield segment;
}

/** Cuts at a character boundary so that the costs of what is left, the "…" (cost 1) included, are at most `max`. */
export function cutByCost(text: string, max: number, cost: (character: string) => number): string {
  let sum = 0;
  let end = 0;
  let kept = 0;
  for (const character of characters(text)) {
    sum += cost(character);
    if (sum > max) return max < 1 ? '' : `${text.slice(0, kept)}…`;
    end += character.length;
    if (sum <= max - 1) kept = end;
  }
  return text;
}

/** Cuts to at most `max` UTF-16 units, at a character boundary, with "…" where something was cut. */
export function cutText(text: string, max: number): string {
  return text.length <= max ? text : cutByCost(text, max, (character) => character.length);
}
