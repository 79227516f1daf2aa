import type { Clock } from '../lib/clock.ts';
import type { Lane } from './lane.ts';

/**
 * Steps a lane until it has nothing to do now. A message that must be tried later is waited for once and tried once more, as long as all such
 * waits together take no more than `patienceMs`. Returns how many were delivered.
 */
export async function drainLane(
  lane: Pick<Lane, 'step'>,
  clock: Clock,
  patienceMs: number,
  signal: AbortSignal,
): Promise<number> {
  let delivered = 0;
  let patience = patienceMs;
  let hasWaited = false;
  for (;;) {
    const step = await lane.step(signal);
    if (step.did === 'sent') {
      if (step.state === 'delivered') delivered += 1;
      // The next message has its own wait.
      if (step.state === 'delivered' || step.state === 'dead') hasWaited = false;
      continue;
    }
    const pause = Math.max(0, (step.nextAt ?? Number.POSITIVE_INFINITY) - clock.now());
    if (hasWaited || pause > patience) return delivered;
    hasWaited = true;
    patience -= pause;
    await clock.sleep(pause, signal);
  }
}
