import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreConfig } from '../../src/config/config.ts';
import { type EpochMs, SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { postgresAddress } from '../../test/support/postgres-server.ts';
import { type RunningProgram, runProgram, startProgram } from '../../test/support/program.ts';
import { type ManyAccountsOptions, openManyAccounts } from '../reading/many-accounts.ts';

/** Accounts with a key each, the built program as any number of processes, and the counterparts: the API as a process of its own. */
export interface ScaleStage {
  readonly names: readonly string[];
  readonly programs: readonly RunningProgram[];
  /** One more process, by the configuration as it is now; resolves once it runs. */
  start(): Promise<RunningProgram>;
  /** Resolves once every account was polled from now on. */
  untilAllPolled(): Promise<void>;
  /** Reads what the processes write, wherever they do, and leaves no connection. */
  read<T>(work: (store: Store) => Promise<T>): Promise<T>;
  /** Ends the process on SQLite, copies its store to that address, and goes on there. */
  moveTo(url: string): Promise<void>;
  close(): Promise<void>;
}

const LOOK_MS = 250;

export async function openScaleStage(options: ManyAccountsOptions): Promise<ScaleStage> {
  const { names, file, close } = await openManyAccounts(options);
  const programs: RunningProgram[] = [];
  let config: StoreConfig = { engine: 'sqlite', path: file.storePath };
  const read: ScaleStage['read'] = async (work) => {
    const store = await openStore(config, { mode: 'reader', clock: systemClock });
    return work(store).finally(() => store.close());
  };
  return {
    names,
    programs,
    read,
    async start() {
      const program = startProgram(['run', '--config', file.path]);
      programs.push(program);
      await program.waitForLog('service-started');
      return program;
    },
    async untilAllPolled() {
      const since: EpochMs = Date.now();
      const isPolled = async (): Promise<boolean> => {
        const known = await read((store) => store.accounts());
        return known.length === names.length && known.every(({ lastCompleteAt }) => (lastCompleteAt ?? 0) > since);
      };
      while (!(await isPolled())) await sleep(LOOK_MS);
    },
    async moveTo(url) {
      await endAll(programs, 'SIGTERM');
      const { code, stderr } = await runProgram(['store', 'copy', '--to', url, '--config', file.path]);
      if (code !== 0) throw new Error(`the store was not copied: ${stderr}`);
      file.change({ store: url });
      config = { engine: 'postgres', address: postgresAddress(url) };
    },
    async close() {
      await endAll(programs, 'SIGKILL');
      await close();
    },
  };
}

async function endAll(programs: RunningProgram[], signal: NodeJS.Signals): Promise<void> {
  const ending = programs.splice(0);
  for (const program of ending) program.kill(signal);
  const hangs = setTimeout(() => {
    for (const program of ending) program.kill('SIGKILL');
  }, 20 * SECOND_MS);
  await Promise.all(ending.map(({ exited }) => exited));
  clearTimeout(hangs);
}
