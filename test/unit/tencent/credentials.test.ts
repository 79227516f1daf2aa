import { expect, test } from 'vitest';
import type { AccountConfig } from '../../../src/config/config.ts';
import type { Http, HttpCall, HttpResult } from '../../../src/lib/http.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createCachingSource } from '../../../src/tencent/credentials/caching-source.ts';
import { createCredentialSource } from '../../../src/tencent/credentials/create-credential-source.ts';
import type { Credential, CredentialSource } from '../../../src/tencent/credentials/credential.ts';
import { CredentialError } from '../../../src/tencent/credentials/credential.ts';
import type { Env } from '../../../src/tencent/dispatcher.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const NOW = Date.UTC(2026, 0, 15);
const HOUR_S = 3600;
const never = new AbortController().signal;

interface World {
  readonly env: Env;
  /** Its text, or the code with which reading it fails; what is missing does not exist. */
  readonly files: Record<string, string | { readonly code: string }>;
  /** By the last part of the URL or the X-TC-Action; what is missing cannot be reached. */
  readonly answers: Record<string, HttpResult>;
  readonly account?: Partial<AccountConfig>;
}

const NOWHERE: World = { env: { HOME: '/home/op' }, files: {}, answers: {} };

/** A source in a made-up world, and the calls that it made: `direct` must be only those of the metadata service. */
function sourceIn(world: World, clock = createFakeClock(NOW)) {
  const calls: (HttpCall & { direct: boolean })[] = [];
  const http = (direct: boolean): Http => ({
    async send(call) {
      calls.push({ ...call, direct });
      const name = call.headers['X-TC-Action'] ?? call.url.split('/').at(-1) ?? '';
      return (
        world.answers[name] ?? {
          ok: false,
          code: 'connection',
          detail: `getaddrinfo ENOTFOUND ${call.url.split('/')[2]}`,
        }
      );
    },
  });
  const source = createCredentialSource({
    account: {
      key: null,
      assumeRole: null,
      endpoint: 'https://cvm.tencentcloudapi.com',
      region: 'ap-guangzhou',
      ...world.account,
    },
    env: world.env,
    async readFile(path) {
      const text = world.files[path] ?? { code: 'ENOENT' };
      if (typeof text === 'string') return text;
      throw Object.assign(new Error(`${text.code}: cannot open '${path}'`), text);
    },
    http: http(false),
    directHttp: http(true),
    clock,
    random: () => 0,
    requestTimeoutMs: 1000,
  });
  return { source, calls, clock };
}

function answer(body: unknown, status = 200): HttpResult {
  return { ok: true, status, body: typeof body === 'string' ? body : JSON.stringify(body), date: null };
}

function stsKey(name: string, lifeS = HOUR_S): HttpResult {
  const Credentials = { TmpSecretId: name, TmpSecretKey: `${name}-key`, Token: `${name}-token` };
  return answer({ Response: { ExpiredTime: NOW / 1000 + lifeS, Credentials, RequestId: 'sts-1' } });
}

const METADATA_KEY = {
  TmpSecretId: 'role-id',
  TmpSecretKey: 'role-key',
  Token: 'role-token',
  ExpiredTime: NOW / 1000 + HOUR_S,
  Code: 'Success',
};
const ROLE_KEY = answer(METADATA_KEY);

const CONFIG_KEY = { secretId: new Secret('config-id'), secretKey: new Secret('config-key'), token: null };
const FILE =
  '; ops\n[other]\nsecret_id = no\n[default]\nsecret_id = file-id\n# old\nsecret_key=file-key\r\ntoken = a=b\n';
const POD: Env = {
  TKE_REGION: 'ap-beijing',
  TKE_PROVIDER_ID: 'tke-1',
  TKE_WEB_IDENTITY_TOKEN_FILE: '/var/run/token',
  TKE_ROLE_ARN: 'qcs::cam::uin/1:roleName/pod',
};
const ENVIRONMENT: Env = { TENCENTCLOUD_SECRET_ID: 'env-id', TENCENTCLOUD_SECRET_KEY: 'env-key' };
const METADATA = { 'security-credentials': answer(''), '': answer('my-role\n'), 'my-role': ROLE_KEY };

