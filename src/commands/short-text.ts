import { cleanLine, cutText } from '../lib/clean-text.ts';

/** A person's name or reason as one clean line of 1 to `max` characters, or what is wrong with it as a sentence. */
export function readShortText(option: string, text: string, max: number): string | { readonly problem: string } {
  const line = cleanLine(text);
  if (line === '') return { problem: `${option} is empty; say it in 1 to ${max} characters.` };
  if (cutText(line, max) !== line) return { problem: `${option} is too long; say it in 1 to ${max} characters.` };
  return line;
}

export const NAME_MAX = 64;
export const REASON_MAX = 200;
