import { readFile } from 'node:fs/promises';
import type { AccountConfig, PollConfig } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { createDirectDispatcher, createHttp } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import type { Meter } from '../lib/meter.ts';
import { type ApiTaskReader, createTaskReader } from './client.ts';
import { createCredentialSource } from './credentials/create-credential-source.ts';
import type { Credential } from './credentials/credential.ts';
import type { Env } from './dispatcher.ts';
import type { Pace } from './pace.ts';
import { createPaceRegistry, paceKey } from './pace-registry.ts';
import { shareDispatcher } from './shared-dispatcher.ts';

export interface AccountReaderOptions {
  readonly config: { readonly poll: Pick<PollConfig, 'requestsPerSecond' | 'requestTimeoutMs'> };
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

/**
 * Makes the reader of each account; readers of one key share their pace, all of them their connections, which the last one to be closed closes.
 * `mayStart` is called when a request may start by its pace, before it does, and throws where it may not for another reason.
 */
export function createAccountReader(
  options: AccountReaderOptions,
): (account: AccountConfig, mayStart?: () => void) => AccountReader {
  const { config, clock, random, log, meter, env = process.env } = options;
  const { requestsPerSecond, requestTimeoutMs } = config.poll;
  const paces = createPaceRegistry({ perSecond: requestsPerSecond, clock });
  const connections = shareDispatcher(env);
  return (account, mayStart) => {
    const { dispatcher, close } = connections.open();
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
    const paceOf = (key: Credential): Pace => {
      const shared = paces.paceFor(paceKey(account, key));
      return mayStart === undefined ? shared : guarded(shared, mayStart);
    };
    const accountLog = log.child({ account: account.name });
    const options = {
      account,
      paceOf,
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
        await Promise.all([reader.close(), close(), direct.destroy()]);
      },
    };
  };
}

function guarded(pace: Pace, guard: () => void): Pace {
  return {
    async start(priority, signal) {
      await pace.start(priority, signal);
      guard();
    },
    slowDown: () => pace.slowDown(),
    rate: () => pace.rate(),
  };
}
