import type { EpochMs } from '../lib/clock.ts';
import { type EndFault, LONGEST_SILENCE_DAYS, silenceEnd } from '../model/silence-terms.ts';

const PROBLEMS: Readonly<Record<EndFault, string>> = {
  'no-moment': '; it must be a duration such as 8h or 3d, or a time with its zone such as 2026-12-01T09:00+08:00.',
  passed: ', which has passed; it must lie in the future.',
  'too-far': `; it must be within ${LONGEST_SILENCE_DAYS} days.`,
};

/** The end of a silence as a moment after `now`, or what is wrong with it as a sentence. */
export function readUntil(text: string, now: EpochMs): EpochMs | { readonly problem: string } {
  const end = silenceEnd(text, now);
  return 'at' in end ? end.at : { problem: `--until is "${text}"${PROBLEMS[end.fault]}` };
}
