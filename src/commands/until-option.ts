import { DAY_MS, type EpochMs } from '../lib/clock.ts';
import { parseMoment } from '../lib/moment.ts';

/** A silence that lasts longer than any repair task lives has no end that anybody waits for. */
const LONGEST_MS = 90 * DAY_MS;

/** The end of a silence as a moment after `now`, or what is wrong with it as a sentence. */
export function readUntil(text: string, now: EpochMs): EpochMs | { readonly problem: string } {
  const at = parseMoment(text, now);
  if (at === null) {
    return {
      problem: `--until is "${text}"; it must be a duration such as 8h or 3d, or a time with its zone such as 2026-12-01T09:00+08:00.`,
    };
  }
  if (at <= now) return { problem: `--until is "${text}", which has passed; it must lie in the future.` };
  if (at - now > LONGEST_MS) return { problem: `--until is "${text}"; it must be within 90 days.` };
  return at;
}
