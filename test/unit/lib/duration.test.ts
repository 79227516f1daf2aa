import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { formatDuration, parseDuration } from '../../../src/lib/duration.ts';

describe('durations', () => {
  it.each([
    ['30d', 30 * DAY_MS],
    ['10m', 10 * MINUTE_MS],
    ['4h', 4 * HOUR_MS],
    ['90s', 90_000],
    ['1h30m', 90 * MINUTE_MS],
    ['1d12h', 36 * HOUR_MS],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '30', '30 d', 'd', '1.5h', '-1h', '30m1h', '1h1h', '5w', '1H'])('does not read %j', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );

  it.each([
    [24 * HOUR_MS, '24h'],
    [30 * DAY_MS, '30d'],
    [90 * MINUTE_MS, '90m'],
    [45_000, '45s'],
    [0, '0s'],
  ])('writes %i ms as it would be read again', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
    expect(parseDuration(text)).toBe(ms);
  });
});
