import type { EpochMs } from './clock.ts';
import { parseDuration } from './duration.ts';

const WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/;

/** The moment that a person names: a duration from `now` such as `8h`, or a date and time with its zone such as `2026-12-01T09:00+08:00`; null for anything else. */
export function parseMoment(text: string, now: EpochMs): EpochMs | null {
  const duration = parseDuration(text);
  if (duration !== null) return now + duration;
  if (!WITH_ZONE.test(text)) return null;
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) || !isOnCalendar(text) ? null : at;
}

/** The runtime takes the 30th of February for a day of March. */
function isOnCalendar(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
