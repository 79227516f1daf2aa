import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { Agent } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AccountConfig } from '../../src/config/config.ts';
import { Secret } from '../../src/lib/secret.ts';
import type { PageQuery, Priority, ReadCost } from '../../src/poll/task-reader.ts';
import { type ApiTaskReader, createTaskReader, type TaskReaderOptions } from '../../src/tencent/client.ts';
import { type Credential, CredentialError, type CredentialSource } from '../../src/tencent/credentials/credential.ts';
import type { Pace } from '../../src/tencent/pace.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import {
  apiAnswer,
  apiError,
  rawAnswer,
  type ScriptedAnswer,
  type ScriptedApi,
  startScriptedApi,
} from '../support/scripted-api.ts';

const require = createRequire(import.meta.url);
// The SDK's signer is CommonJS and not exported: what `require` gives has no type.
const { default: Sign } = require('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js') as {
  default: { sign3(request: object): string };
};

const NOW = Date.UTC(2026, 0, 15, 4);
const never = new AbortController().signal;
const LIVE: PageQuery = { limit: 100, offset: 0, startDate: Date.UTC(2015, 0, 1), taskStatus: [1, 2, 4], taskIds: [] };
const NOTHING = apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null });

let api: ScriptedApi;
let clock: FakeClock;
let starts: Priority[];
let slowDowns: number;
const opened: ApiTaskReader[] = [];

beforeEach(async () => {
  api = await startScriptedApi();
  clock = createFakeClock(NOW);
  starts = [];
  slowDowns = 0;
});

afterEach(async () => {
  for (const reader of opened.splice(0)) await reader.close();
  await api.close();
});

const pace: Pace = {
  async start(priority) {
    starts.push(priority);
  },
  slowDown() {
    slowDowns += 1;
  },
  rate: () => 18,
};

function key(name: string, token: string | null = null): Credential {
  return {
    secretId: new Secret(`id-${name}`),
    secretKey: new Secret(`key-${name}`),
    token: token === null ? null : new Secret(token),
    expiresAt: null,
  };
}

/** Gives the first key until it is refreshed, then the second. */
function keys(first: Credential, second: Credential = first): CredentialSource {
  let current = first;
  return {
    get: async () => current,
    async refresh() {
      current = second;
      return current;
    },
    distrust: () => undefined,
    describe: () => 'the test',
  };
}

function reader(changes: Partial<TaskReaderOptions> = {}, account: Partial<AccountConfig> = {}): ApiTaskReader {
  const made = createTaskReader({
    account: {
      name: 'prod',
      key: null,
      assumeRole: null,
      endpoint: api.origin,
      region: 'ap-guangzhou',
      utcOffsetMs: 8 * 3_600_000,
      filter: { product: null, taskTypes: [], instanceIds: [], aliases: [] },
      ...account,
    },
    paceOf: () => pace,
    clock,
    random: () => 0.5,
    credentials: keys(key('a')),
    requestTimeoutMs: 5_000,
    ...changes,
  });
  opened.push(made);
  return made;
}

const read = (from: ApiTaskReader, query: PageQuery = LIVE) => clock.drive(from.read(query, 'live', never));

test('a null set is an empty page, and the whole request is as the vendor writes it', async () => {
  api.script(NOTHING);
  const result = await read(reader({ credentials: keys(key('a', 'a-token')) }), {
    ...LIVE,
    endDate: NOW + 999,
    product: 'CVM',
    aliases: ['数据库'],
    order: 'descending',
  });
  expect(result).toMatchObject({
    ok: true,
    page: { totalCount: 0, rows: [], requestId: 'req-1' },
    cost: { requests: 1, throttles: 0 },
  });
  expect(api.seen[0]?.body).toBe(
    '{"Limit":100,"Offset":0,"Product":"CVM","TaskStatus":[1,2,4],"Aliases":["数据库"],' +
      '"StartDate":"2015-01-01 08:00:00","EndDate":"2026-01-15 12:00:00","OrderField":"CreateTime","Order":1}',
  );
  expect(api.seen[0]?.headers).toMatchObject({
    host: `127.0.0.1:${api.port}`,
    'content-type': 'application/json',
    'x-tc-action': 'DescribeTaskInfo',
    'x-tc-version': '2017-03-12',
    'x-tc-region': 'ap-guangzhou',
    'x-tc-timestamp': String(NOW / 1000),
    'x-tc-token': 'a-token',
  });
});

