import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import type { OperatorNotice } from '../model/alert.ts';
import type { WaitingAlert } from '../store/store.ts';

/** The notices that a channel was last sent, and when. */
export interface SentNotices {
  readonly at: EpochMs;
  readonly notices: readonly Pick<OperatorNotice, 'code' | 'over' | 'subject'>[];
}

/** Accounts of one key are polled a second apart: so long it takes twenty of them to meet the same trouble. */
const GATHER_MS = 20 * SECOND_MS;

/**
 * The waiting alerts that may be told now. The first notice of a trouble goes at once; what says the same of something else within 20 s waits until
 * then, so that twenty accounts of a key that was blocked are not twenty messages. What found no room in that message goes on. Pure.
 */
export function gatherNotices(
  waiting: readonly WaitingAlert[],
  sent: ReadonlyMap<string, SentNotices>,
  now: EpochMs,
): readonly WaitingAlert[] {
  return waiting.filter(({ channel, at, subject }) => {
    const last = sent.get(channel);
    if (subject.kind !== 'operator' || last === undefined || at <= last.at) return true;
    // A clock that was set back makes nothing wait.
    if (now < last.at || now - last.at >= GATHER_MS) return true;
    const { code, over, subject: of } = subject.notice;
    return !last.notices.some((told) => told.code === code && told.over === over && told.subject !== of);
  });
}
