import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import type { OperatorCode, OperatorNotice } from '../model/alert.ts';
import type { WaitingAlert } from '../store/store.ts';

/** The notices that a channel was last sent, and when. */
export interface SentNotices {
  readonly at: EpochMs;
  readonly notices: readonly Pick<OperatorNotice, 'code' | 'over' | 'subject'>[];
}

/** Accounts of one key are polled a second apart: so long it takes twenty of them to meet the same trouble. */
const GATHER_MS = 20 * SECOND_MS;
/** Of these a poll shows several, or none, and nobody has to act at once: the first waits as long for the others. */
const PATIENT: readonly OperatorCode[] = ['unknown-value'];

/**
 * The waiting alerts that may be told now. The first notice of a trouble goes at once; what says the same of something else within 20 s waits until
 * then, so that twenty accounts of a key that was blocked are not twenty messages. What found no room in that message goes on, and of what has time
 * all goes together. Pure.
 */
export function gatherNotices(
  waiting: readonly WaitingAlert[],
  sent: ReadonlyMap<string, SentNotices>,
  now: EpochMs,
): readonly WaitingAlert[] {
  const oldest = new Map<string, EpochMs>();
  for (const { channel, at, subject } of waiting)
    if (subject.kind === 'operator') {
      const kind = kindOf(channel, subject.notice);
      oldest.set(kind, Math.min(at, oldest.get(kind) ?? at));
    }
  return waiting.filter(({ channel, at, subject }) => {
    if (subject.kind !== 'operator') return true;
    const { notice } = subject;
    if (PATIENT.includes(notice.code)) return !isWithin(oldest.get(kindOf(channel, notice)) ?? at, now);
    const last = sent.get(channel);
    if (last === undefined || at <= last.at || !isWithin(last.at, now)) return true;
    const { code, over, subject: of } = notice;
    return !last.notices.some((told) => told.code === code && told.over === over && told.subject !== of);
  });
}

/** A clock that was set back makes nothing wait. */
function isWithin(since: EpochMs, now: EpochMs): boolean {
  return now >= since && now - since < GATHER_MS;
}

function kindOf(channel: string, { code, over }: OperatorNotice): string {
  return JSON.stringify([channel, code, over]);
}
