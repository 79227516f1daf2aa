import { describe, expect, it } from 'vitest';
import { calendarOf, hourTicks, lastDays, spansOfDays } from '../../../../src/web/pages/timeline/calendar.ts';

describe('the calendar of the timeline', () => {
  it('has a line every six hours of the zone’s clock, and says the date at its midnight', () => {
    const from = Date.UTC(2026, 10, 24, 7); // 15:00 in Beijing
    expect(hourTicks(from, 24, calendarOf('Asia/Shanghai'))).toEqual([
      { column: 3, text: '18:00', strong: false },
      { column: 9, text: '11-25', strong: true },
      { column: 15, text: '06:00', strong: false },
      { column: 21, text: '12:00', strong: false },
    ]);
  });

  it('keeps to the clock where an hour is left out', () => {
    const from = Date.UTC(2026, 2, 28, 22); // 23:00 in Berlin; two becomes three in the night
    const texts = hourTicks(from, 12, calendarOf('Europe/Berlin')).map(({ column, text }) => [column, text]);
    expect(texts).toEqual([
      [1, '03-29'],
      [6, '06:00'],
    ]);
  });

  it.each([0, 5, 23])('names the last days without a gap or a repeat, at %i o’clock', (hour) => {
    const now = Date.UTC(2026, 2, 30, hour);
    const days = lastDays(now, 5, calendarOf('UTC'));
    expect(days).toEqual(['2026-03-26', '2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30']);
  });

  it('knows when each day begins and ends, over a change of the clock too', () => {
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/Havana']) {
      const calendar = calendarOf(zone);
      for (const now of [Date.UTC(2026, 3, 10, 21), Date.UTC(2026, 10, 12, 3, 30)]) {
        const days = spansOfDays(now, 40, calendar);
        expect(days.map(({ name }) => name)).toEqual(lastDays(now, 40, calendar));
        expect(days.slice(1).map(({ from }) => from)).toEqual(days.slice(0, -1).map(({ to }) => to));
        expect(days.at(-1)?.to).toBe(now + 1);
        for (const { name, from, to } of days) {
          expect([calendar.day(from), calendar.day(to - 1)]).toEqual([name, name]);
          expect(calendar.day(from - 1)).not.toBe(name);
        }
      }
    }
  });

  it('names each day once over a change of the clock', () => {
    for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])
      for (let hour = 0; hour < 24 * 365; hour += 7) {
        const days = lastDays(Date.UTC(2026, 0, 1, hour), 30, calendarOf(zone));
        expect(new Set(days).size).toBe(30);
        expect(days.at(-1)).toBe(calendarOf(zone).day(Date.UTC(2026, 0, 1, hour)));
      }
  });
});
