import { type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Http } from '../lib/http.ts';
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

/** Calls the monitor once; resolves whatever comes of it, also when the signal ends it. */
export type Heartbeat = (signal: AbortSignal) => Promise<void>;

/**
 * The heartbeat's receiver tells the team when the calls stop, which is the only alarm that works when this process does not.
 * A failed call is logged and nothing else: the receiver will notice.
 */
export function createHeartbeat(url: Secret, http: Http, log: Log): Heartbeat {
  return async (signal) => {
    const call = { method: 'GET', url: url.reveal(), headers: {}, body: null, timeoutMs: DEADLINE_MS } as const;
    const answer = await http.send(call, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return null;
    });
    if (answer === null) return;
    if (!answer.ok) log.warn('heartbeat-failed', { reason: answer.code });
    else if (answer.status >= 300) log.warn('heartbeat-refused', { status: answer.status });
  };
}
