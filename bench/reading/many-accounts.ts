import { startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { type ConfigFile, writeConfigFile } from '../../test/support/config-file.ts';
import { accountKeys } from './account-keys.ts';
import { startStandIn } from './children.ts';

export interface ManyAccountsOptions {
  readonly accounts: number;
  /** Of each account, a tenth of them pending. */
  readonly tasks: number;
  readonly latencyMs: number;
  /** Seconds between two polls of an account, a divisor of 60. */
  readonly everyS: number;
  /** So many of them, the first ones, are never answered. */
  readonly stuck?: number;
}

/** Accounts with a key each on a stand-in for the API, and the configuration by which the built program polls them. */
export interface ManyAccounts {
  readonly names: readonly string[];
  readonly file: ConfigFile;
  close(): Promise<void>;
}

export async function openManyAccounts(options: ManyAccountsOptions): Promise<ManyAccounts> {
  const { accounts, tasks, latencyMs, everyS, stuck = 0 } = options;
  const pending = Math.ceil(tasks / 10);
  const worlds = { closed: tasks - pending, pending, latencyMs, requestsPerSecond: 20 };
  const standIn = await startStandIn({ ...worlds, accounts, stuck });
  const hook = await startSlackHook();
  const poll = { schedule: everyS === 60 ? '* * * * *' : `*/${everyS} * * * * *`, timezone: 'Asia/Shanghai' };
  const own = accountKeys(accounts).map((key, index) => ({ name: `account-${index}`, endpoint: standIn.url, ...key }));
  const file = writeConfigFile({ sandbox: standIn, hook }, { digests: [], poll, accounts: own });
  return {
    names: own.map(({ name }) => name),
    file,
    async close() {
      await hook.close();
      standIn.close();
      file.remove();
    },
  };
}
