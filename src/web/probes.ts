import type { Beat } from '../store/store.ts';
import type { Routes } from './web-app.ts';

/** Asked more often than this, the answer is the last one: nobody may wear out the disk by asking. */
const WRITTEN_EVERY_MS = 5_000;

/** For whoever restarts the process or sends it traffic: no token, no names, no reasons. */
export const probeRoutes: Routes = (app, { config, store, view, clock, log }) => {
  const kinds = ['clock', 'polls', ...(config.channels.length > 0 ? ['lane'] : [])];
  let written = Number.NEGATIVE_INFINITY;
  let last: Promise<boolean> = Promise.resolve(false);
  /** Writes the last beat of a loop once more, as it is: a proof that leaves no trace. */
  const isWritable = ([beat]: readonly Beat[]): Promise<boolean> => {
    if (beat === undefined || clock.monotonic() - written < WRITTEN_EVERY_MS) return last;
    written = clock.monotonic();
    last = store.beat(beat).then(() => true, troubled);
    return last;
  };
  /** A store that cannot be read is as little ready: a server may be gone. */
  const isReady = async (): Promise<boolean> => {
    const beats = await view.beats();
    return loopsLive(kinds, beats, clock.now()) && (await isWritable(beats));
  };
  const troubled = (error: unknown): false => {
    log.warn('not-ready', { error });
    return false;
  };
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', async (c) => {
    return (await isReady().catch(troubled)) ? c.text('ready\n') : c.text('not ready\n', 503);
  });
};

/**
 * True while of each kind of loop at least one beats: trouble of one account or channel is told by messages and metrics,
 * and must not take the page away from everybody.
 */
export function loopsLive(kinds: readonly string[], beats: readonly Beat[], now: number): boolean {
  return kinds.every((kind) => {
    const ofKind = beats.filter(({ loop }) => loop === kind || loop.startsWith(`${kind} `));
    return ofKind.some(({ at, withinMs }) => at + withinMs > now);
  });
}
