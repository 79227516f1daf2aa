import type { EpochMs } from '../lib/clock.ts';

const FORM = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const FORM_LENGTH = 'YYYY-MM-DD hh:mm:ss'.length;
/** How databases and Go write "no time". */
const NO_TIME = ['0000-00-00 00:00:00', '0001-01-01 00:00:00'];
/** Before this, Date.UTC reads a year as one of the twentieth century. */
const FIRST_YEAR = 100;

/** The moment in the form the API takes, `YYYY-MM-DD hh:mm:ss` in its own zone; a fraction of a second is cut off. */
export function formatApiTime(at: EpochMs, utcOffsetMs: number): string {
  return new Date(at + utcOffsetMs).toISOString().slice(0, FORM_LENGTH).replace('T', ' ');
}

/** The moment that `YYYY-MM-DD hh:mm:ss` means; null for the zero date; undefined for what is no such text or no moment of the calendar. */
export function parseApiTime(text: unknown, utcOffsetMs: number): EpochMs | null | undefined {
  if (typeof text !== 'string' || !FORM.test(text)) return undefined;
  if (NO_TIME.includes(text)) return null;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const known = year >= FIRST_YEAR && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!known || hour > 23 || minute > 59 || second > 59) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second) - utcOffsetMs;
}

const ZERO = '0'.charCodeAt(0);

/** The number that two digits at this place mean; several times faster than cutting the text up, twice for each row of a backfill. */
function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
