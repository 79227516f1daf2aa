import type { AccountConfig } from '../../src/config/config.ts';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { assumedLimits } from '../../src/poll/api-limits.ts';
import type { PollDeps, PolledAccount } from '../../src/poll/reading.ts';
import type { TaskReader } from '../../src/poll/task-reader.ts';
import { openMemoryStore } from '../../src/store/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

export const NOW = Date.UTC(2026, 10, 24, 4);

export const ACCOUNT: AccountConfig = {
  name: 'prod',
  key: { secretId: new Secret('id'), secretKey: new Secret('key'), token: null },
  assumeRole: null,
  endpoint: 'https://cvm.tencentcloudapi.com',
  region: 'ap-guangzhou',
  utcOffsetMs: 8 * 3_600_000,
  filter: { product: null, taskTypes: [], instanceIds: [], aliases: [] },
};

export interface PollKit {
  readonly clock: FakeClock;
  readonly store: Store;
  readonly account: PolledAccount;
  readonly deps: PollDeps;
}

/** An account, a store in memory and everything that a poll needs around a reader. */
export async function pollKit(reader: TaskReader, account: AccountConfig = ACCOUNT): Promise<PollKit> {
  const clock = createFakeClock(NOW);
  const store = await openMemoryStore(clock);
  await store.syncAccounts([{ name: account.name, filterKey: 'all' }], NOW);
  const deps: PollDeps = {
    store,
    clock,
    log: silentLog,
    route: () => ({ matched: true, channels: ['ops'] }),
    operatorChannels: ['ops'],
    poll: { lookbackMs: 30 * DAY_MS, overlapMs: 10 * MINUTE_MS, sinceMs: Date.UTC(2015, 0, 1) },
    wake: () => undefined,
  };
  const polled: PolledAccount = {
    config: account,
    reader: { read: reader.read.bind(reader), clockOffsetMs: () => 0 },
    limits: assumedLimits(),
  };
  return { clock, store, account: polled, deps };
}
