import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createMeterRelay } from '../../src/lib/meter.ts';
import { joinParts } from '../../src/parts.ts';
import { assumedLimits } from '../../src/poll/api-limits.ts';
import { createFencing } from '../../src/replica/fencing.ts';
import { accountsUnitName } from '../../src/replica/make-units.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { openMemoryStore } from '../../src/store/sqlite-store.ts';
import { createAccountReader } from '../../src/tencent/account-reader.ts';
import { paceKey } from '../../src/tencent/pace-registry.ts';
import { createReaderPool } from '../../src/tencent/reader-pool.ts';
import { accepted } from '../unit/config/load-text.ts';

const LEASE_MS = 15 * SECOND_MS;
/** Naps between two starts of a key are shorter; deadlines are longer. */
const NAP_MS = 2 * SECOND_MS;

/** A host that is frozen at `freeze` and goes on at `thaw`, when a whole lease and more has passed at once. Naps do not end before. */
function frozenClock() {
  let sleptMs = 0;
  const thawed = Promise.withResolvers<void>();
  const sleep: typeof systemClock.sleep = (ms, signal) =>
    ms > NAP_MS ? systemClock.sleep(ms, signal) : thawed.promise;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + sleptMs, sleep };
  const thaw = (): void => {
    sleptMs = LEASE_MS + SECOND_MS;
    thawed.resolve();
  };
  return { clock, thaw };
}

/** A replica with two accounts of one key, one request a second, as the program joins it. */
async function openStage() {
  const { clock, thaw } = frozenClock();
  const answered = Promise.withResolvers<void>();
  const sandbox = await startSandbox({ onRequest: () => answered.promise });
  const key = { secretId: 'AKIDsandbox', secretKey: 'sandbox' };
  const { config } = accepted(
    JSON.stringify({
      accounts: ['a1', 'a2'].map((name) => ({ name, endpoint: sandbox.url, ...key })),
      poll: { requestsPerSecond: 1 },
      channels: { slack: { type: 'slack', url: sandbox.url } },
      routes: [{ channels: ['slack'] }],
    }),
  );
  const store = { ...(await openMemoryStore(clock)), shared: true };
  await store.syncAccounts(
    [
      { name: 'a1', filterKey: '' },
      { name: 'a2', filterKey: '' },
    ],
    clock.now(),
  );
  const common = { clock, random: () => 0.5, log: silentLog, meter: createMeterRelay() };
  const fenced = createFencing(store, clock);
  const readers = createReaderPool((poll) => {
    const readerOf = createAccountReader({ ...common, config: { poll }, env: {} });
    return (of, mayStart) => ({ ...readerOf(of, mayStart), limits: assumedLimits() });
  });
  const parts = joinParts(config, {
    ...common,
    ...{ store, fenced, readers, me: 'mine', host: 'here', chainKey: null },
    ...{ isTroubled: () => false, onBackfill: () => undefined, runningSince: 0, addedAt: new Map() },
  });
  const [account] = config.accounts;
  const unit = accountsUnitName(account === undefined ? '' : paceKey(account, null));
  const close = async (): Promise<void> => {
    await parts.close();
    await sandbox.close();
    await store.close();
  };
  return { clock, thaw, sandbox, answer: answered.resolve, store, parts, unit, fence: fenced(unit).fence, close };
}

test('a replica that was frozen past its lease sends no request that waited for its pace meanwhile', async () => {
  const { clock, thaw, sandbox, answer, store, parts, unit, fence, close } = await openStage();
  const stop = new AbortController();
  const asked = clock.monotonic();
  const [lease] = await store.acquireLeases('mine', [{ name: unit, lastsMs: LEASE_MS }], clock.now());
  if (lease === undefined) throw new Error('nobody else had it');
  fence.hold(lease, asked + LEASE_MS, stop);
  const polls = parts.pollers.map((poller) => poller.pollOnce(stop.signal));
  // One has asked, the other has begun its poll and waits for the next start of their key.
  await sandbox.arrivals.until(() => true);
  while ((await store.polls({ limit: 9 })).length < 2) await turn();
  thaw();
  while (!stop.signal.aborted && sandbox.arrivals.entries.length < 2) await turn();
  expect(sandbox.arrivals.entries).toHaveLength(1);
  expect(stop.signal.reason).toEqual(new Error('its lease was lost'));
  // What was under way is answered to nobody's use, and asks for nothing more.
  await store.acquireLeases('another', [{ name: unit, lastsMs: LEASE_MS }], clock.now() + LEASE_MS);
  answer();
  expect(await Promise.all(polls)).toEqual([null, null]);
  expect(sandbox.arrivals.entries).toHaveLength(1);
  await close();
});
