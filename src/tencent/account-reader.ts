import { readFile } from 'node:fs/promises';
import type { AccountConfig, Config } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { createDirectDispatcher, createHttp } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import type { Meter } from '../lib/meter.ts';
import { type ApiTaskReader, createTaskReader } from './client.ts';
import { createCredentialSource } from './credentials/create-credential-source.ts';
import { createDispatcher, type Env } from './dispatcher.ts';
import { createPaceRegistry, paceKey } from './pace-registry.ts';

export interface AccountReaderOptions {
  readonly config: Pick<Config, 'poll'>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly meter?: Meter;
  /** `process.env` unless given. */
  readonly env?: Env;
}

/** A reader of one account, which also says where its key comes from. */
export interface AccountReader extends ApiTaskReader {
  describeKey(): string;
}

/** Makes the reader of each account; readers of one key share their pace. Closing a reader closes its own connections. */
export function createAccountReader(options: AccountReaderOptions): (account: AccountConfig) => AccountReader {
  const { config, clock, random, log, meter, env = process.env } = options;
  const { requestsPerSecond, requestTimeoutMs } = config.poll;
  const paces = createPaceRegistry({ perSecond: requestsPerSecond, clock });
  return (account) => {
    const dispatcher = createDispatcher(env);
    // The metadata service's answers are keys: no proxy may see them.
    const direct = createDirectDispatcher();
    const credentials = createCredentialSource({
      account,
      env,
      readFile: (path) => readFile(path, 'utf8'),
      http: createHttp(dispatcher),
      directHttp: createHttp(direct),
      clock,
      random,
      requestTimeoutMs,
    });
    const pace = paces.paceFor(paceKey(account));
    const accountLog = log.child({ account: account.name });
    const options = {
      account,
      pace,
      clock,
      random,
      credentials,
      requestTimeoutMs,
      dispatcher,
      log: accountLog,
      ...(meter && { meter }),
    };
    const reader = createTaskReader(options);
    return {
      ...reader,
      describeKey: () => credentials.describe(),
      close: async () => {
        await Promise.all([reader.close(), dispatcher.destroy(), direct.destroy()]);
      },
    };
  };
}
