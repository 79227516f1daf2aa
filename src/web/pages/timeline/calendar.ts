import { DAY_MS, type EpochMs, HOUR_MS } from '../../../lib/clock.ts';

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

/** The days that end with that of `now`, oldest first. Noon is asked for, since a day may have 23 or 25 hours. */
export function lastDays(now: EpochMs, count: number, calendar: Calendar): readonly string[] {
  const noon = now - (calendar.hour(now) - 12) * HOUR_MS;
  return Array.from({ length: count }, (_, i) => calendar.day(noon - (count - 1 - i) * DAY_MS));
}
