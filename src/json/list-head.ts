import type { EpochMs } from '../lib/clock.ts';
import { isoTime } from '../lib/iso-time.ts';
import type { AccountReading } from '../model/message.ts';

/** What stands before a list of tasks for programs, when it was made and what is known of each account: names may be added, never changed. Times are UTC. */
export function listHead(readings: readonly AccountReading[], now: EpochMs): Readonly<Record<string, unknown>> {
  return {
    at: isoTime(now),
    accounts: readings.map(({ account, lastCompleteAt, known }) => ({
      account,
      known,
      lastCompleteAt: isoTime(lastCompleteAt),
    })),
  };
}
