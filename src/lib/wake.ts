import type { Clock } from './clock.ts';

/** Something to wait for: a loop sleeps on it, and whoever has work for the loop wakes it. A wake before the wait is not lost. */
export interface Wake {
  wake(): void;
  /** Resolves when woken or after `ms`; rejects with the signal's reason when aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWake(clock: Clock): Wake {
  let woken = false;
  let waker: (() => void) | null = null;
  return {
    wake() {
      woken = true;
      waker?.();
    },
    async wait(ms, signal) {
      signal.throwIfAborted();
      if (!woken) {
        const timer = new AbortController();
        const called = new Promise<void>((resolve) => {
          waker = resolve;
        });
        const slept = clock.sleep(ms, AbortSignal.any([signal, timer.signal])).catch((error: unknown) => {
          if (!timer.signal.aborted) throw error;
        });
        await Promise.race([called, slept]).finally(() => {
          waker = null;
          timer.abort();
        });
      }
      woken = false;
    },
  };
}
