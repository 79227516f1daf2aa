import type { EpochMs } from '../lib/clock.ts';
import type { Speaker } from '../messages/speak.ts';

/** For narrow tables: `2026-11-25 03:25` in the speaker's zone, which stands elsewhere. */
export function shortTimeOf({ timezone }: Pick<Speaker, 'timezone'>): (at: EpochMs) => string {
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: timezone });
  return (at) => format.format(at);
}
