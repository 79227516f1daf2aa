import { systemClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { ReadResult } from '../../src/poll/task-reader.ts';
import { type ApiTaskReader, createTaskReader, type TaskReaderOptions } from '../../src/tencent/client.ts';
import type { Credential } from '../../src/tencent/credentials/credential.ts';
import { ACCOUNT } from './poll-kit.ts';

/** What a reader of the kit signs with; none of it may ever be shown. */
export const READER_SECRETS = {
  secretId: 'AKIDreader',
  secretKey: 'reader-secret-key',
  token: 'reader-token',
} as const;

export interface ReaderKit {
  /** Times that the pace was slowed down. */
  readonly slowed: number;
  /** A reader of this endpoint that tries again at once. */
  reader(endpoint: string, changes?: Partial<TaskReaderOptions>): ApiTaskReader;
  /** Its page of everything that waits. */
  read(reader: ApiTaskReader): Promise<ReadResult>;
  close(): Promise<void>;
}

/** Readers without a pace, over real connections: for what the API may answer, whatever the time. */
export function openReaderKit(): ReaderKit {
  const opened: ApiTaskReader[] = [];
  let slowed = 0;
  const credential: Credential = {
    secretId: new Secret(READER_SECRETS.secretId),
    secretKey: new Secret(READER_SECRETS.secretKey),
    token: new Secret(READER_SECRETS.token),
    expiresAt: null,
  };
  const slowDown = (): void => {
    slowed += 1;
  };
  const give = async (): Promise<Credential> => credential;
  return {
    get slowed() {
      return slowed;
    },
    reader(endpoint, changes = {}) {
      const made = createTaskReader({
        account: { ...ACCOUNT, endpoint },
        paceOf: () => ({ start: async () => undefined, slowDown, rate: () => 18 }),
        clock: systemClock,
        random: () => 0,
        credentials: { get: give, refresh: give, distrust: () => undefined, describe: () => 'the test' },
        requestTimeoutMs: 10_000,
        ...changes,
      });
      opened.push(made);
      return made;
    },
    read: (reader) =>
      reader.read({ limit: 100, offset: 0, startDate: Date.UTC(2015, 0, 1) }, 'live', new AbortController().signal),
    async close() {
      await Promise.all(opened.map((reader) => reader.close()));
    },
  };
}
