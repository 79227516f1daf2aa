import type { EpochMs } from './clock.ts';

/** RFC 5545: octets of a line without its end; a space that continues a line is one of them. */
const LINE_OCTETS = 75;

/** A line of a calendar, folded where it is too long, never within a character, with its line end. `value` is escaped already. */
export function calendarLine(name: string, value: string): string {
  const line = `${name}:${value}`;
  let folded = '';
  let begun = 0;
  let octets = 0;
  for (let at = 0; at < line.length; ) {
    const point = line.codePointAt(at) ?? 0;
    const size = octetsOf(point);
    if (octets + size > LINE_OCTETS) {
      folded += `${line.slice(begun, at)}\r\n `;
      begun = at;
      octets = 1;
    }
    octets += size;
    at += point > 0xffff ? 2 : 1;
  }
  return `${folded}${line.slice(begun)}\r\n`;
}

/** Of a code point in UTF-8. */
function octetsOf(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
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
