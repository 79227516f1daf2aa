import { expect, it } from 'vitest';
import type { AccountConfig } from '../../../src/config/config.ts';
import { Secret } from '../../../src/lib/secret.ts';
import type { AccountReader } from '../../../src/tencent/account-reader.ts';
import { createReaderPool } from '../../../src/tencent/reader-pool.ts';
import { ACCOUNT } from '../../support/poll-kit.ts';

const SETTINGS = { requestsPerSecond: 18, requestTimeoutMs: 10_000 };
const account = (secretKey: string, more: Partial<AccountConfig> = {}): AccountConfig => ({
  ...ACCOUNT,
  key: { secretId: new Secret('id'), secretKey: new Secret(secretKey), token: null },
  ...more,
});

/** A pool whose readers say by their key which one they are. */
function setUp() {
  const did: string[] = [];
  let made = 0;
  const pool = createReaderPool(() => () => {
    made += 1;
    const name = `reader ${made}`;
    did.push(`${name} made`);
    const reader: AccountReader = {
      read: () => Promise.reject(new Error('not asked for')),
      clockOffsetMs: () => null,
      describeKey: () => name,
      close: async () => void did.push(`${name} closed`),
    };
    return reader;
  });
  const take = (of: AccountConfig, settings = SETTINGS, unit = 'accounts k') => pool.take(of, settings, unit);
  return { did, take };
}

it('an account that stays as it is keeps its reader, which the last configuration closes, once', async () => {
  const { did, take } = setUp();
  const before = take(account('a'));
  const after = take(account('a', { schedule: { schedule: '* * * * *', timezone: 'UTC' } }));
  expect(after.describeKey()).toBe('reader 1');
  await before.close();
  await before.close();
  expect(did).toEqual(['reader 1 made']);
  await after.close();
  expect(did).toEqual(['reader 1 made', 'reader 1 closed']);
  expect(take(account('a')).describeKey()).toBe('reader 2');
});

it.each<[string, Parameters<ReturnType<typeof setUp>['take']>]>([
  ['its secret', [account('b')]],
  ['its endpoint', [account('a', { endpoint: 'https://cvm.ap-guangzhou.tencentcloudapi.com' })]],
  ['the pace', [account('a'), { ...SETTINGS, requestsPerSecond: 5 }]],
  ['under what its requests are counted', [account('a'), SETTINGS, 'accounts other']],
])('an account of which %s differs gets another reader', (_what, changed) => {
  const { take } = setUp();
  take(account('a'));
  expect(take(...changed).describeKey()).toBe('reader 2');
});
