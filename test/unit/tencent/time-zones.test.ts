import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { formatApiTime, parseApiTime } from '../../../src/tencent/api-time.ts';
import { requestBody } from '../../../src/tencent/request-body.ts';

const BEIJING_MS = 8 * HOUR_MS;
/** With zones whose clocks are set, by an hour and by half an hour, and the one that is furthest ahead. */
const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Kiritimati'];
const own = process.env['TZ'];

afterEach(() => {
  if (own === undefined) delete process.env['TZ'];
  else process.env['TZ'] = own;
});

/** Node reads the zone anew when the variable is set. */
function moveHostTo(zone: string): void {
  process.env['TZ'] = zone;
  expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
}

const MOMENTS: readonly (readonly [string, string, string])[] = [
  ['a second before midnight in Beijing', '2026-01-15T15:59:59Z', '2026-01-15 23:59:59'],
  ['midnight in Beijing', '2026-01-15T16:00:00Z', '2026-01-16 00:00:00'],
  ['the end of a month', '2026-04-30T16:00:00Z', '2026-05-01 00:00:00'],
  ['the end of a year', '2026-12-31T15:59:59Z', '2026-12-31 23:59:59'],
  ['the beginning of a year', '2026-12-31T16:00:00Z', '2027-01-01 00:00:00'],
  ['the beginning of 29 February', '2028-02-28T16:00:00Z', '2028-02-29 00:00:00'],
  ['the end of 29 February', '2028-02-29T16:00:00Z', '2028-03-01 00:00:00'],
  ['the end of February otherwise', '2027-02-28T16:00:00Z', '2027-03-01 00:00:00'],
  ['the hour that New York leaves out', '2026-03-08T07:30:00Z', '2026-03-08 15:30:00'],
  ['the hour that New York has twice', '2026-11-01T06:30:00Z', '2026-11-01 14:30:00'],
  ['the half hour that Lord Howe leaves out', '2026-10-03T15:45:00Z', '2026-10-03 23:45:00'],
  ['the half hour that Lord Howe has twice', '2026-04-04T15:15:00Z', '2026-04-04 23:15:00'],
];

describe.each(ZONES)('on a host in %s', (zone) => {
  it.each(MOMENTS)('%s is asked for and read as Beijing says it', (_, utc, beijing) => {
    moveHostTo(zone);
    const at = Date.parse(utc);
    expect(formatApiTime(at, BEIJING_MS)).toBe(beijing);
    expect(parseApiTime(beijing, BEIJING_MS)).toBe(at);
    const query = { limit: 100, offset: 0, startDate: at, endDate: at + 1000 };
    expect(JSON.parse(requestBody(query, BEIJING_MS))).toMatchObject({
      StartDate: beijing,
      EndDate: formatApiTime(at + 1000, BEIJING_MS),
    });
  });

  it('every second of 200 years is written and read alike, whatever the offset', () => {
    moveHostTo(zone);
    const second = fc.integer({ min: Date.UTC(1970, 0, 2) / 1000, max: Date.UTC(2170, 0, 1) / 1000 });
    const offset = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(second, offset, (at, minutes) => {
        const offsetMs = minutes * MINUTE_MS;
        const text = formatApiTime(at * 1000, offsetMs);
        expect(text).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
        expect(parseApiTime(text, offsetMs)).toBe(at * 1000);
        // Without a day that is longer or shorter than others.
        expect(formatApiTime(at * 1000 + DAY_MS, offsetMs).slice(11)).toBe(text.slice(11));
      }),
      { numRuns: 500 },
    );
  });
});
