import { shortLine } from '../model/silence-terms.ts';

/** A person's name or reason as one clean line of 1 to `max` characters, or what is wrong with it as a sentence. */
export function readShortText(option: string, text: string, max: number): string | { readonly problem: string } {
  const read = shortLine(text, max);
  if ('line' in read) return read.line;
  const fault = read.fault === 'empty' ? 'empty' : 'too long';
  return { problem: `${option} is ${fault}; say it in 1 to ${max} characters.` };
}
