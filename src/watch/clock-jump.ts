import { type Clock, SECOND_MS } from '../lib/clock.ts';

/** Clocks are corrected by a little all the time; more than this between two looks is a jump. */
const JUMP_MS = 10 * SECOND_MS;

/** A function to call now and then: by how many milliseconds the wall clock was set forward (or back, below 0) since the last call; 0 for none. */
export function createJumpWatch(clock: Pick<Clock, 'now' | 'monotonic'>): () => number {
  const ahead = (): number => clock.now() - clock.monotonic();
  let last = ahead();
  return () => {
    const jumpedMs = Math.round(ahead() - last);
    last = ahead();
    return Math.abs(jumpedMs) > JUMP_MS ? jumpedMs : 0;
  };
}
