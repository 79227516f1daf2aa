import { request } from 'undici';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Secret } from '../lib/secret.ts';
import type { Store } from '../store/store.ts';

const DEADLINE_MS = 10 * SECOND_MS;
/** A message that has waited longer than this means that we cannot speak. */
const STUCK_AFTER_MS = 15 * MINUTE_MS;

/** True while messages flow: nothing has waited too long. */
export async function deliveriesFlow(store: Store, now: EpochMs): Promise<boolean> {
  const { oldestAt } = await store.backlog();
  return oldestAt === null || now - oldestAt < STUCK_AFTER_MS;
}

/**
 * Calls the heartbeat's address: its receiver tells the team when the calls stop, which is the only alarm that works when this process does not.
 * A failed call is logged and nothing else: the receiver will notice.
 */
export async function sendHeartbeat(url: Secret, clock: Clock, log: Log, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const deadline = new AbortController();
  clock.sleep(DEADLINE_MS, AbortSignal.any([done.signal, signal])).then(
    () => deadline.abort(new Error('no answer within 10 s')),
    () => undefined, // the answer came first, or the service stops
  );
  try {
    const answer = await request(url.reveal(), { method: 'GET', signal: AbortSignal.any([deadline.signal, signal]) });
    await answer.body.dump();
    if (answer.statusCode >= 300) log.warn('heartbeat-refused', { status: answer.statusCode });
  } catch (error) {
    if (!signal.aborted) log.warn('heartbeat-failed', { reason: error instanceof Error ? error.name : 'unknown' });
  } finally {
    done.abort();
  }
}