test.each<[string, World, string, string | null, string]>([
  [
    'the configuration',
    { ...NOWHERE, env: ENVIRONMENT, account: { key: CONFIG_KEY } },
    'config-id',
    null,
    'secretId and secretKey of the configuration',
  ],
  [
    'the environment',
    { ...NOWHERE, env: ENVIRONMENT, files: { '/etc/tencentcloud/credentials': FILE } },
    'env-id',
    null,
    'the environment (TENCENTCLOUD_SECRET_ID)',
  ],
  [
    'the environment with a token',
    { ...NOWHERE, env: { ...ENVIRONMENT, TENCENTCLOUD_SESSION_TOKEN: 't' } },
    'env-id',
    't',
    'the environment (TENCENTCLOUD_SECRET_ID)',
  ],
  [
    'a named file',
    { ...NOWHERE, env: { TENCENTCLOUD_CREDENTIALS_FILE: '/x' }, files: { '/x': FILE } },
    'file-id',
    'a=b',
    'the file /x',
  ],
  [
    'the file at home',
    { ...NOWHERE, files: { '/home/op/.tencentcloud/credentials': FILE }, answers: METADATA },
    'file-id',
    'a=b',
    'the file /home/op/.tencentcloud/credentials',
  ],
  [
    'the file of the host',
    { ...NOWHERE, files: { '/etc/tencentcloud/credentials': FILE } },
    'file-id',
    'a=b',
    'the file /etc/tencentcloud/credentials',
  ],
  [
    'the file of the host, where the home is closed to us',
    {
      ...NOWHERE,
      files: { '/home/op/.tencentcloud/credentials': { code: 'EACCES' }, '/etc/tencentcloud/credentials': FILE },
    },
    'file-id',
    'a=b',
    'the file /etc/tencentcloud/credentials',
  ],
  [
    "the CVM's role",
    { ...NOWHERE, env: POD, answers: METADATA },
    'role-id',
    'role-token',
    'the role my-role of this CVM',
  ],
  [
    "the pod's identity",
    { env: POD, files: { '/var/run/token': 'jwt\n' }, answers: { AssumeRoleWithWebIdentity: stsKey('pod-id') } },
    'pod-id',
    'pod-id-token',
    "TKE's pod identity (role qcs::cam::uin/1:roleName/pod)",
  ],
])('the key comes from %s', async (_, world, secretId, token, words) => {
  const { source, calls } = sourceIn(world);
  const credential = await source.get(never);
  expect(credential.secretId.reveal()).toBe(secretId);
  expect(credential.token?.reveal() ?? null).toBe(token);
  expect(source.describe()).toBe(words);
  for (const call of calls) expect(call.direct).toBe(call.url.startsWith('http://metadata.tencentyun.com/'));
});

test.each<[string, string]>([
  [
    'a comment after the section and each value',
    '[default] # main\nsecret_id = an-id # mine\nsecret_key = a-key ; too\n',
  ],
  ['values in quotes', '[default]\nsecret_id = "an-id"\nsecret_key = \'a-key\' # mine\n'],
])('a file with %s is read as the official SDKs read it', async (_, text) => {
  const { source } = sourceIn({ ...NOWHERE, files: { '/etc/tencentcloud/credentials': text } });
  const { secretId, secretKey } = await source.get(never);
  expect([secretId.reveal(), secretKey.reveal()]).toEqual(['an-id', 'a-key']);
});

test('the newline at the end of a variable is no part of the key', async () => {
  const env = { TENCENTCLOUD_SECRET_ID: 'an-id\n', TENCENTCLOUD_SECRET_KEY: 'a-key\n', TENCENTCLOUD_TOKEN: 't\n' };
  const { secretId, secretKey, token } = await sourceIn({ ...NOWHERE, env }).source.get(never);
  expect([secretId, secretKey, token].map((secret) => secret?.reveal())).toEqual(['an-id', 'a-key', 't']);
});

test.each(['TENCENTCLOUD_TOKEN', 'TENCENTCLOUD_SESSION_TOKEN', 'TENCENTCLOUD_SECURITY_TOKEN'])(
  'the token of the environment may be called %s',
  async (name) => {
    const { source } = sourceIn({ ...NOWHERE, env: { ...ENVIRONMENT, [name]: 't' } });
    expect((await source.get(never)).token?.reveal()).toBe('t');
  },
);

