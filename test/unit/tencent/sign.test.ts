import { createServer, Agent as HttpAgent, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { cvm } from 'tencentcloud-sdk-nodejs-cvm';
import { afterEach, expect, test } from 'vitest';
import { type Signable, sign } from '../../../src/tencent/sign.ts';

const VENDORS: Omit<Signable, 'contentType' | 'body'> = {
  service: 'cvm',
  host: 'cvm.tencentcloudapi.com',
  timestamp: 1551113065,
  secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
};

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

test("the vendor's own example (vector A) gives the vendor's signature", () => {
  const body = '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}';
  expect(body).toHaveLength(86);
  expect(sign({ ...VENDORS, contentType: 'application/json; charset=utf-8', body })).toBe(
    'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, ' +
      'SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
  );
});

test('a request for repair tasks (vector C) is signed the same whether its body is text or bytes', () => {
  const body =
    '{"Limit":100,"Offset":0,"TaskStatus":[1],"StartDate":"2023-03-01 00:00:00","EndDate":"2023-04-01 00:00:00","OrderField":"CreateTime","Order":1}';
  const request = { ...VENDORS, contentType: 'application/json', body };
  expect(sign(request)).toContain('Signature=e1e69ea07d26f21feb907bdf3635de59a8e0e52f11b4e7ac84a8e541c0f74e1e');
  expect(sign({ ...request, body: Buffer.from(body) })).toBe(sign(request));
});

test('every part that is signed changes the signature', () => {
  const request: Signable = { ...VENDORS, contentType: 'application/json', body: '{}' };
  const changed: Signable[] = [
    { ...request, service: 'sts' },
    { ...request, host: 'cvm.internal.tencentcloudapi.com' },
    { ...request, contentType: 'application/json; charset=utf-8' },
    { ...request, body: '{ }' },
    { ...request, timestamp: request.timestamp + 1 },
    { ...request, secretKey: `${request.secretKey}x` },
  ];
  const signatureOf = (each: Signable) => sign(each).split('Signature=')[1];
  expect(new Set([request, ...changed].map(signatureOf)).size).toBe(changed.length + 1);
});

/** What the official SDK puts on the wire: it dials loopback but believes that it speaks to the vendor's host. */
async function sentBySdk(params: object, token: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const { promise, resolve } = Promise.withResolvers<{ headers: IncomingHttpHeaders; body: Buffer }>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end('{"Response":{"TotalCount":0,"RepairTaskInfoSet":null,"RequestId":"r"}}');
    resolve({ headers: request.headers, body: Buffer.concat(chunks) });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A TCP server's address is an object; only a pipe's is a string.
  const { port } = server.address() as AddressInfo;
  const agent = new HttpAgent();
  agent.createConnection = () => connect(port, '127.0.0.1');
  closers.push(
    () => server.close(),
    () => agent.destroy(),
  );
  const { secretId, secretKey } = VENDORS;
  const client = new cvm.v20170312.Client({
    credential: { secretId, secretKey, token },
    region: 'ap-guangzhou',
    profile: { httpProfile: { endpoint: VENDORS.host, protocol: 'http://', agent } },
  });
  await client.DescribeTaskInfo({ Limit: 100, Offset: 0, ...params });
  return promise;
}

test.each([{ TaskStatus: [1, 2, 4], StartDate: '2015-01-01 00:00:00' }, { Aliases: ['数据库-1', 'a"b\\c', '😀'] }])(
  'the official SDK signs %j exactly as we do',
  async (params) => {
    const { headers, body } = await sentBySdk(params, 'a-token');
    const ours = sign({
      ...VENDORS,
      host: String(headers.host),
      contentType: String(headers['content-type']),
      body,
      timestamp: Number(headers['x-tc-timestamp']),
    });
    expect(headers.authorization).toBe(ours);
    expect(headers).toMatchObject({
      'x-tc-action': 'DescribeTaskInfo',
      'x-tc-version': '2017-03-12',
      'x-tc-region': 'ap-guangzhou',
      'x-tc-token': 'a-token',
    });
  },
);
