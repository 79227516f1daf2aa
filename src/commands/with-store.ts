import type { Config } from '../config/config.ts';
import { systemClock } from '../lib/clock.ts';
import { openStore } from '../store/registry.ts';
import type { Store } from '../store/store.ts';

/** Works with the store beside a running service: as `reader`, or as `guest` where single verbs must write. Closes it afterwards. */
export async function withStore<T>(
  config: Config,
  mode: 'reader' | 'guest',
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(config.store, { mode, clock: systemClock });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
