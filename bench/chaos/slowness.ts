import { availableParallelism, loadavg } from 'node:os';
import { type Clock, SECOND_MS } from '../../src/lib/clock.ts';
import type { Journal } from './journal.ts';

/** More than so many that want to run on a processor at a time are not the run's own: it keeps two busy. */
const RUNNABLE_EACH = 2;

/** By how much longer than on a machine of its own a run may take for what it does, by the machine's load average and its processors. */
export function slownessOf(load: number, processors: number): number {
  return Math.max(1, load / (RUNNABLE_EACH * processors));
}

/** Notes in the journal how slow the machine was at its slowest, until the signal. */
export async function watchSlowness(journal: Journal, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    journal.slowness = Math.max(journal.slowness, slownessOf(loadavg()[0] ?? 0, availableParallelism()));
    await clock.sleep(SECOND_MS, signal).catch(() => undefined); // aborted: the loop ends
  }
}