test.each<[string, World, string]>([
  [
    'a named file that is closed to us is not passed over for another one',
    {
      env: { TENCENTCLOUD_CREDENTIALS_FILE: '/x', HOME: '/home/op' },
      files: { '/x': { code: 'EACCES' }, '/home/op/.tencentcloud/credentials': FILE },
      answers: {},
    },
    'the credentials file: /x cannot be read: EACCES',
  ],
  [
    'a file without a key is said so',
    { ...NOWHERE, files: { '/etc/tencentcloud/credentials': '[prod]\nsecret_id = a\nsecret_key = b\n' } },
    'the credentials file: /etc/tencentcloud/credentials has no secret_id and secret_key under [default]',
  ],
  [
    'a key in the environment that no header can hold',
    { ...NOWHERE, env: { TENCENTCLOUD_SECRET_ID: '密钥', TENCENTCLOUD_SECRET_KEY: 'b' } },
    'the environment: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY have characters that no key has',
  ],
  [
    'a key in a file that no header can hold',
    { ...NOWHERE, files: { '/etc/tencentcloud/credentials': '[default]\nsecret_id = 密钥\nsecret_key = b\n' } },
    'the credentials file: /etc/tencentcloud/credentials has a key with characters that no key has',
  ],
  [
    'a pod without its token file',
    { env: POD, files: {}, answers: {} },
    "TKE's pod identity: TKE_WEB_IDENTITY_TOKEN_FILE cannot be read: ENOENT",
  ],
  [
    'a pod whose token file is empty',
    { env: POD, files: { '/var/run/token': '\n' }, answers: {} },
    "TKE's pod identity: TKE_WEB_IDENTITY_TOKEN_FILE is empty",
  ],
])('%s', async (_, world, words) => {
  await expect(sourceIn(world).source.get(never)).rejects.toThrow(words);
});

test('without any key the sentence says what each source answered', async () => {
  const { source } = sourceIn({ ...NOWHERE, env: { HOME: '/home/op', TENCENTCLOUD_SECRET_ID: 'lonely-id' } });
  const failure = await source.get(never).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CredentialError);
  expect(failure).toMatchObject({ kind: 'blocked' });
  expect(String(failure)).toBe(
    'CredentialError: no key for the API (' +
      'the environment: TENCENTCLOUD_SECRET_ID is set, but TENCENTCLOUD_SECRET_KEY is not; ' +
      'the credentials file: /home/op/.tencentcloud/credentials and /etc/tencentcloud/credentials do not exist; ' +
      'the role of this CVM: the metadata service is not reached (getaddrinfo ENOTFOUND metadata.tencentyun.com); ' +
      "TKE's pod identity: TKE_REGION, TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE, TKE_ROLE_ARN not set); " +
      'set secretId and secretKey of the account, or make one of these sources give a key',
  );
});

test.each<[string, Record<string, HttpResult>, string]>([
  ['is slow', { '': { ok: false, code: 'timeout', detail: 'no whole answer within 2000 ms' } }, 'unavailable'],
  ['answers 500', { '': answer('', 500) }, 'unavailable'],
  ['has no role', { '': answer('', 404) }, 'blocked'],
  ['gives no key', { '': answer('my-role'), 'my-role': answer({ Code: 'Failed' }) }, 'unavailable'],
  ['gives HTML', { '': answer('<html>') }, 'blocked'],
])('a metadata service that %s gives no key and no crash', async (_, answers, kind) => {
  await expect(sourceIn({ ...NOWHERE, answers }).source.get(never)).rejects.toMatchObject({ kind });
});

test('a failed fetch is not kept: the next one may find the key', async () => {
  const answers: Record<string, HttpResult> = {};
  const { source } = sourceIn({ ...NOWHERE, answers });
  await expect(source.get(never)).rejects.toBeInstanceOf(CredentialError);
  Object.assign(answers, METADATA);
  expect((await source.get(never)).secretId.reveal()).toBe('role-id');
});

test('a metadata service that nobody reaches is waited for once a minute, not at each request', async () => {
  const answers = { '': { ok: false, code: 'timeout', detail: 'no whole answer within 2000 ms' } } as const;
  const files: World['files'] = {};
  const { source, calls, clock } = sourceIn({ ...NOWHERE, files, answers });
  for (let asked = 0; asked < 5; asked += 1)
    await expect(source.get(never)).rejects.toMatchObject({ kind: 'unavailable' });
  expect(calls).toHaveLength(1);
  expect(calls[0]?.timeoutMs).toBeLessThanOrEqual(2000);
  await clock.advance(60_000);
  await expect(source.get(never)).rejects.toBeInstanceOf(CredentialError);
  expect(calls).toHaveLength(2);
  files['/etc/tencentcloud/credentials'] = FILE;
  expect((await source.get(never)).secretId.reveal()).toBe('file-id');
});

