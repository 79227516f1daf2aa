import type { Clock } from '../../src/lib/clock.ts';

/** The host's clock by the timers that vitest fakes, for what asks the host itself beside it, as node-cron does. */
export const timerClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener(
        'abort',
        () => {
          clearTimeout(timer);
          reject(signal.reason);
        },
        { once: true },
      );
    }),
};
