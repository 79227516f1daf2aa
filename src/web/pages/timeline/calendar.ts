import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../lib/clock.ts';

/** A line in a chart, with what stands above it. */
export interface Tick {
  readonly column: number;
  readonly text: string;
  /** The beginning of a day. */
  readonly strong: boolean;
}

const EVERY_HOURS = 6;

/** A zone's calendar: which day and which hour a moment is. */
export interface Calendar {
  /** "2026-11-24". */
  day(at: EpochMs): string;
  /** 0 to 23. */
  hour(at: EpochMs): number;
}

export function calendarOf(timeZone: string): Calendar {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const hours = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  return { day: (at) => days.format(at), hour: (at) => Number(hours.format(at)) };
}

/** For a column an hour from `from` on: a line every six hours of the clock, days by their date. */
export function hourTicks(from: EpochMs, columns: number, calendar: Calendar): readonly Tick[] {
  return Array.from({ length: columns }, (_, column) => ({ column, at: from + column * HOUR_MS })).flatMap(
    ({ column, at }) => {
      const hour = calendar.hour(at);
      if (hour % EVERY_HOURS !== 0) return [];
      const text = hour === 0 ? calendar.day(at).slice(5) : `${String(hour).padStart(2, '0')}:00`;
      return [{ column, text, strong: hour === 0 }];
    },
  );
}

/** A day of a zone: [from, to). */
export interface Day {
  /** "2026-11-24". */
  readonly name: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The days that end with that of `now`, oldest first. */
export function lastDays(now: EpochMs, count: number, calendar: Calendar): readonly string[] {
  return noons(now, count, calendar).map((noon) => calendar.day(noon));
}

/** The same with when each begins and ends; that of `now` ends now. */
export function spansOfDays(now: EpochMs, count: number, calendar: Calendar): readonly Day[] {
  const starts = noons(now, count, calendar).map((noon) => beginOf(noon, calendar));
  return starts.map((from, i) => ({ name: calendar.day(from), from, to: starts[i + 1] ?? now + 1 }));
}

/** Some hour about noon of each day is asked for, since a day may have 23 or 25 hours. */
function noons(now: EpochMs, count: number, calendar: Calendar): readonly EpochMs[] {
  const noon = now - (calendar.hour(now) - 12) * HOUR_MS;
  return Array.from({ length: count }, (_, i) => noon - (count - 1 - i) * DAY_MS);
}

/** The first moment of the day whose noon or so is given, to the minute: clocks are set at whole minutes. */
function beginOf(noon: EpochMs, calendar: Calendar): EpochMs {
  const day = calendar.day(noon);
  let [before, since] = [Math.floor(noon / MINUTE_MS) - 1_800, Math.floor(noon / MINUTE_MS)];
  while (since - before > 1) {
    const middle = Math.floor((before + since) / 2);
    if (calendar.day(middle * MINUTE_MS) === day) since = middle;
    else before = middle;
  }
  return since * MINUTE_MS;
}
