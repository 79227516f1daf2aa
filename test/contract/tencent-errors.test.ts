import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import { createDirectDispatcher, createHttp } from '../../src/lib/http.ts';
import { Secret } from '../../src/lib/secret.ts';
import { createCredentialSource } from '../../src/tencent/credentials/create-credential-source.ts';
import { type Credential, CredentialError } from '../../src/tencent/credentials/credential.ts';
import { ACCOUNT } from '../support/poll-kit.ts';
import { openReaderKit, type ReaderKit } from '../support/reader-kit.ts';
import { apiAnswer, apiError, type ScriptedApi, startScriptedApi } from '../support/scripted-api.ts';

/** The table of errors, row by row: what tencent-client.test.ts does not play. */
let api: ScriptedApi;
let kit: ReaderKit;

beforeEach(async () => {
  api = await startScriptedApi();
  kit = openReaderKit();
});

afterEach(async () => {
  await kit.close();
  await api.close();
});

const readOnce = () => kit.read(kit.reader(api.origin));
const OFF_MS = 10 * MINUTE_MS;
const EXPIRED = 'AuthFailure.SignatureExpire';
const nothing = (headers = {}) => apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null }, headers);

const at = (offsetMs: number) => ({ Date: new Date(Date.now() + offsetMs).toUTCString() });
/** By how many minutes each request's time was ahead of ours. */
const stamps = () =>
  api.seen.map(({ headers }) => {
    const aheadMs = Number(headers['x-tc-timestamp']) * SECOND_MS - Date.now();
    return Math.floor(aheadMs / MINUTE_MS + 0.5);
  });

describe('trouble that passes', () => {
  test.each(['InternalError', 'ServiceUnavailable', 'ResourceUnavailable', 'ResourceUnavailable.Db', 'ResourceInUse'])(
    '%s is tried four times, and is then not available',
    async (code) => {
      api.script(apiError(code));
      expect(await readOnce()).toMatchObject({
        ok: false,
        failure: { kind: 'unavailable', code },
        cost: { requests: 4, throttles: 0 },
      });
      expect(kit.slowed).toBe(0);
    },
  );

  test.each(['RequestLimitExceeded', 'RequestLimitExceeded.IPLimitExceeded'])(
    '%s that stays slows the pace at each of four tries, and is then not available',
    async (code) => {
      api.script(apiError(code));
      expect(await readOnce()).toMatchObject({
        ok: false,
        failure: { kind: 'unavailable', code },
        cost: { requests: 4, throttles: 4 },
      });
      expect(kit.slowed).toBe(4);
    },
  );
});

describe('a clock that is off', () => {
  test.each([OFF_MS, -OFF_MS])('by %d ms is followed, and followed back when it is right again', async (offsetMs) => {
    const [off, right] = [at(offsetMs), at(0)];
    api.script(apiError(EXPIRED, '', off), nothing(off), nothing(off), apiError(EXPIRED, '', right), nothing(right));
    const reader = kit.reader(api.origin);
    for (let reads = 0; reads < 3; reads += 1) expect(await kit.read(reader)).toMatchObject({ ok: true });
    const minutes = offsetMs / MINUTE_MS;
    expect(stamps()).toEqual([0, minutes, minutes, minutes, 0]);
    expect(Math.abs(reader.clockOffsetMs() ?? Number.NaN)).toBeLessThan(MINUTE_MS);
  });

  test('costs one try more than the four', async () => {
    const internal = apiError('InternalError');
    api.script(internal, internal, apiError(EXPIRED), internal, nothing());
    expect(await readOnce()).toMatchObject({ ok: true, cost: { requests: 5 } });
  });

  test('cannot be corrected without a Date header: nothing more is asked', async () => {
    api.script((response, request) => {
      response.sendDate = false;
      apiError(EXPIRED)(response, request);
    });
    const reader = kit.reader(api.origin);
    const failure = { kind: 'blocked', code: EXPIRED };
    expect(await kit.read(reader)).toMatchObject({ ok: false, failure, cost: { requests: 1 } });
    expect(reader.clockOffsetMs()).toBeNull();
  });
});

describe('a key that is refused', () => {
  const old: Credential = {
    secretId: new Secret('id'),
    secretKey: new Secret('key'),
    token: new Secret('token'),
    expiresAt: null,
  };

  test.each(['unavailable', 'blocked'] as const)(
    'where a fresh one cannot be had, leaves the read %s, as its source says',
    async (kind) => {
      api.script(apiError('AuthFailure.TokenFailure'));
      const refresh = () => Promise.reject(new CredentialError(kind, 'no new key; wait'));
      const credentials = { get: async () => old, refresh, distrust: () => undefined, describe: () => 'the test' };
      expect(await kit.read(kit.reader(api.origin, { credentials }))).toMatchObject({
        ok: false,
        failure: { kind, code: 'no-credential', message: 'account "prod": no new key; wait' },
        cost: { requests: 1 },
      });
    },
  );

  test.each(['AuthFailure.InvalidSecretId', 'AuthFailure.MFAFailure', 'AuthFailure.UnauthorizedOperation'])(
    'by %s blocks the account at once',
    async (code) => {
      api.script(apiError(code));
      expect(await readOnce()).toMatchObject({ ok: false, failure: { kind: 'blocked', code }, cost: { requests: 1 } });
    },
  );
});

test.each(['InvalidParameterCombination', 'InvalidParameterValue.Range', 'MissingParameter.StartDate'])(
  '%s is refused at once: asking again would not help',
  async (code) => {
    api.script(apiError(code));
    expect(await readOnce()).toMatchObject({ ok: false, failure: { kind: 'refused', code }, cost: { requests: 1 } });
  },
);

describe('STS', () => {
  const role = { roleArn: 'qcs::cam::uin/100000000002:roleName/reader', sessionName: 'repairwatch', externalId: null };
  const key = { Credentials: { TmpSecretId: 'given', TmpSecretKey: 'secret', Token: 'token' } };
  const given = (headers: Record<string, string> = {}) =>
    apiAnswer({ ...key, ExpiredTime: Math.floor((Date.now() + 2 * HOUR_MS) / SECOND_MS) }, headers);

  /** The key that the role gives; the account's own signs for it. */
  async function roleKey(): Promise<string> {
    const dispatcher = createDirectDispatcher();
    const http = createHttp(dispatcher);
    const source = createCredentialSource({
      account: { ...ACCOUNT, assumeRole: role, endpoint: api.origin },
      env: {},
      readFile: () => Promise.reject(new Error('no file')),
      http,
      directHttp: http,
      clock: systemClock,
      random: () => 0,
      requestTimeoutMs: 10_000,
    });
    try {
      return (await source.get(new AbortController().signal)).secretId.reveal();
    } finally {
      await dispatcher.destroy();
    }
  }

  test('is asked by its own clock once that has refused ours', async () => {
    api.script(apiError(EXPIRED, '', at(OFF_MS)), given(at(OFF_MS)));
    expect(await roleKey()).toBe('given');
    expect(stamps()).toEqual([0, 10]);
  });

  test.each(['RequestLimitExceeded', 'InternalError'])('in trouble by %s is tried four times', async (code) => {
    const error = apiError(code);
    api.script(error, error, error, given());
    expect(await roleKey()).toBe('given');
    api.script(error);
    await expect(roleKey()).rejects.toMatchObject({ kind: 'unavailable', message: expect.stringContaining(code) });
    expect(api.seen).toHaveLength(8);
  });
});