test("the official SDK's signer gives the same Authorization for the bytes that we put on the wire", async () => {
  api.script(NOTHING);
  // Speaks to the vendor's host as far as headers go, and dials loopback.
  const dispatcher = new Agent({
    connect(_, done) {
      const socket = connect(api.port, '127.0.0.1', () => done(null, socket));
    },
  });
  await read(reader({ dispatcher }, { endpoint: 'https://cvm.tencentcloudapi.com' }), {
    ...LIVE,
    aliases: ['数据库', '😀'],
  });
  const [seen] = api.seen;
  if (seen === undefined) throw new Error('nothing was sent');
  const { headers, body } = seen;
  expect(headers.host).toBe('cvm.tencentcloudapi.com');
  const theirs = Sign.sign3({
    method: 'POST',
    url: 'https://cvm.tencentcloudapi.com/',
    payload: Buffer.from(body),
    timestamp: Number(headers['x-tc-timestamp']),
    service: 'cvm',
    secretId: 'id-a',
    secretKey: 'key-a',
    multipart: false,
    boundary: '',
    headers: { 'Content-Type': headers['content-type'] ?? '' },
  });
  expect(headers.authorization).toBe(theirs);
  await dispatcher.destroy();
});

const reset: ScriptedAnswer = (response) => response.destroy();
const cutShort: ScriptedAnswer = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"Response":{"TotalCount":0', () => response.destroy());
};
const slowBody: ScriptedAnswer = (response) => response.writeHead(200).write('{"Response":');
const silence: ScriptedAnswer = () => undefined;
const tooLong: ScriptedAnswer = (response) => response.writeHead(200).end(Buffer.alloc(8 * 1024 * 1024 + 1, ' '));

test.each<[string, ScriptedAnswer, string, number]>([
  ['garbage', rawAnswer(200, '\u0000\u0001 not json'), 'bad-body', 5_000],
  ['HTML', rawAnswer(200, '<html>Login</html>'), 'bad-body', 5_000],
  ['truncated JSON', rawAnswer(200, '{"Response":{"TotalCount":1,"RepairTask'), 'bad-body', 5_000],
  ['a Response without TotalCount', apiAnswer({ RepairTaskInfoSet: [] }), 'bad-body', 5_000],
  ['a set of a wrong type', apiAnswer({ TotalCount: 1, RepairTaskInfoSet: 'x' }), 'bad-body', 5_000],
  ['more than 8 MB', tooLong, 'bad-body', 5_000],
  ['a gateway', rawAnswer(502, '<html>Bad gateway</html>'), 'HTTP 502', 5_000],
  ['a redirect', rawAnswer(302, ''), 'HTTP 302', 5_000],
  ['a reset', reset, 'connection', 5_000],
  ['a body cut short', cutShort, 'connection', 5_000],
  ['no answer', silence, 'timeout', 30],
  ['a body that never ends', slowBody, 'timeout', 30],
  ['an error nobody told us of', apiError('FailedOperation.Moon'), 'FailedOperation.Moon', 5_000],
  ['an internal error', apiError('InternalError.Db'), 'InternalError.Db', 5_000],
])(
  '%s is tried four times, each in its own turn, and is then not available',
  async (_, answer, code, requestTimeoutMs) => {
    api.script(answer);
    const result = await read(reader({ requestTimeoutMs }));
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable', code },
      cost: { requests: 4, throttles: 0 },
    });
    expect(starts).toEqual(['live', 'live', 'live', 'live']);
    expect(api.seen).toHaveLength(4);
  },
);

