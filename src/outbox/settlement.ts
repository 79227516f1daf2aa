import type { DeliveryOutcome } from '../channels/channel.ts';
import { backoffMs } from '../lib/backoff.ts';
import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { ClaimedMessage, Settlement } from '../store/store.ts';

const RETRY = { baseMs: 2 * SECOND_MS, capMs: 5 * MINUTE_MS } as const;
/** A hook that is gone is tried this seldom: someone must act first. */
const DOWN_PROBE_MS = 5 * MINUTE_MS;
/** A message is dead after so much time in which its lane was up. */
const AGE_LIMIT_MS = DAY_MS;
/** More than this between two tries was no trying: it stood behind another message, its lane was down, or nobody ran. */
const LONGEST_STEP_MS = 2 * RETRY.capMs;

/** What an outcome means for the message: settled, tried again and when, or dead. Pure; `random` in [0, 1). */
export function settlementOf(
  outcome: DeliveryOutcome,
  claimed: ClaimedMessage,
  now: EpochMs,
  random: number,
): Settlement {
  if (outcome.outcome === 'delivered') return deliveredOf(outcome, now);
  const { message } = claimed;
  const { reason } = outcome;
  const again = { state: 'waiting', at: now, reason, plain: message.plain, resume: message.resume } as const;
  const { mayRepeat, failures, upAgeMs: upBeforeMs } = claimed;
  const keep = { ...again, mayRepeat, failures, upAgeMs: upBeforeMs, down: false };
  if (outcome.outcome === 'down') return { ...keep, nextAt: now + DOWN_PROBE_MS, down: true };
  if (outcome.outcome === 'rejected') {
    if (message.plain) return { state: 'dead', at: now, reason };
    return { ...keep, plain: true, nextAt: now };
  }
  const sinceLastTry = now - (claimed.lastTryAt ?? claimed.madeAt);
  const upAgeMs = upBeforeMs + Math.min(LONGEST_STEP_MS, Math.max(0, sinceLastTry));
  if (upAgeMs >= AGE_LIMIT_MS) return { state: 'dead', at: now, reason: `not delivered within 24 h: ${reason}` };
  const unknown = { state: 'unknown', at: now, reason, upAgeMs } as const;
  if (outcome.outcome === 'unknown' && outcome.cutOff === true)
    return { ...unknown, nextAt: now, keepsLease: false, failures };
  const wait = backoffMs(failures + 1, { ...RETRY, random: () => random });
  if (outcome.outcome === 'unknown')
    return { ...unknown, nextAt: now + wait, keepsLease: true, failures: failures + 1 };
  const failed = { ...keep, upAgeMs, failures: failures + 1 };
  const nextAt = now + (outcome.afterMs ?? wait);
  return { ...failed, nextAt, resume: outcome.resume ?? message.resume };
}

/** Accepted, though not always for everyone. */
function deliveredOf(
  { receipt, refused = [] }: Extract<DeliveryOutcome, { outcome: 'delivered' }>,
  at: EpochMs,
): Settlement {
  const whom = refused.map(({ address, said }) => `${address}: ${said}`).join('; ');
  return { state: 'delivered', at, receipt, ...(whom !== '' && { reason: `refused for ${whom}` }) };
}
