import { type Clock, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ViewStore } from '../store/store.ts';

/** Says when something that is shown has changed, whoever wrote it; looks once a second, and only while someone listens. */
export interface ChangeFeed {
  /** Returns what ends it. */
  listen(onChange: () => void): () => void;
}

export function createChangeFeed(view: Pick<ViewStore, 'version'>, clock: Clock, log: Log): ChangeFeed {
  const listeners = new Set<() => void>();
  let stop: AbortController | null = null;

  const watch = async (signal: AbortSignal): Promise<void> => {
    let seen: string | null = null;
    let isFailing = false;
    while (!signal.aborted) {
      const version = await view.version().catch((error: unknown) => {
        // Once, not each second of the trouble.
        if (!isFailing) log.warn('change-feed-failed', { error });
        return null;
      });
      isFailing = version === null;
      if (seen !== null && version !== null && version !== seen) for (const tell of listeners) tell();
      seen = version ?? seen;
      await clock.sleep(SECOND_MS, signal).catch(() => undefined); // aborted: the loop ends
    }
  };
  return {
    listen(onChange) {
      listeners.add(onChange);
      if (stop === null) {
        stop = new AbortController();
        void watch(stop.signal);
      }
      return () => {
        listeners.delete(onChange);
        if (listeners.size > 0) return;
        stop?.abort();
        stop = null;
      };
    },
  };
}
