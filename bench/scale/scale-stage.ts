import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreConfig } from '../../src/config/config.ts';
import { type EpochMs, SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import { startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { openStore } from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { writeConfigFile } from '../../test/support/config-file.ts';
import { postgresAddress } from '../../test/support/postgres-server.ts';
import { type RunningProgram, runProgram, startProgram } from '../../test/support/program.ts';
import { accountKeys } from '../reading/account-keys.ts';
import { startStandIn } from '../reading/children.ts';

export interface ScaleStageOptions {
  readonly accounts: number;
  /** Of each account, a tenth of them pending. */
  readonly tasks: number;
  readonly latencyMs: number;
  /** Seconds between two polls of an account, a divisor of 60. */
  readonly everyS: number;
}

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

export async function openScaleStage(options: ScaleStageOptions): Promise<ScaleStage> {
  const { accounts, tasks, latencyMs, everyS } = options;
  const pending = Math.ceil(tasks / 10);
  const standIn = await startStandIn({ closed: tasks - pending, pending, latencyMs, requestsPerSecond: 20, accounts });
  const hook = await startSlackHook();
  const poll = { schedule: everyS === 60 ? '* * * * *' : `*/${everyS} * * * * *`, timezone: 'Asia/Shanghai' };
  const own = accountKeys(accounts).map((key, index) => ({ name: `account-${index}`, endpoint: standIn.url, ...key }));
  const file = writeConfigFile({ sandbox: standIn, hook }, { digests: [], poll, accounts: own });
  const programs: RunningProgram[] = [];
  let config: StoreConfig = { engine: 'sqlite', path: file.storePath };
  const read: ScaleStage['read'] = async (work) => {
    const store = await openStore(config, { mode: 'reader', clock: systemClock });
    return work(store).finally(() => store.close());
  };
  return {
    names: own.map(({ name }) => name),
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
        return known.length === accounts && known.every(({ lastCompleteAt }) => (lastCompleteAt ?? 0) > since);
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
      await hook.close();
      standIn.close();
      file.remove();
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
