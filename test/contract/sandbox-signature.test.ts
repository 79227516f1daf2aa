import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY, signatureProblem } from '../../src/sandbox/signature.ts';
import { officialSdk } from '../support/official-sdk.ts';
import { type SignedCall, signedCall } from '../support/signed-call.ts';

const TEMPORARY_KEY = { secretId: 'AKIDtemporary', secretKey: 'temporary-secret', token: 'the-token' };
const PAGE = { Limit: 20, Offset: 0 };

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ keys: [SANDBOX_KEY, TEMPORARY_KEY] });
});
afterEach(() => sandbox.close());

async function codeOf(call: Partial<SignedCall>): Promise<string | undefined> {
  const timestamp = Math.floor(Date.now() / 1000);
  const response = await signedCall({ url: `${sandbox.url}/`, key: SANDBOX_KEY, body: '{}', timestamp, ...call });
  // The sandbox is the only one who answers here, and this is the form of its answers.
  const { Response } = (await response.json()) as { Response: { Error?: { Code: string } } };
  return Response.Error?.Code;
}

test("the official SDK's signed request is accepted and answered with the vendor's fields", async () => {
  const row = sandbox.world().add({ TaskTypeId: 101 });
  const answer = await officialSdk(sandbox.port, SANDBOX_KEY).DescribeTaskInfo(PAGE);
  expect(answer).toEqual({
    TotalCount: 1,
    RepairTaskInfoSet: [row],
    RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test('each key has its own world', async () => {
  sandbox.world(TEMPORARY_KEY.secretId).add();
  expect(await officialSdk(sandbox.port, SANDBOX_KEY).DescribeTaskInfo(PAGE)).toMatchObject({ TotalCount: 0 });
  expect(await officialSdk(sandbox.port, TEMPORARY_KEY).DescribeTaskInfo(PAGE)).toMatchObject({ TotalCount: 1 });
});

test.each([
  ['secret key', { ...SANDBOX_KEY, secretKey: `${SANDBOX_KEY.secretKey}x` }, 'AuthFailure.SignatureFailure'],
  ['secret id', { ...SANDBOX_KEY, secretId: 'AKIDnobody' }, 'AuthFailure.SecretIdNotFound'],
  ['token', { ...TEMPORARY_KEY, token: 'old' }, 'AuthFailure.TokenFailure'],
])("the official SDK's request with a wrong %s is refused", async (_what, key, code) => {
  await expect(officialSdk(sandbox.port, key).DescribeTaskInfo(PAGE)).rejects.toMatchObject({ code });
});

test('the request of the official SDK is refused as soon as one byte of what it signed is another', async () => {
  await officialSdk(sandbox.port, SANDBOX_KEY).DescribeTaskInfo(PAGE);
  const [sent] = sandbox.arrivals.entries;
  const problem = (body: string, headers: Record<string, string> = {}): string | undefined =>
    signatureProblem(
      { method: 'POST', path: '/', headers: { ...sent?.headers, ...headers }, body: Buffer.from(body) },
      [SANDBOX_KEY],
      Number(sent?.headers['x-tc-timestamp']),
    )?.code;
  const body = sent?.body ?? '';
  const flipped = (sent?.headers.authorization ?? '').replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  expect(problem(body)).toBeUndefined();
  expect(problem(body.replace('20', '21'))).toBe('AuthFailure.SignatureFailure');
  expect(problem(`${body} `)).toBe('AuthFailure.SignatureFailure');
  expect(problem(body, { host: 'cvm.ap-guangzhou.tencentcloudapi.com' })).toBe('AuthFailure.SignatureFailure');
  expect(problem(body, { 'content-type': 'application/json; charset=utf-8' })).toBe('AuthFailure.SignatureFailure');
  const later = String(Number(sent?.headers['x-tc-timestamp']) + 1);
  expect(problem(body, { 'x-tc-timestamp': later })).toBe('AuthFailure.SignatureFailure');
  expect(problem(body, { authorization: flipped })).toBe('AuthFailure.SignatureFailure');
});

const VECTOR_KEY = { secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE' };

test.each([
  [
    "the vendor's vector",
    'application/json; charset=utf-8',
    '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
    '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
  ],
  [
    'vector C',
    'application/json',
    '{"Limit":100,"Offset":0,"TaskStatus":[1],"StartDate":"2023-03-01 00:00:00","EndDate":"2023-04-01 00:00:00","OrderField":"CreateTime","Order":1}',
    'e1e69ea07d26f21feb907bdf3635de59a8e0e52f11b4e7ac84a8e541c0f74e1e',
  ],
])('%s is judged genuine', (_name, contentType, body, signature) => {
  const headers = {
    host: 'cvm.tencentcloudapi.com',
    'content-type': contentType,
    'x-tc-timestamp': '1551113065',
    authorization: `TC3-HMAC-SHA256 Credential=${VECTOR_KEY.secretId}/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
  };
  const request = { method: 'POST', path: '/', headers, body: Buffer.from(body) };
  expect(signatureProblem(request, [VECTOR_KEY], 1_551_113_065)).toBeNull();
});

test('a timestamp may be five minutes off the clock of the server, and no second more', async () => {
  sandbox.configure({ clockSkewMs: 3_600_000 });
  const serverNow = Math.floor(Date.now() / 1000) + 3600;
  expect(await codeOf({ timestamp: serverNow - 290 })).toBeUndefined();
  expect(await codeOf({ timestamp: serverNow + 290 })).toBeUndefined();
  expect(await codeOf({ timestamp: serverNow - 310 })).toBe('AuthFailure.SignatureExpire');
  expect(await codeOf({ timestamp: serverNow + 310 })).toBe('AuthFailure.SignatureExpire');
});

test('the Date header tells the clock of the server', async () => {
  sandbox.configure({ clockSkewMs: -3_600_000 });
  const call = { url: `${sandbox.url}/`, key: SANDBOX_KEY, body: '{}', timestamp: Math.floor(Date.now() / 1000) };
  const date = Date.parse((await signedCall(call)).headers.get('date') ?? '');
  expect(Math.abs(date + 3_600_000 - Date.now())).toBeLessThan(5000);
});

test.each([
  ['authorization', null, 'AuthFailure.InvalidAuthorization'],
  ['authorization', 'SKIP', 'AuthFailure.InvalidAuthorization'],
  ['x-tc-timestamp', null, 'MissingParameter'],
  ['x-tc-token', 'unasked', 'AuthFailure.TokenFailure'],
  ['x-tc-action', null, 'MissingParameter'],
  ['x-tc-action', 'DescribeInstances', 'InvalidAction'],
  ['x-tc-version', '2016-01-01', 'NoSuchVersion'],
  ['x-tc-region', null, 'MissingParameter'],
  ['x-tc-region', 'ap-shanghai', 'UnsupportedRegion'],
  ['content-type', 'text/plain', 'InvalidRequest'],
])('a request whose header %s is %s is answered with %s', async (name, value, code) => {
  expect(await codeOf({ headers: { [name]: value } })).toBe(code);
});

test('only POST / is answered', async () => {
  const response = await fetch(`${sandbox.url}/elsewhere`);
  expect(await response.json()).toMatchObject({ Response: { Error: { Code: 'UnsupportedProtocol' } } });
});
