import { expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { parseMoment } from '../../../src/lib/moment.ts';

const NOW = Date.UTC(2026, 10, 24, 4);

it.each([
  ['8h', NOW + 8 * HOUR_MS],
  ['3d', NOW + 72 * HOUR_MS],
  ['1h30m', NOW + 1.5 * HOUR_MS],
  ['2026-12-01T09:00+08:00', Date.UTC(2026, 11, 1, 1)],
  ['2026-12-01 09:00:30Z', Date.UTC(2026, 11, 1, 9, 0, 30)],
  ['2028-02-29T00:00Z', Date.UTC(2028, 1, 29)],
  ['2026-12-01T09:00', null],
  ['2026-12-01', null],
  ['2026-02-30T09:00Z', null],
  ['2026-12-01T25:00Z', null],
  ['tomorrow', null],
  ['', null],
])('%j is %s', (text, at) => {
  expect(parseMoment(text, NOW)).toBe(at);
});
