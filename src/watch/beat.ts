import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/store.ts';

/** Often enough for `health`, seldom enough to cost nothing. */
const BEAT_EVERY_MS = 15_000;

interface BeatDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** True while the store cannot be written, even if a beat could. */
  readonly isTroubled: () => boolean;
}

/** A function for a loop to call as often as it likes: it writes to the store that the loop lives, at most every 15 s. */
export function createBeat(loop: string, withinMs: number, { store, clock, log, isTroubled }: BeatDeps): () => void {
  let next = Number.NEGATIVE_INFINITY;
  return () => {
    // A loop that can record nothing else must not look alive.
    if (clock.monotonic() < next || isTroubled()) return;
    next = clock.monotonic() + BEAT_EVERY_MS;
    // Not awaited: a loop must not wait for its own watch; a failed write shows as a missing beat.
    store.beat({ loop, at: clock.now(), withinMs }).catch((error: unknown) => log.warn('beat-failed', { loop, error }));
  };
}
