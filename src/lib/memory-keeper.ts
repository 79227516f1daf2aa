import { setFlagsFromString } from 'node:v8';
import { type Clock, MINUTE_MS } from './clock.ts';

/** A poll of some hundred tasks leaves a few MB behind, which V8 alone would collect once it is far more. */
const EVERY_MS = MINUTE_MS;

/**
 * V8 looks through the old generation when it has grown by three fifths of what was in use; by its own guess, made for a heap of 96 MB at most, eleven
 * times in three seconds of full speed, which was a tenth of all work. No flag of the first line, since that may have 127 bytes.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=60');
}

/** Collects at once, as far as can be; null in a process that was started without --expose-gc. */
export type Collect = (() => void) | null;

/** The program's own, as `V8_LIMITS` start it; the code of what ran at the start only is dropped with the rest. */
export function collector(): Collect {
  const { gc } = globalThis;
  if (gc === undefined) return null;
  setFlagsFromString('--flush-baseline-code');
  setFlagsFromString('--bytecode-old-age=1');
  return () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/**
 * Gives the system back what the start and the polls have left, when it is called and a minute has passed since it last did so. That takes about
 * 50 ms, in which nothing else runs.
 */
export function createMemoryKeeper(clock: Pick<Clock, 'monotonic'>, collect: Collect): () => void {
  let nextAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (collect === null || clock.monotonic() < nextAt) return;
    nextAt = clock.monotonic() + EVERY_MS;
    collect();
  };
}
