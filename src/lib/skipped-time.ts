import { DAY_MS, type EpochMs, SECOND_MS } from './clock.ts';

/** A moment at which a zone's clock is set forward: what it would have shown from `from` until just before `to` is left out. */
export interface SkippedTime {
  readonly at: EpochMs;
  /** Clock readings, in milliseconds as if the clock were UTC's. */
  readonly from: number;
  readonly to: number;
}

/** The times that a zone's clock leaves out after `after` and up to `until`, in order. Pure. */
export function skippedTimes(timezone: string, after: EpochMs, until: EpochMs): readonly SkippedTime[] {
  const offsetAt = offsetReader(timezone);
  const skipped: SkippedTime[] = [];
  // No zone sets its clock twice within a day.
  for (let from = after; from < until; from += DAY_MS) {
    const to = Math.min(from + DAY_MS, until);
    const [before, later] = [offsetAt(from), offsetAt(to)];
    if (later <= before) continue;
    const at = firstWith(later, from, to, offsetAt);
    skipped.push({ at, from: at + before, to: at + later });
  }
  return skipped;
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
