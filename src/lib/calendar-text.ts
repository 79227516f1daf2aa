import type { EpochMs } from './clock.ts';

/** RFC 5545: octets of a line without its end; a space that continues a line is one of them. */
const LINE_OCTETS = 75;
const encoder = new TextEncoder();

/** A line of a calendar, folded where it is too long, never within a character, with its line end. `value` is escaped already. */
export function calendarLine(name: string, value: string): string {
  let folded = '';
  let octets = 0;
  for (const character of `${name}:${value}`) {
    const size = encoder.encode(character).length;
    if (octets + size > LINE_OCTETS) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return `${folded}\r\n`;
}

/** Text as a value: its lines stay lines, and nothing of it can end the value or begin another property. */
export function calendarText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n|[\r\n\u0085\u2028\u2029]/g, '\\n')
    .replace(/\p{Cc}/gu, '');
}

/** A moment in UTC to the second. */
export function calendarTime(at: EpochMs): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
}
