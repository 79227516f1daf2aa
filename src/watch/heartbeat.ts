import type { HeartbeatConfig } from '../config/config.ts';
import { type Clock, type EpochMs, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';
import type { Http } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';

const DEADLINE_MS = 10 * SECOND_MS;
/** A message that has waited longer than this means that we cannot speak. */
const STUCK_AFTER_MS = 15 * MINUTE_MS;

/** True while messages flow: no lane is down, nothing has waited too long. */
export async function deliveriesFlow(store: Store, now: EpochMs): Promise<boolean> {
  if ((await store.episodes()).some(({ code }) => code === 'lane-down')) return false;
  const { oldestAt } = await store.backlog();
  return oldestAt === null || now - oldestAt < STUCK_AFTER_MS;
}

/**
 * A monitor elsewhere, by healthchecks.io's conventions. Each call resolves whatever comes of it, also when the signal ends it; a failed one is
 * logged and nothing else: the monitor will notice.
 */
export interface Heartbeat {
  /** The process has begun; if no success follows, the monitor raises the alarm. */
  start(signal: AbortSignal): Promise<void>;
  success(signal: AbortSignal): Promise<void>;
  /** Something is wrong that a success would hide; for a monitor that takes no such call, nothing is called. */
  fail(signal: AbortSignal): Promise<void>;
}

export function createHeartbeat({ url, startAndFail }: HeartbeatConfig, http: Http, log: Log): Heartbeat {
  const call = async (address: string, signal: AbortSignal): Promise<void> => {
    const request = { method: 'GET', url: address, headers: {}, body: null, timeoutMs: DEADLINE_MS } as const;
    const answer = await http.send(request, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return null;
    });
    if (answer === null) return;
    if (!answer.ok) log.warn('heartbeat-failed', { reason: answer.code });
    else if (answer.status >= 300) log.warn('heartbeat-refused', { status: answer.status });
  };
  const callBelow = async (name: string, signal: AbortSignal): Promise<void> => {
    if (startAndFail) await call(below(url.reveal(), name), signal);
  };
  return {
    start: (signal) => callBelow('start', signal),
    success: (signal) => call(url.reveal(), signal),
    fail: (signal) => callBelow('fail', signal),
  };
}

/** The monitor's address with one more step in its path; a query stays at the end. */
function below(address: string, name: string): string {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`;
  return url.href;
}

/**
 * Calls the monitor at each interval, and at once when what it would say has changed. Where it cannot be found out whether all is well, that is
 * a failure, and the reason is thrown: a store that cannot be written can tell nobody, so the monitor must.
 */
export function createPulse(
  heartbeat: Heartbeat,
  everyMs: number,
  clock: Pick<Clock, 'monotonic'>,
): (isWell: () => Promise<boolean>, signal: AbortSignal) => Promise<void> {
  let said: boolean | null = null;
  let dueAt = Number.NEGATIVE_INFINITY;
  const say = async (well: boolean, signal: AbortSignal): Promise<void> => {
    if (well === said && clock.monotonic() < dueAt) return;
    said = well;
    dueAt = clock.monotonic() + everyMs;
    await (well ? heartbeat.success(signal) : heartbeat.fail(signal));
  };
  return async (isWell, signal) => {
    try {
      await say(await isWell(), signal);
    } catch (error) {
      await say(false, signal);
      throw error;
    }
  };
}
