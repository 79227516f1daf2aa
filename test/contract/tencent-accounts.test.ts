import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AccountConfig } from '../../src/config/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { Secret } from '../../src/lib/secret.ts';
import { createAccountReader } from '../../src/tencent/account-reader.ts';
import type { Env } from '../../src/tencent/dispatcher.ts';
import { apiAnswer, apiError, type ScriptedApi, startScriptedApi } from '../support/scripted-api.ts';

const never = new AbortController().signal;
const LIVE = { limit: 100, offset: 0, startDate: Date.UTC(2015, 0, 1) };

let api: ScriptedApi;
let proxy: { readonly origin: string; readonly asked: string[]; close(): void };

beforeEach(async () => {
  api = await startScriptedApi();
  proxy = await startRefusingProxy();
});

afterEach(async () => {
  await api.close();
  proxy.close();
});

/** Keeps where it was asked to connect to, and refuses. */
async function startRefusingProxy() {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  // A TCP server's address is an object; only a pipe's is a string.
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
}

function account(endpoint: string, secretId: string | null = 'id-a'): AccountConfig {
  return {
    name: 'prod',
    key: secretId === null ? null : { secretId: new Secret(secretId), secretKey: new Secret('k'), token: null },
    assumeRole: null,
    endpoint,
    region: 'ap-guangzhou',
    utcOffsetMs: 0,
    filter: { product: null, taskTypes: [], instanceIds: [], aliases: [] },
  };
}

function role(): NonNullable<AccountConfig['assumeRole']> {
  return { roleArn: 'qcs::cam::uin/100000000001:roleName/x', sessionName: 'repairwatch', externalId: null };
}

function readers(env: Env, requestsPerSecond = 1000) {
  const poll = { requestsPerSecond, requestTimeoutMs: 2000 };
  // Of the schedule's settings a reader looks at these two only.
  const config = { poll } as Parameters<typeof createAccountReader>[0]['config'];
  return createAccountReader({ config, clock: systemClock, random: () => 0, log: silentLog, env });
}

test('an account of the configuration reads, says where its key comes from, and closes', async () => {
  api.script(apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null }));
  const reader = readers({})(account(api.origin));
  expect(await reader.read(LIVE, 'live', never)).toMatchObject({ ok: true });
  expect(reader.describeKey()).toBe('secretId and secretKey of the configuration');
  await reader.close();
});

test('the proxy of the environment is taken, except to loopback and to what NO_PROXY names', async () => {
  api.script(apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null }));
  const env = { HTTPS_PROXY: proxy.origin, HTTP_PROXY: proxy.origin, NO_PROXY: 'cvm.invalid' };
  const direct = readers(env)(account(api.origin));
  expect(await direct.read(LIVE, 'live', never)).toMatchObject({ ok: true });
  const named = readers(env)(account('https://cvm.invalid'));
  expect(await named.read(LIVE, 'live', never)).toMatchObject({ ok: false, failure: { code: 'connection' } });
  expect(proxy.asked).toEqual([]);
  const proxied = readers(env)(account('https://cvm.example.invalid'));
  expect(await proxied.read(LIVE, 'live', never)).toMatchObject({ ok: false, failure: { code: 'connection' } });
  expect(new Set(proxy.asked)).toEqual(new Set(['cvm.example.invalid:443']));
  for (const reader of [direct, named, proxied]) await reader.close();
});

test.each([
  ['the API refuses it', 'AuthFailure.SignatureFailure', null],
  ['the role may not be assumed with it', 'AuthFailure.UnauthorizedOperation', role()],
])('a key that is put right in its file counts without a restart, where %s', async (_name, code, assumeRole) => {
  const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
  const file = join(folder, 'credentials');
  const write = (id: string) => writeFile(file, `[default]\nsecret_id = ${id}\nsecret_key = k\n`);
  api.script((response, request) => {
    const signedBy = /Credential=([\w-]+)/.exec(request.headers.authorization ?? '')?.[1];
    const Credentials = { TmpSecretId: 'id-role', TmpSecretKey: 'k', Token: 't' };
    if (signedBy === 'id-wrong') apiError(code)(response, request);
    else if (request.headers['x-tc-action'] === 'AssumeRole')
      apiAnswer({ ExpiredTime: Math.floor(Date.now() / 1000) + 7200, Credentials })(response, request);
    else apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null })(response, request);
  });
  const reader = readers({ TENCENTCLOUD_CREDENTIALS_FILE: file })({ ...account(api.origin, null), assumeRole });
  await write('id-wrong');
  expect(await reader.read(LIVE, 'live', never)).toMatchObject({ ok: false, failure: { kind: 'blocked' } });
  await write('id-right');
  expect(await reader.read(LIVE, 'live', never)).toMatchObject({ ok: true });
  await reader.close();
  await rm(folder, { recursive: true });
});

test('accounts that come to one key by different ways take their requests from one pace', async () => {
  api.script(apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null }));
  const env = { TENCENTCLOUD_SECRET_ID: 'id-a', TENCENTCLOUD_SECRET_KEY: 'k' };
  const readerOf = readers(env, 2);
  const both = [readerOf(account(api.origin)), readerOf(account(api.origin, null))];
  const since = performance.now();
  await Promise.all([...both, ...both].map((reader) => reader.read(LIVE, 'live', never)));
  // Four starts of one pace, half a second apart; two paces would need half a second.
  expect(performance.now() - since).toBeGreaterThan(1000);
  for (const reader of both) await reader.close();
});

test('accounts take the same connections one after the other, and the last one closes them', async () => {
  const closed: Promise<unknown>[] = [];
  const server = createServer((_, response) =>
    response.end('{"Response":{"TotalCount":0,"RepairTaskInfoSet":null,"RequestId":"r"}}'),
  );
  server.on('connection', (socket) => closed.push(once(socket, 'close')));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo; // as above
  const readerOf = readers({});
  const all = ['id-a', 'id-b', 'id-c'].map((id) => readerOf(account(`http://127.0.0.1:${port}`, id)));
  const readAll = async () => {
    for (const reader of all) expect(await reader.read(LIVE, 'live', never)).toMatchObject({ ok: true });
  };
  for (let round = 0; round < 5; round += 1) await readAll();
  await all[0]?.close();
  await all[0]?.close();
  expect(await all[1]?.read(LIVE, 'live', never)).toMatchObject({ ok: true });
  // One that has just answered may not be free yet.
  expect(closed.length).toBeLessThanOrEqual(2);
  await Promise.all(all.map((reader) => reader.close()));
  await Promise.all(closed);
  server.close();
});
