import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { type Arrival, type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { askSandbox, idsOf } from '../support/ask-sandbox.ts';
import { signedCall } from '../support/signed-call.ts';

const OTHER_KEY = { secretId: 'AKIDother', secretKey: 'other' };

let sandbox: Sandbox;
let monotonic: number;
let seen: Arrival[];
let slept: number[];
let timeStands: boolean;
const clock: Clock = {
  monotonic: () => monotonic,
  now: systemClock.now,
  sleep: async (ms, signal) => {
    slept.push(ms);
    await systemClock.sleep(timeStands ? 3_600_000 : 0, signal);
  },
};

beforeEach(async () => {
  monotonic = 0;
  seen = [];
  slept = [];
  timeStands = false;
  sandbox = await startSandbox({
    keys: [SANDBOX_KEY, OTHER_KEY],
    clock,
    onRequest: (arrival) => void seen.push(arrival),
  });
  sandbox.world().load([{ TaskId: 'rep-a' }, { TaskId: 'rep-b' }, { TaskId: 'rep-c' }]);
});
afterEach(() => sandbox.close());

function rawCall(signal?: AbortSignal): Promise<Response> {
  const timestamp = Math.floor(sandbox.now() / 1000);
  return signedCall({ url: `${sandbox.url}/`, key: SANDBOX_KEY, body: '{}', timestamp }, signal);
}

test('the 21st arrival within a second is throttled, for its key only, and refused ones count as arrivals', async () => {
  const codes = async (count: number, key = SANDBOX_KEY): Promise<readonly (string | undefined)[]> =>
    (await Promise.all(Array.from({ length: count }, () => askSandbox(sandbox, {}, key)))).map((a) => a.Error?.Code);
  expect(await codes(20)).toEqual(Array(20).fill(undefined));
  monotonic = 999;
  expect(await codes(1)).toEqual(['RequestLimitExceeded']);
  expect(await codes(1, OTHER_KEY)).toEqual([undefined]);
  monotonic = 1000;
  expect(await codes(1)).toEqual([undefined]);
  expect(sandbox.greatestInASecond(SANDBOX_KEY.secretId)).toBe(21);
  expect(sandbox.greatestInASecond(OTHER_KEY.secretId)).toBe(1);
  expect(sandbox.greatestInASecond()).toBe(21);
});

test('every request is recorded with its time, key and parameters, and how it was answered', async () => {
  await askSandbox(sandbox, { Limit: 7 }, OTHER_KEY);
  await askSandbox(sandbox, { Limit: 700 });
  expect(sandbox.arrivals.entries).toMatchObject([
    { secretId: OTHER_KEY.secretId, action: 'DescribeTaskInfo', params: { Limit: 7 }, monotonic: 0 },
    { secretId: SANDBOX_KEY.secretId, params: { Limit: 700 }, body: '{"Limit":700}' },
  ]);
  expect(seen).toEqual(sandbox.arrivals.entries);
  const outcomes = sandbox.answers.entries.map(({ outcome, rows }) => [outcome, rows]);
  expect(outcomes).toEqual([
    ['ok', { count: 0, total: 0 }],
    ['InvalidParameterValue', null],
  ]);
});

test('each answer takes as long as the switch says', async () => {
  await askSandbox(sandbox);
  expect(slept).toEqual([]);
  sandbox.configure({ latencyMs: 200 });
  await askSandbox(sandbox);
  expect(slept).toEqual([200]);
});

test.each([
  ['throttle', 'RequestLimitExceeded'],
  ['internal-error', 'InternalError'],
  ['unavailable', 'ServiceUnavailable'],
  ['blocked', 'UnauthorizedOperation'],
  ['bad-key', 'AuthFailure.SecretIdNotFound'],
  ['bad-signature', 'AuthFailure.SignatureFailure'],
  ['token-failure', 'AuthFailure.TokenFailure'],
  ['clock', 'AuthFailure.SignatureExpire'],
  ['invalid-value', 'InvalidParameterValue'],
] as const)('the fault %s is the error %s', async (kind, code) => {
  sandbox.fault({ kind });
  expect(await askSandbox(sandbox)).toMatchObject({ Error: { Code: code }, RequestId: expect.any(String) });
  sandbox.clearFaults();
  expect(await askSandbox(sandbox)).toMatchObject({ TotalCount: 3 });
});

test.each([
  ['http-502-html', 502, /^<html>/],
  ['not-json', 200, /^upstream/],
  ['truncated-json', 200, /^\{"Response":\{"TotalCount":3.*[^}]$/s],
  ['wrong-types', 200, /"TotalCount":"many"/],
] as const)('the fault %s is a body of trouble', async (kind, status, form) => {
  sandbox.fault({ kind });
  const response = await rawCall();
  expect(response.status).toBe(status);
  expect(await response.text()).toMatch(form);
});

test('the fault reset breaks the connection', async () => {
  sandbox.fault({ kind: 'reset', times: 1 });
  await expect(rawCall()).rejects.toThrow('fetch failed');
  expect((await rawCall()).status).toBe(200);
});

test('an error may be told by another code of its class', async () => {
  sandbox.fault({ kind: 'throttle', code: 'RequestLimitExceeded.UinLimitExceeded' });
  expect((await askSandbox(sandbox)).Error?.Code).toBe('RequestLimitExceeded.UinLimitExceeded');
});

test('the fault closed-when-idle answers truly and then closes the connection without a word', async () => {
  sandbox.fault({ kind: 'closed-when-idle', times: 1 });
  const agent = new Agent({ keepAlive: true });
  const response = await new Promise<IncomingMessage>((resolve) => {
    get(sandbox.url, { agent }, resolve);
  });
  const { socket } = response;
  expect(response.headers.connection).toBe('keep-alive');
  expect(await text(response)).toContain('"Response"');
  if (!socket.closed) await once(socket, 'close');
});

test('the fault hang gives no answer at all, and does not keep the sandbox from closing', async () => {
  sandbox.fault({ kind: 'hang' });
  const call = rawCall().catch((error: unknown) => error);
  await sandbox.answers.until(({ outcome }) => outcome === 'fault:hang');
  await sandbox.close();
  expect(await call).toBeInstanceOf(TypeError);
});

test('the fault slow-body begins the answer and does not come to its end', async () => {
  sandbox.fault({ kind: 'slow-body' });
  timeStands = true;
  const gone = new AbortController();
  const response = await rawCall(gone.signal);
  const reader = response.body?.getReader();
  expect((await reader?.read())?.value).toEqual(new Uint8Array([0x7b]));
  gone.abort();
  await expect(reader?.read()).rejects.toThrow('aborted');
});

test('the fault huge-body is longer than 8 MB', async () => {
  sandbox.fault({ kind: 'huge-body' });
  const response = await rawCall();
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.length;
    if (size > 8 * 1024 * 1024) break;
  }
  expect(size).toBeGreaterThan(8 * 1024 * 1024);
});

test.each([
  ['garbage-row', 3, ['rep-a', 'rep-b', 'rep-garbage']],
  ['short-page', 3, ['rep-a', 'rep-b']],
  ['null-page', 3, []],
  ['empty-page', 0, []],
  ['unsorted-page', 3, ['rep-c', 'rep-b', 'rep-a']],
  ['duplicate-row', 3, ['rep-a', 'rep-b', 'rep-a']],
] as const)('the fault %s spoils a true page', async (kind, total, ids) => {
  sandbox.configure({ ties: 'steady' });
  sandbox.fault({ kind });
  const answer = await askSandbox(sandbox);
  expect(idsOf(answer)).toEqual(ids);
  expect(answer.TotalCount).toBe(total);
});

test('the fault deaf-when-idle answers, and then nothing more by that connection', async () => {
  sandbox.fault({ kind: 'deaf-when-idle', times: 1 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      const asked = request(sandbox.url, { agent, timeout: 300 }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer'))).on('error', reject);
      asked.end();
    });
  expect(await ask()).toBe(200);
  await expect(ask()).rejects.toThrow('no answer');
  expect(await ask()).toBe(200); // another connection
  agent.destroy();
});

test('an error can say anything', async () => {
  sandbox.fault({ kind: 'blocked', message: 'the moon is wrong' });
  expect(await askSandbox(sandbox)).toMatchObject({
    Error: { Code: 'UnauthorizedOperation', Message: 'the moon is wrong' },
  });
});

test('a garbage row can be any value', async () => {
  sandbox.fault({ kind: 'garbage-row', row: 'nonsense' });
  expect((await askSandbox(sandbox)).RepairTaskInfoSet?.at(-1)).toBe('nonsense');
});

test('a fault can be bound to a number of times, a key, a kind of request and a chance', async () => {
  const code = async (parameters: object = {}, key = SANDBOX_KEY): Promise<string | undefined> =>
    (await askSandbox(sandbox, parameters, key)).Error?.Code;
  sandbox.configure({ requestsPerSecond: Number.POSITIVE_INFINITY });
  sandbox.fault({ kind: 'internal-error', times: 2, key: OTHER_KEY.secretId });
  sandbox.fault({ kind: 'blocked', when: ({ body }) => body.includes('TaskIds') });
  expect(await code()).toBeUndefined();
  expect(await code({ TaskIds: ['rep-a'] })).toBe('UnauthorizedOperation');
  expect([await code({}, OTHER_KEY), await code({}, OTHER_KEY), await code({}, OTHER_KEY)]).toEqual([
    'InternalError',
    'InternalError',
    undefined,
  ]);
  sandbox.clearFaults();
  sandbox.fault({ kind: 'unavailable', probability: 0.5 });
  const hits = (await Promise.all(Array.from({ length: 100 }, () => code()))).filter((each) => each !== undefined);
  expect(hits.length).toBeGreaterThan(25);
  expect(hits.length).toBeLessThan(75);
});