test('trouble that passes is not seen by who reads', async () => {
  api.script(rawAnswer(503, ''), reset, apiError('InternalError'), NOTHING);
  expect(await read(reader())).toMatchObject({ ok: true, cost: { requests: 4, throttles: 0 } });
  // 300, 600 and 1,200 ms, each times the random 0.5.
  expect(clock.monotonic()).toBe(1050);
});

test('RequestLimitExceeded slows the pace, waits and tries again', async () => {
  api.script(apiError('RequestLimitExceeded'), apiError('RequestLimitExceeded.UinLimitExceeded'), NOTHING);
  expect(await read(reader())).toMatchObject({ ok: true, cost: { requests: 3, throttles: 2 } });
  expect(slowDowns).toBe(2);
  expect(clock.monotonic()).toBe(1500);
});

test('a clock that is off is corrected from the Date header, once, and stays corrected', async () => {
  const date = { Date: new Date(NOW + 600_000).toUTCString() };
  api.script(apiError('AuthFailure.SignatureExpire', 'expired', date), apiAnswer({ TotalCount: 0 }, date));
  const account = reader();
  expect(account.clockOffsetMs()).toBeNull();
  expect(await read(account)).toMatchObject({ ok: true, page: { serverDate: NOW + 600_000 }, cost: { requests: 2 } });
  await read(account);
  const stamps = api.seen.map(({ headers }) => Number(headers['x-tc-timestamp']) - NOW / 1000);
  expect(stamps).toEqual([0, 600, 600]);
  expect(account.clockOffsetMs()).toBe(600_000);
});

test('a signature that is still expired after the correction blocks the account', async () => {
  api.script(apiError('AuthFailure.SignatureExpire'));
  const result = await read(reader());
  expect(result).toMatchObject({ ok: false, failure: { kind: 'blocked', requestId: 'req-1' }, cost: { requests: 2 } });
  expect(result.ok ? '' : result.failure.message).toContain("set this host's clock");
});

test.each(['AuthFailure.TokenFailure', 'AuthFailure.SecretIdNotFound'])(
  '%s of a temporary key fetches another one, once',
  async (code) => {
    api.script(apiError(code), NOTHING);
    const source = keys(key('old', 'old-token'), key('new', 'new-token'));
    expect(await read(reader({ credentials: source }))).toMatchObject({ ok: true, cost: { requests: 2 } });
    expect(api.seen.map(({ headers }) => headers['x-tc-token'])).toEqual(['old-token', 'new-token']);
    api.script(apiError(code));
    expect(await read(reader({ credentials: source }))).toMatchObject({
      ok: false,
      failure: { kind: 'blocked', code },
      cost: { requests: 2 },
    });
  },
);

test('a permanent key that is not found is not tried twice, unless its file has another one now', async () => {
  api.script(apiError('AuthFailure.SecretIdNotFound'));
  expect(await read(reader())).toMatchObject({ ok: false, failure: { kind: 'blocked' }, cost: { requests: 1 } });
  api.script(apiError('AuthFailure.SecretIdNotFound'), NOTHING);
  expect(await read(reader({ credentials: keys(key('old'), key('new')) }))).toMatchObject({ ok: true });
});

test.each([
  ['AuthFailure.SignatureFailure', 'blocked'],
  ['AuthFailure', 'blocked'],
  ['UnauthorizedOperation.CamNoAuth', 'blocked'],
  ['UnauthorizedOperation', 'blocked'],
  ['IpInBlacklist', 'blocked'],
  ['IpNotInWhitelist', 'blocked'],
  ['InvalidParameter', 'refused'],
  ['InvalidParameterValue.Limit', 'refused'],
  ['MissingParameter', 'refused'],
  ['UnknownParameter', 'refused'],
  ['InvalidAction', 'refused'],
  ['NoSuchVersion', 'refused'],
  ['UnsupportedRegion', 'refused'],
])('%s is %s at once', async (code, kind) => {
  api.script(apiError(code));
  const result = await read(reader());
  expect(result).toMatchObject({ ok: false, failure: { kind, code, requestId: 'req-1' }, cost: { requests: 1 } });
});

