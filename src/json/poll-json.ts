import { isoTime } from '../lib/iso-time.ts';
import type { PollRecord } from '../model/poll.ts';

/** A line of the ledger, as `polls` and the API show it. Names may be added, never changed. */
export function pollJson(poll: PollRecord) {
  const { startedAt, endedAt, checkpointBefore, checkpointAfter, ...rest } = poll;
  return {
    ...rest,
    startedAt: isoTime(startedAt),
    endedAt: isoTime(endedAt),
    checkpointBefore: isoTime(checkpointBefore),
    checkpointAfter: isoTime(checkpointAfter),
  };
}
