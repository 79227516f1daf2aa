import { constants } from 'node:os';
import { SECOND_MS } from '../lib/clock.ts';

/** A service must be gone within 8 seconds of the signal. */
const HARD_STOP_MS = 7.5 * SECOND_MS;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface StopHooks {
  /** The first signal came: a clean stop begins. */
  readonly onStop?: (signal: NodeJS.Signals) => void;
  /** The clean stop took too long; the process ends now. */
  readonly onHang?: () => void;
}

/** Aborted by the first SIGTERM or SIGINT. A second one ends the process at once, and so does a stop that hangs for 7.5 s. */
export function stopSignal({ onStop, onHang }: StopHooks = {}): AbortSignal {
  const stop = new AbortController();
  const begin = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(128 + constants.signals[signal]);
    stop.abort(new Error(`stopped by ${signal}`));
    onStop?.(signal);
    setTimeout(() => {
      onHang?.();
      process.exit(1);
    }, HARD_STOP_MS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, begin);
  return stop.signal;
}
