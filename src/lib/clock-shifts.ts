import { DAY_MS, type EpochMs, SECOND_MS } from './clock.ts';

/**
 * A moment at which a zone's clock is set. Set forward it leaves out the readings from `at + before` until `at + after`; set back it shows those
 * from `at + after` until `at + before` again. Readings are in milliseconds as if the clock were UTC's.
 */
export interface ClockShift {
  readonly at: EpochMs;
  /** How far the zone's clock is ahead of UTC, in milliseconds, before and after it. */
  readonly before: number;
  readonly after: number;
}

/** A function of (after, until): the moments after the one and up to the other at which the zone's clock is set, in order. */
export function createClockShifts(timezone: string): (after: EpochMs, until: EpochMs) => readonly ClockShift[] {
  const offsetAt = offsetReader(timezone);
  return (start, until) => {
    const shifts: ClockShift[] = [];
    // No zone sets its clock twice within a day.
    for (let from = start; from < until; from += DAY_MS) {
      const to = Math.min(from + DAY_MS, until);
      const [before, after] = [offsetAt(from), offsetAt(to)];
      if (after !== before) shifts.push({ at: firstWith(after, from, to, offsetAt), before, after });
    }
    return shifts;
  };
}

/** The first whole second after `from` with that offset, which `to` has and `from` has not. */
function firstWith(offset: number, from: EpochMs, to: EpochMs, offsetAt: (at: EpochMs) => number): EpochMs {
  let [low, high] = [Math.floor(from / SECOND_MS), Math.ceil(to / SECOND_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * SECOND_MS) === offset) high = middle;
    else low = middle;
  }
  return high * SECOND_MS;
}

/** How far the zone's clock is ahead of UTC at a moment, in milliseconds. */
function offsetReader(timezone: string): (at: EpochMs) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(name) ?? [];
    const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
    return (sign === '-' ? -size : size) * SECOND_MS;
  };
}

const OFFSET = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/;
