import { setTimeout as pause } from 'node:timers/promises';
import type { StoreConfig } from '../../src/config/config.ts';
import { SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/registry.ts';
import type { People } from './people.ts';

/** More than the longest pause between two tries. */
export const DRAINED_WITHIN_MS = 400_000;
const LOOK_EVERY_MS = 300;

/** Has dead messages sent again until none waits any more; resolves with what is wrong, as sentences. */
export async function untilDrained(config: StoreConfig, people: Pick<People, 'requeue'>): Promise<readonly string[]> {
  const until = performance.now() + DRAINED_WITHIN_MS;
  while (performance.now() < until) {
    const store = await openStore(config, { mode: 'reader', clock: systemClock });
    const { waiting, dead } = await store.backlog().finally(() => store.close());
    if (waiting + dead === 0) return [];
    if (dead > 0) await people.requeue();
    await pause(LOOK_EVERY_MS); // another process is at work
  }
  return [`messages still wait ${DRAINED_WITHIN_MS / SECOND_MS} s after the last fault`];
}