test('the sentence of a failure names account, code, remedy and RequestId, and no secret that the API echoes', async () => {
  api.script(apiError('UnauthorizedOperation', 'id-a with key-a and tok-a\nmay not.'));
  const result = await read(reader({ credentials: keys(key('a', 'tok-a')) }));
  expect(result.ok ? '' : result.failure.message).toBe(
    'account "prod" may not call DescribeTaskInfo, UnauthorizedOperation: [secret] with [secret] and [secret] may not; ' +
      'allow the key the action cvm:DescribeTaskInfo on resource * (RequestId req-1)',
  );
});

test('without a key nothing is asked, and the sentence is the source’s', async () => {
  const credentials = {
    ...keys(key('a')),
    get: () => Promise.reject(new CredentialError('blocked', 'no key; get one')),
  };
  expect(await read(reader({ credentials }))).toEqual({
    ok: false,
    failure: { kind: 'blocked', code: 'no-credential', requestId: null, message: 'account "prod": no key; get one' },
    cost: { requests: 0, throttles: 0 },
  });
});

test('a read that is called off rejects with the reason, in a request and in a wait', async () => {
  const why = new Error('shutting down');
  const stop = new AbortController();
  api.script((_, __) => stop.abort(why));
  await expect(reader().read(LIVE, 'live', stop.signal)).rejects.toBe(why);
  api.script(rawAnswer(500, ''));
  const inWait = new AbortController();
  const waiting = reader().read(LIVE, 'live', inWait.signal);
  await clock.whenSleeping();
  inWait.abort(why);
  await expect(waiting).rejects.toBe(why);
});

test('a read that is called off says before what it had spent, tries again and throttles included', async () => {
  const why = new Error('shutting down');
  const stop = new AbortController();
  const spent: ReadCost[] = [];
  api.script(apiError('RequestLimitExceeded'), rawAnswer(500, ''), () => stop.abort(why));
  const reading = reader().read(LIVE, 'live', stop.signal, (cost) => spent.push(cost));
  const ended = expect(reading).rejects.toBe(why);
  for (const _retry of [1, 2]) {
    await clock.whenSleeping();
    await clock.advance(10_000);
  }
  await ended;
  expect(spent).toEqual([{ requests: 3, throttles: 1 }]);
});

test('a connection that is never made ends with the deadline, or with the signal', async () => {
  const dispatcher = new Agent({ connect: () => undefined });
  const late = await read(reader({ dispatcher, requestTimeoutMs: 30 }));
  expect(late).toMatchObject({ ok: false, failure: { kind: 'unavailable', code: 'timeout' }, cost: { requests: 4 } });
  const stop = new AbortController();
  const reading = reader({ dispatcher }).read(LIVE, 'live', stop.signal);
  while (starts.length < 5) await clock.advance(0);
  const why = new Error('shutting down');
  stop.abort(why);
  await expect(reading).rejects.toBe(why);
  await dispatcher.destroy();
});

test('nobody listens: the sentence says so', async () => {
  const { origin } = api;
  await api.close();
  const result = await read(reader({}, { endpoint: origin }));
  expect(result.ok ? '' : result.failure.message).toContain('connection: connect ECONNREFUSED 127.0.0.1');
  api = await startScriptedApi();
});

test.each(['http://cvm.tencentcloudapi.com', 'ftp://127.0.0.1', 'cvm.tencentcloudapi.com', 'https://x/y'])(
  'the endpoint %s is refused with a sentence',
  (endpoint) => {
    expect(() => reader({}, { endpoint })).toThrow(`endpoint "${endpoint}"`);
  },
);