test("a pod's key behind a metadata service that nobody reaches is refreshed without asking it again", async () => {
  const answers = {
    '': { ok: false, code: 'timeout', detail: 'no whole answer within 2000 ms' },
    AssumeRoleWithWebIdentity: stsKey('pod'),
  } as const;
  const { source, calls } = sourceIn({ env: POD, files: { '/var/run/token': 'jwt' }, answers });
  await source.get(never);
  for (let refreshes = 0; refreshes < 3; refreshes += 1) await source.refresh(never);
  expect(calls.filter(({ direct }) => direct)).toHaveLength(1);
});

test('a source that is in trouble is kept to; one that has no key any more makes way for the others at the next try', async () => {
  const files: World['files'] = { '/etc/tencentcloud/credentials': FILE };
  const answers: Record<string, HttpResult> = { ...METADATA };
  const { source } = sourceIn({ ...NOWHERE, files, answers });
  expect((await source.get(never)).secretId.reveal()).toBe('file-id');
  delete files['/etc/tencentcloud/credentials'];
  await expect(source.refresh(never)).rejects.toMatchObject({ kind: 'blocked' });
  expect((await source.refresh(never)).secretId.reveal()).toBe('role-id');
  files['/etc/tencentcloud/credentials'] = FILE;
  answers[''] = answer('', 500);
  for (let tries = 0; tries < 2; tries += 1)
    await expect(source.refresh(never)).rejects.toMatchObject({ kind: 'unavailable' });
});

test("STS's words are shown without the pod's token", async () => {
  const Response = { Error: { Code: 'InvalidParameter', Message: 'the token jwt-secret is bad' }, RequestId: 'sts-8' };
  const { source } = sourceIn({
    env: POD,
    files: { '/var/run/token': 'jwt-secret' },
    answers: { AssumeRoleWithWebIdentity: answer({ Response }) },
  });
  await expect(source.get(never)).rejects.toThrow('the token [secret] is bad');
});

test("no part of the pod's token is shown, though it is longer than the words that are", async () => {
  const token = 'jwt-secret'.repeat(100);
  const Response = { Error: { Code: 'InvalidParameter', Message: `the token ${token} is bad` }, RequestId: 'sts-8' };
  const { source } = sourceIn({
    env: POD,
    files: { '/var/run/token': token },
    answers: { AssumeRoleWithWebIdentity: answer({ Response }) },
  });
  await expect(source.get(never)).rejects.toThrow('the token [secret] is bad');
});

test('a role is assumed with the key beneath it, signed for sts, with its external id', async () => {
  const role = { roleArn: 'qcs::cam::uin/2:roleName/reader', sessionName: 'rw', externalId: 'ext' };
  const { source, calls } = sourceIn({
    ...NOWHERE,
    account: { key: CONFIG_KEY, assumeRole: role },
    answers: { AssumeRole: stsKey('assumed') },
  });
  expect(source.describe()).toBe('role qcs::cam::uin/2:roleName/reader');
  expect(await source.get(never)).toMatchObject({ expiresAt: NOW + HOUR_S * 1000 });
  expect(source.describe()).toBe(
    'role qcs::cam::uin/2:roleName/reader, assumed with secretId and secretKey of the configuration',
  );
  expect(calls).toHaveLength(1);
  expect(calls[0]?.url).toBe('https://sts.tencentcloudapi.com/');
  expect(calls[0]?.headers['Authorization']).toContain('Credential=config-id/2026-01-15/sts/tc3_request');
  expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
    RoleArn: role.roleArn,
    RoleSessionName: 'rw',
    DurationSeconds: 7200,
    ExternalId: 'ext',
  });
});

test('a role that may not be assumed is a sentence with the code, the RequestId and the remedy', async () => {
  const role = { roleArn: 'qcs::cam::uin/2:roleName/reader', sessionName: 'rw', externalId: null };
  const Response = { Error: { Code: 'UnauthorizedOperation', Message: 'config-id may not.' }, RequestId: 'sts-9' };
  const { source } = sourceIn({
    ...NOWHERE,
    account: { key: CONFIG_KEY, assumeRole: role },
    answers: { AssumeRole: answer({ Response }) },
  });
  await expect(source.get(never)).rejects.toMatchObject({
    kind: 'blocked',
    message:
      'no key for the API (role qcs::cam::uin/2:roleName/reader: STS AssumeRole: UnauthorizedOperation: [secret] may not (RequestId sts-9)); ' +
      'check roleArn and externalId, and that the role trusts the key that assumes it',
  });
});

