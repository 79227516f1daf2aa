import { setTimeout as sleep } from 'node:timers/promises';
import { type EpochMs, SECOND_MS } from '../../src/lib/clock.ts';
import type { PollRecord } from '../../src/model/poll.ts';
import type { Store } from '../../src/store/store.ts';
import type { PostgresServer } from '../../test/support/postgres-server.ts';
import type { ManyAccountsOptions } from '../reading/many-accounts.ts';
import { duePolls } from './due-polls.ts';
import type { ScaleRow } from './scale-row.ts';
import { openScaleStage, type ScaleStage } from './scale-stage.ts';
import { watchDatabase } from './watch-database.ts';
import { watchProcesses } from './watch-processes.ts';

export interface ScaleOptions extends ManyAccountsOptions {
  /** Rising; each is reached by starting more. */
  readonly replicas: readonly number[];
  readonly windowS: number;
  /** Between a start and a window. */
  readonly settleS: number;
  /** The schedule asks for more than can be done. */
  readonly saturates: boolean;
  /** Where the replicas find the server; its own unless given. */
  readonly port?: number;
}

interface Window {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

const LOOK_MS = 250;
/** A poll that began at the end of a window is over by then. */
const GRACE_MS = 2 * SECOND_MS;

/** The same accounts read by one process on SQLite, then by more and more replicas on PostgreSQL. */
export async function measureScale(
  options: ScaleOptions,
  server: Pick<PostgresServer, 'port' | 'newStore'>,
  progress: (line: string) => void,
): Promise<readonly ScaleRow[]> {
  const { accounts, replicas } = options;
  const stage = await openScaleStage(options);
  try {
    const embedded = await stage.start();
    await stage.untilAllPolled();
    await embedded.waitForLog('backfill-finished', () => true, accounts);
    progress(`${accounts} accounts, SQLite`);
    const rows = [await measureRow(stage, options, null)];
    const address = new URL(await server.newStore());
    address.port = String(options.port ?? server.port);
    await stage.moveTo(address.href);
    for (const count of replicas) {
      while (stage.programs.length < count) await stage.start();
      await untilShared(stage, count);
      if (count === replicas[0]) await stage.untilAllPolled();
      progress(`${accounts} accounts, replicas: ${count}`);
      rows.push(await measureRow(stage, options, server));
    }
    return rows;
  } finally {
    await stage.close();
  }
}

async function measureRow(
  stage: ScaleStage,
  { accounts, everyS, windowS, settleS, saturates }: ScaleOptions,
  server: Pick<PostgresServer, 'port'> | null,
): Promise<ScaleRow> {
  await sleepUntilTick(everyS * SECOND_MS, settleS * SECOND_MS);
  const processes = watchProcesses(stage.programs.map(({ pid }) => pid));
  const database = server && (await watchDatabase(server));
  const from = Date.now();
  await sleep(windowS * SECOND_MS);
  const window = { from, to: Date.now() };
  const costs = processes.stop();
  const [ofDatabase] = await Promise.all([database?.stop(), sleep(GRACE_MS)]);
  const held = server === null ? [] : [...(await stage.read(heldBy)).values()];
  const polls = await stage.read((store) => pollsSince(store, from));
  const { due, done, lateMs } = duePolls(stage.names, everyS * SECOND_MS, window, polls);
  const seconds = (window.to - window.from) / SECOND_MS;
  return {
    accounts,
    replicas: server === null ? null : stage.programs.length,
    duePerSecond: accounts / everyS,
    pollsPerSecond: endedIn(window, polls) / seconds,
    doneShare: saturates ? null : done / due,
    lateMs: saturates ? [] : lateMs,
    transactionsPerSecond: ofDatabase === undefined ? null : ofDatabase.transactions / seconds,
    databaseShare: ofDatabase?.processorShare ?? null,
    databaseConnections: ofDatabase?.connections ?? null,
    ...costs,
    held,
  };
}

/** A process ticks its accounts from the first tick after its start, and polls at once what it has just got: neither belongs to the window. */
async function sleepUntilTick(everyMs: number, settlesMs: number): Promise<void> {
  await sleep(Math.ceil((Date.now() + settlesMs) / everyMs) * everyMs - Date.now());
}

/** Resolves once every account is held, and each replica has its share. */
async function untilShared(stage: ScaleStage, replicas: number): Promise<void> {
  const accounts = stage.names.length;
  for (;;) {
    const held = [...(await stage.read(heldBy)).values()];
    const all = held.reduce((sum, count) => sum + count, 0);
    if (held.length === replicas && all === accounts && Math.max(...held) <= Math.ceil(accounts / replicas)) return;
    await sleep(LOOK_MS);
  }
}

/** How many accounts each replica holds. */
async function heldBy(store: Store): Promise<ReadonlyMap<string, number>> {
  const leases = await store.leases(Date.now());
  const ofAccounts = leases.filter(({ name, leftMs }) => name.startsWith('accounts ') && leftMs > 0);
  return new Map([...Map.groupBy(ofAccounts, ({ owner }) => owner)].map(([owner, held]) => [owner, held.length]));
}

/** Newest first, in parts. */
async function pollsSince(store: Store, from: EpochMs): Promise<readonly PollRecord[]> {
  const found: PollRecord[] = [];
  for (;;) {
    const before = found.at(-1)?.id;
    const part = await store.polls({ limit: 1000, ...(before !== undefined && { before }) });
    found.push(...part);
    const last = part.at(-1);
    // Ids go by the begin of a poll, give or take what waits for the database.
    if (last === undefined || last.startedAt < from - 10 * SECOND_MS) break;
  }
  return found.filter(({ kind, startedAt }) => kind === 'poll' && startedAt >= from - SECOND_MS);
}

function endedIn({ from, to }: Window, polls: readonly PollRecord[]): number {
  return polls.filter(
    ({ result, endedAt }) => result === 'complete' && endedAt !== null && endedAt >= from && endedAt < to,
  ).length;
}
