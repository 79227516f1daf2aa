import type { Channel } from '../channels/channel.ts';
import { type Clock, DAY_MS, MINUTE_MS, SECOND_MS } from '../lib/clock.ts';

export interface IdleProbe {
  /** The counterpart has just taken a message: it is alive. */
  delivered(): void;
  /** A message was refused as if nobody were there: should nothing wait any more, the counterpart is asked soon. */
  suspect(): void;
  /** Probes the lane if that is due; null where it is not, or where a trouble is too young to be told. */
  look(signal: AbortSignal): Promise<ProbeNews | null>;
}

/** `alive`: it would take messages. `silent`: it has refused every probe for a quarter of an hour. */
export type ProbeNews = { readonly news: 'alive' } | { readonly news: 'silent'; readonly reason: string };

/** An idle lane is asked daily, the first time soon after the start: a dead hook should be known before it is needed. */
const PROBE_EVERY_MS = DAY_MS;
const FIRST_PROBE_AFTER_MS = 10 * MINUTE_MS;
/** A counterpart that does not answer well is asked again this soon, */
const AGAIN_AFTER_MS = 5 * MINUTE_MS;
/** and told as silent after so long: a restart of a mail server wakes nobody. */
const SILENT_AFTER_MS = 15 * MINUTE_MS;
const PROBE_DEADLINE_MS = 20 * SECOND_MS;

/** Watches over a lane that has nothing to send; one channel speaks for all, since they share the hook or the login. */
export function createIdleProbe(channel: Pick<Channel, 'probe'>, clock: Clock): IdleProbe {
  let dueAt = clock.monotonic() + FIRST_PROBE_AFTER_MS;
  let troubleSince: number | null = null;

  function alive(): void {
    troubleSince = null;
    dueAt = clock.monotonic() + PROBE_EVERY_MS;
  }

  return {
    delivered: alive,
    suspect() {
      dueAt = Math.min(dueAt, clock.monotonic() + AGAIN_AFTER_MS);
    },
    async look(signal) {
      if (clock.monotonic() < dueAt) return null;
      const answer = await channel.probe(AbortSignal.any([signal, AbortSignal.timeout(PROBE_DEADLINE_MS)]));
      if (signal.aborted) return null;
      if (answer.ok) {
        alive();
        return { news: 'alive' };
      }
      const now = clock.monotonic();
      troubleSince ??= now;
      dueAt = now + AGAIN_AFTER_MS;
      return now - troubleSince < SILENT_AFTER_MS ? null : { news: 'silent', reason: answer.reason };
    },
  };
}
