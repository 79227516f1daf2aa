import { type EpochMs, wholeSecond } from '../lib/clock.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseMoment } from '../lib/moment.ts';
import { parseApiTime } from '../tencent/api-time.ts';

/** A duration before `now`, a day, a time in the API's zone, or a time with its own; in whole seconds, null for anything else. A day alone is its first second as a start, its last as an end. */
export function remoteDate(text: string, edge: 'start' | 'end', now: EpochMs, utcOffsetMs: number): EpochMs | null {
  const before = parseDuration(text);
  const at =
    before === null
      ? (parseApiTime(dayTo(text, edge), utcOffsetMs) ?? parseMoment(withoutFraction(text), now))
      : now - before;
  return at === null ? null : wholeSecond(at);
}

function dayTo(text: string, edge: 'start' | 'end'): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text} ${edge === 'start' ? '00:00:00' : '23:59:59'}` : text;
}

/** Our own JSON has milliseconds; the API has seconds. */
function withoutFraction(text: string): string {
  return text.replace(/\.\d{1,9}(?=Z$|[+-]\d\d:\d\d$)/, '');
}
