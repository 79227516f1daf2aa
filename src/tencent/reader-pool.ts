import type { AccountConfig, PollConfig } from '../config/config.ts';
import { createLoans } from '../lib/loans.ts';
import { settingsText } from '../lib/settings-text.ts';
import type { AccountReader } from './account-reader.ts';

type ReaderOf<R> = (account: AccountConfig, mayStart?: () => void) => R;
type Requests = Pick<PollConfig, 'requestsPerSecond' | 'requestTimeoutMs'>;

/** The readers of configurations that follow one another: of an account that stays as it is, its connections, its key and its pace stay, too, and whatever its reader carries. */
export interface ReaderPool<R extends AccountReader = AccountReader> {
  /**
   * The reader of the account, the one that is there where nothing differs by which it reads. `closing` it gives it back; the last who does closes it.
   * `unit`: under what its requests are counted; `mayStart` is of that unit.
   */
  take(account: AccountConfig, requests: Requests, unit: string, mayStart?: () => void): R;
}

/** `factoryOf`: makes the readers of these settings, which share the pace of their keys. */
export function createReaderPool<R extends AccountReader>(
  factoryOf: (requests: Requests) => ReaderOf<R>,
): ReaderPool<R> {
  const factories = new Map<string, ReaderOf<R>>();
  const loans = createLoans<R>((reader) => reader.close());

  function factory({ requestsPerSecond, requestTimeoutMs }: Requests): ReaderOf<R> {
    const key = `${requestsPerSecond} ${requestTimeoutMs}`;
    const made = factories.get(key) ?? factoryOf({ requestsPerSecond, requestTimeoutMs });
    factories.set(key, made);
    return made;
  }

  return {
    take(account, { requestsPerSecond, requestTimeoutMs }, unit, mayStart) {
      const { filter, schedule, ...reads } = account;
      const key = settingsText([reads, requestsPerSecond, requestTimeoutMs, unit]);
      const readerOf = factory({ requestsPerSecond, requestTimeoutMs });
      const { thing, giveBack } = loans.borrow(key, () => readerOf(account, mayStart));
      return { ...thing, close: giveBack };
    },
  };
}
