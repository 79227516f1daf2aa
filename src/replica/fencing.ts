import type { Clock } from '../lib/clock.ts';
import type { Store } from '../store/store.ts';
import { UnitFence } from './unit-fence.ts';

export interface Fenced {
  readonly fence: UnitFence;
  /** Writes only while the unit's lease is held. */
  readonly store: Store;
}

/** The store as each unit may write it, the same for the same name. A store that is not shared needs no fence, and is handed out as it is. */
export function createFencing(store: Store, clock: Pick<Clock, 'monotonic'>): (unit: string) => Fenced {
  const made = new Map<string, Fenced>();
  return (unit) => {
    const known = made.get(unit);
    if (known !== undefined) return known;
    const fence = new UnitFence(clock);
    const fenced = { fence, store: store.shared ? store.within(fence) : store };
    made.set(unit, fenced);
    return fenced;
  };
}