test('a role whose key beneath is refused is assumed with one fresh key, which a later try uses again', async () => {
  const role = { roleArn: 'qcs::cam::uin/2:roleName/reader', sessionName: 'rw', externalId: null };
  const error = (Code: string) => answer({ Response: { Error: { Code, Message: 'no' }, RequestId: 'sts-7' } });
  const toSts = [error('AuthFailure.TokenFailure'), error('InternalError'), stsKey('assumed')];
  const given = ['first', 'second', 'third'];
  const answers = {
    ...METADATA,
    get 'my-role'() {
      return answer({ ...METADATA_KEY, TmpSecretId: given.shift() });
    },
    get AssumeRole() {
      return toSts.shift() ?? error('InternalError');
    },
  };
  const { source, calls, clock } = sourceIn({ ...NOWHERE, account: { assumeRole: role }, answers });
  expect((await clock.drive(source.get(never))).secretId.reveal()).toBe('assumed');
  const signers = calls.flatMap(({ headers }) => /Credential=(\w+)/.exec(headers['Authorization'] ?? '')?.[1] ?? []);
  expect(signers).toEqual(['first', 'second', 'second']);
});

test("the pod's token file is read anew at each refresh, and the call to STS carries no signature", async () => {
  const files = { '/var/run/token': 'jwt-1' };
  const { source, calls } = sourceIn({ env: POD, files, answers: { AssumeRoleWithWebIdentity: stsKey('pod') } });
  await source.get(never);
  files['/var/run/token'] = 'jwt-2';
  await source.refresh(never);
  const toSts = calls.filter((call) => !call.direct);
  expect(toSts.map((call) => JSON.parse(call.body ?? '').WebIdentityToken)).toEqual(['jwt-1', 'jwt-2']);
  expect(toSts[0]?.headers).toMatchObject({
    Authorization: 'SKIP',
    'X-TC-Region': 'ap-beijing',
    'X-TC-Version': '2018-08-13',
  });
});

/** A source whose fetches are settled by the test. */
function caching(clock = createFakeClock(NOW)) {
  const fetches: {
    signal: AbortSignal;
    resolve(name: string, lifeMs: number, givenAt?: number): void;
    reject(error: Error): void;
  }[] = [];
  const source: CredentialSource = createCachingSource({
    name: 'a source',
    clock,
    fetch: (signal) =>
      new Promise((resolve, reject) => {
        const give = (name: string, lifeMs: number, givenAt: number | null = null) =>
          resolve({ credential: key(name, (givenAt ?? clock.now()) + lifeMs), from: name, givenAt });
        fetches.push({ signal, resolve: give, reject });
      }),
  });
  return { source, fetches, clock };
}

function key(name: string, expiresAt: number): Credential {
  return { secretId: new Secret(name), secretKey: new Secret('k'), token: new Secret('t'), expiresAt };
}

const idOf = async (promise: Promise<Credential>) => (await promise).secretId.reveal();

test('all who ask at the same time share one fetch, which ends only when the last of them has gone', async () => {
  const { source, fetches } = caching();
  const [one, two] = [new AbortController(), new AbortController()];
  const both = [source.get(one.signal), source.get(two.signal)];
  const rejections = both.map((promise) => promise.catch((error: unknown) => error));
  expect(fetches).toHaveLength(1);
  one.abort('gone');
  expect(await rejections[0]).toBe('gone');
  expect(fetches[0]?.signal.aborted).toBe(false);
  two.abort('gone too');
  expect(fetches[0]?.signal.aborted).toBe(true);
  const third = source.get(never);
  expect(fetches).toHaveLength(2);
  fetches[0]?.reject(new Error('aborted'));
  fetches[1]?.resolve('fresh', 1000);
  expect(await idOf(third)).toBe('fresh');
});

test.each([
  ['an hour', 3_600_000, 300_000],
  ['ten minutes', 600_000, 60_000],
])(
  'a key of %s is fetched anew at a tenth of its life, at most five minutes, before it ends',
  async (_, lifeMs, leadMs) => {
    const { source, fetches, clock } = caching();
    const first = source.get(never);
    fetches[0]?.resolve('first', lifeMs);
    await first;
    await clock.advance(lifeMs - leadMs - 1);
    expect(await idOf(source.get(never))).toBe('first');
    await clock.advance(1);
    const second = source.get(never);
    fetches[1]?.resolve('second', lifeMs);
    expect(await idOf(second)).toBe('second');
  },
);

test('while a refresh fails the old key is used as long as it is valid, and not one moment longer', async () => {
  const { source, fetches, clock } = caching();
  const first = source.get(never);
  fetches[0]?.resolve('first', 3_600_000);
  await first;
  const down = new CredentialError('unavailable', 'down');
  await clock.advance(3_400_000);
  const kept = source.get(never);
  fetches[1]?.reject(down);
  expect(await idOf(kept)).toBe('first');
  // It is not asked at every request, and asked again soon.
  expect(await idOf(source.get(never))).toBe('first');
  expect(fetches).toHaveLength(2);
  await clock.advance(200_000);
  const late = source.get(never);
  fetches[2]?.reject(down);
  await expect(late).rejects.toBe(down);
});

test('while the old key is valid nobody waits long for a new one that does not come, and the new one is taken when it does', async () => {
  const { source, fetches, clock } = caching();
  const first = source.get(never);
  fetches[0]?.resolve('first', 3_600_000);
  await first;
  await clock.advance(3_400_000);
  const waiting = source.get(never);
  await clock.advance(2_000);
  expect(await idOf(waiting)).toBe('first');
  expect(await idOf(source.get(never))).toBe('first');
  expect(fetches).toHaveLength(2);
  expect(fetches[1]?.signal.aborted).toBe(false);
  fetches[1]?.resolve('second', 3_600_000);
  await clock.advance(1);
  expect(await idOf(source.get(never))).toBe('second');
});

test('a stop ends the fetch that nobody waited for any more', async () => {
  const { source, fetches, clock } = caching();
  const first = source.get(never);
  fetches[0]?.resolve('first', 3_600_000);
  await first;
  await clock.advance(3_400_000);
  const stop = new AbortController();
  const waiting = source.get(stop.signal);
  await clock.advance(2_000);
  await waiting;
  stop.abort(new Error('stopped'));
  expect(fetches[1]?.signal.aborted).toBe(true);
  fetches[1]?.reject(new Error('aborted'));
});

test.each([
  ['two hours behind', -7_200_000],
  ['two hours ahead', 7_200_000],
])("with a host clock %s a key lives as long as its giver's clock says", async (_, offMs) => {
  const { source, fetches, clock } = caching(createFakeClock(NOW + offMs));
  const first = source.get(never);
  fetches[0]?.resolve('first', 3_600_000, NOW);
  await first;
  // The giver tells whole seconds: one less is sure.
  await clock.advance(3_299_000);
  expect(await idOf(source.get(never))).toBe('first');
  expect(fetches).toHaveLength(1);
  await clock.advance(1);
  const second = source.get(never);
  fetches[1]?.resolve('second', 3_600_000, NOW + 3_300_000);
  expect(await idOf(second)).toBe('second');
});

test.each([3_600_000, -3_600_000])(
  'a host clock that jumps by %d ms neither ends a key nor lengthens its life',
  async (jumpMs) => {
    const { source, fetches, clock } = caching();
    const first = source.get(never);
    fetches[0]?.resolve('first', 3_600_000);
    await first;
    clock.jumpWall(jumpMs);
    expect(await idOf(source.get(never))).toBe('first');
    await clock.advance(3_300_000);
    const second = source.get(never);
    expect(fetches).toHaveLength(2);
    fetches[1]?.resolve('second', 3_600_000);
    expect(await idOf(second)).toBe('second');
  },
);

test('many whose one key was refused fetch one new key, also those who are told later', async () => {
  const { source, fetches } = caching();
  const asked = source.get(never);
  fetches[0]?.resolve('first', 3_600_000);
  const refused = await asked;
  const early = [source.refresh(never, refused), source.refresh(never, refused)];
  fetches[1]?.resolve('second', 3_600_000);
  const second = await Promise.all(early);
  const late = await source.refresh(never, refused);
  expect([...second, late].map((found) => found.secretId.reveal())).toEqual(['second', 'second', 'second']);
  expect(fetches).toHaveLength(2);
});
