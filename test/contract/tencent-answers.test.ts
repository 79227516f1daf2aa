import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen, shut } from '../../src/sandbox/loopback.ts';
import { createDispatcher } from '../../src/tencent/dispatcher.ts';
import { openReaderKit, READER_SECRETS, type ReaderKit } from '../support/reader-kit.ts';
import {
  apiAnswer,
  apiError,
  rawAnswer,
  type ScriptedAnswer,
  type ScriptedApi,
  startScriptedApi,
} from '../support/scripted-api.ts';
import { taskRow } from '../support/task-row.ts';
import { TLS_IDENTITY } from '../support/tls-identity.ts';

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
const nothing = apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null });
const bytes =
  (body: Buffer, headers: Record<string, string> = {}): ScriptedAnswer =>
  (response) =>
    response.writeHead(200, headers).end(body);

/** The sentence of a read that failed. */
async function said(): Promise<string> {
  const result = await readOnce();
  return result.ok ? 'it was read' : result.failure.message;
}

describe('an answer that is odd and still an answer', () => {
  const row = JSON.stringify(taskRow({ TaskId: 'rep-a' }));
  const page = `{"Response":{"TotalCount":1,"RepairTaskInfoSet":[${row}],"RequestId":"req-1"}}`;

  test.each([
    ['begins with a byte order mark', Buffer.from(`\ufeff${page}`)],
    ['has white space around it', Buffer.from(`\r\n\t ${page}\n\n`)],
    ['has a TotalCount as text', Buffer.from(page.replace('"TotalCount":1', '"TotalCount":"1"'))],
    ['has fields nobody knows', Buffer.from(page.replace('{"TotalCount"', '{"Next":[{}],"TotalCount"'))],
    ['says that there is no error', Buffer.from(page.replace('{"TotalCount"', '{"Error":null,"TotalCount"'))],
    ['has a RequestId that is no text', Buffer.from(page.replace('"req-1"', '7'))],
    [
      'says something twice, the last being right',
      Buffer.from(page.replace('"TotalCount":1', '"TotalCount":9,"TotalCount":1')),
    ],
    [
      'says a row’s status twice, the last being right',
      Buffer.from(page.replace('"TaskStatus":1', '"TaskStatus":3,"TaskStatus":1')),
    ],
  ])('that %s is read', async (_, body) => {
    api.script(bytes(body));
    expect(await readOnce()).toMatchObject({
      ok: true,
      page: { totalCount: 1, rows: [{ taskId: 'rep-a', taskStatus: 1 }], bad: [] },
      cost: { requests: 1 },
    });
  });

  test.each([0, 7, 1e15])(
    'with TotalCount %d and a null set is what it says; the walk judges it',
    async (totalCount) => {
      api.script(apiAnswer({ TotalCount: totalCount, RepairTaskInfoSet: null }));
      expect(await readOnce()).toMatchObject({ ok: true, page: { totalCount, rows: [], bad: [] } });
    },
  );

  test('with bytes that are no UTF-8, or half a character, has them replaced, and its row is read', async () => {
    const [before = '', after = ''] = page.replace(/"Alias":"[^"]*"/, '"Alias":"a|b\\ud800c"').split('|');
    api.script(bytes(Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc3]), Buffer.from(after)])));
    const result = await readOnce();
    expect(result).toMatchObject({ ok: true, page: { rows: [{ taskId: 'rep-a', alias: 'a\ufffd\ufffdb\ufffdc' }] } });
  });

  test('with NUL in its texts, which no PostgreSQL takes, has it replaced, and its row is read', async () => {
    const changed = page
      .replace('"rep-a"', '"rep-\\u0000a"')
      .replace(/"Alias":"[^"]*"/, '"Alias":"a\\u0000"')
      .replace(/"Zone":"[^"]*"/, '"Zone":"z\\u0000"');
    api.script(bytes(Buffer.from(changed)));
    const rows = [{ taskId: 'rep-\ufffda', alias: 'a\ufffd', zone: 'z\ufffd' }];
    expect(await readOnce()).toMatchObject({ ok: true, page: { rows } });
  });

  test('with NUL in an error has it replaced: its words go into the ledger', async () => {
    api.script(apiAnswer({ Error: { Code: 'Invalid\0Action', Message: 'n\0o' }, RequestId: 'r\0' }));
    const result = await readOnce();
    expect(result).toMatchObject({ ok: false, failure: { code: 'Invalid Action', requestId: 'r' } });
    expect(JSON.stringify(result)).not.toContain('\\u0000');
  });

  test.each(['Thu, 01 Jan 1970 00:00:07 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT', 'Sat, 13 Sep 275760 00:00:00 GMT'])(
    'with a Date that is no clock, %s, tells no time',
    async (header) => {
      api.script(apiAnswer({ TotalCount: 0, RepairTaskInfoSet: null }, { Date: header }));
      expect(await readOnce()).toMatchObject({ ok: true, page: { serverDate: null } });
    },
  );

  test('with a row that is nested too deeply for any reader sets that row aside, and reads its neighbours', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const nested = [deep, `{"TaskId":${deep}}`, `{"TaskId":"rep-b","TaskStatus":${deep}}`];
    api.script(
      bytes(Buffer.from(page.replace('"TotalCount":1', '"TotalCount":4').replace(row, [...nested, row].join()))),
    );
    const result = await readOnce();
    expect(result).toMatchObject({ ok: true, page: { totalCount: 4, rows: [{ taskId: 'rep-a' }] } });
    const bad = result.ok ? result.page.bad : [];
    expect(bad.map(({ taskId }) => taskId)).toEqual([null, null, 'rep-b']);
    expect(bad[0]?.raw).toContain('nested too deeply');
  });
});

describe('an answer that is none', () => {
  test.each<[string, ScriptedAnswer]>([
    ['a negative TotalCount', apiAnswer({ TotalCount: -1, RepairTaskInfoSet: null })],
    [
      'a TotalCount that no number can hold',
      rawAnswer(200, '{"Response":{"TotalCount":1e999,"RepairTaskInfoSet":null}}'),
    ],
    ['half a task', apiAnswer({ TotalCount: 1.5, RepairTaskInfoSet: null })],
    ['a TotalCount in words', apiAnswer({ TotalCount: 'many', RepairTaskInfoSet: null })],
    ['no TotalCount', apiAnswer({ TotalCount: null, RepairTaskInfoSet: null })],
    ['an object for a set', apiAnswer({ TotalCount: 0, RepairTaskInfoSet: {} })],
    ['nothing at all', rawAnswer(200, '')],
    ['no Response', rawAnswer(200, '{}')],
    ['a list', rawAnswer(200, '[]')],
    ['null', rawAnswer(200, 'null')],
    ['a null Response', rawAnswer(200, '{"Response":null}')],
    ['a Response that is deep and empty', rawAnswer(200, `{"Response":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)],
    ['JSON that never ends its nesting', rawAnswer(200, `{"Response":${'['.repeat(200_000)}`)],
    ['an error without a code', apiAnswer({ Error: { Message: 'no' }, TotalCount: 0, RepairTaskInfoSet: null })],
    ['two answers at once', rawAnswer(200, '{"Response":{"TotalCount":0}}{"Response":{"TotalCount":0}}')],
  ])('%s is tried again, and never taken for no tasks', async (_, answer) => {
    api.script(answer);
    const result = await readOnce();
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable', code: 'bad-body' },
      cost: { requests: 4 },
    });
    api.script(answer, nothing);
    expect(await readOnce()).toMatchObject({ ok: true, cost: { requests: 2 } });
  });

  test('an error beside a set is an error', async () => {
    const set = { TotalCount: 1, RepairTaskInfoSet: [taskRow()] };
    api.script(apiAnswer({ ...set, Error: { Code: 'InternalError', Message: 'no' } }));
    expect(await readOnce()).toMatchObject({ ok: false, failure: { code: 'InternalError' }, cost: { requests: 4 } });
  });

  test('an empty body and a web page are told as what they are', async () => {
    api.script(rawAnswer(200, ''));
    expect(await said()).toContain('is not available after 4 requests, bad-body: it is not JSON (it is empty)');
    api.script(rawAnswer(200, '<html>\n<title>Please log in</title>'));
    expect(await said()).toContain('it is not JSON (it begins "<html> <title>Please log in</title>")');
  });

  test('a RequestId is shown up to a length that a person reads, in one line', async () => {
    api.script(apiAnswer({ RequestId: `r\n${'x'.repeat(500)}`, Error: { Code: 'InvalidAction', Message: 'no' } }));
    expect(await said()).toMatch(/\(RequestId r x{10,70}…\)$/);
  });
});

describe('a status that is not 200', () => {
  test.each([204, 400, 403, 404, 407, 500, 502, 503, 504])(
    'HTTP %d is tried again, whatever its body says',
    async (status) => {
      api.script(rawAnswer(status, status === 204 ? '' : '{"Response":{"TotalCount":0,"RepairTaskInfoSet":null}}'));
      const code = `HTTP ${status}`;
      expect(await readOnce()).toMatchObject({
        ok: false,
        failure: { kind: 'unavailable', code },
        cost: { requests: 4 },
      });
    },
  );

  test('HTTP 429 is a throttle: the pace slows down', async () => {
    api.script(rawAnswer(429, 'slow down'), nothing);
    expect(await readOnce()).toMatchObject({ ok: true, cost: { requests: 2, throttles: 1 } });
    expect(kit.slowed).toBe(1);
  });

  test.each([301, 302, 303, 307, 308])('HTTP %d is not followed: nobody else gets the signature', async (status) => {
    const elsewhere = await startScriptedApi();
    elsewhere.script(nothing);
    api.script((response) => response.writeHead(status, { location: `${elsewhere.origin}/` }).end());
    expect(await readOnce()).toMatchObject({ ok: false, failure: { code: `HTTP ${status}` } });
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });
});

describe('what an answer repeats of the request', () => {
  const echoes: readonly [string, (heard: string) => ScriptedAnswer][] = [
    ['an error’s message', (heard) => apiError('AuthFailure.SignatureFailure', heard)],
    ['an error’s code', (heard) => apiError(heard)],
    ['a RequestId', (heard) => apiAnswer({ RequestId: heard, Error: { Code: 'InvalidAction', Message: '' } })],
    ['a page', (heard) => rawAnswer(200, heard)],
    ['a page whose shown part ends within', (heard) => rawAnswer(200, `${'-'.repeat(36)}${heard}`)],
  ];

  test.each(echoes)('in %s is not shown: neither key nor token nor signature', async (_, echo) => {
    const secrets = [READER_SECRETS.secretKey, READER_SECRETS.token, READER_SECRETS.secretId];
    for (const heard of secrets) {
      api.script(echo(heard));
      const words = await said();
      for (const shown of [heard, heard.slice(0, 5)]) expect(words.replace('"prod"', '')).not.toContain(shown);
    }
    api.script((response, request) => {
      const signature = /Signature=(\w+)/.exec(request.headers.authorization ?? '')?.[1] ?? 'none';
      echo(signature)(response, request);
    });
    expect(await said()).not.toMatch(/[0-9a-f]{8,}/);
  });
});

describe('the connection', () => {
  test('asks for no compression, and a compressed bomb is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    api.script(bytes(bomb, { 'content-encoding': 'gzip', 'content-type': 'application/json' }));
    const before = process.memoryUsage().arrayBuffers;
    expect(await readOnce()).toMatchObject({ ok: false, failure: { code: 'bad-body' } });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
    expect(api.seen[0]?.headers['accept-encoding']).toBeUndefined();
  });

  test('that the server closes while it is idle costs no read', async () => {
    const reader = kit.reader(api.origin);
    api.script((response, request) => {
      nothing(response, request);
      response.on('finish', () => setImmediate(() => response.socket?.end()));
    });
    for (let reads = 0; reads < 20; reads += 1) expect(await kit.read(reader)).toMatchObject({ ok: true });
  });

  test('that died in silence while it was idle, as all of them did, costs one deadline, not the read', async () => {
    const reader = kit.reader(api.origin, { requestTimeoutMs: 1_000 });
    const dead = new Set<Socket | null>();
    const held: (() => void)[] = [];
    api.script((response, request) => {
      if (held.length === 3 && !dead.has(response.socket)) nothing(response, request);
      if (held.length === 3) return;
      dead.add(response.socket);
      held.push(() => nothing(response, request));
      if (held.length === 3) for (const answer of held) answer();
    });
    await Promise.all([kit.read(reader), kit.read(reader), kit.read(reader)]);
    expect(dead.size).toBe(3);
    await turn(); // undici takes a connection back a turn after its answer
    expect(await kit.read(reader)).toMatchObject({ ok: true, cost: { requests: 2 } });
  });

  test('of what waits is never queued behind those of a history that hangs', async () => {
    const reader = kit.reader(api.origin);
    const stop = new AbortController();
    api.script((response, request) => {
      if (request.body.includes('EndDate')) return;
      nothing(response, request);
    });
    const history = { limit: 100, offset: 0, startDate: 0, endDate: Date.UTC(2026, 0, 1) };
    const hanging = Array.from({ length: 64 }, () => reader.read(history, 'backfill', stop.signal));
    expect(await kit.read(reader)).toMatchObject({ ok: true, cost: { requests: 1 } });
    stop.abort();
    expect((await Promise.allSettled(hanging)).every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('whose certificate nobody vouches for says what to do, and nothing is sent', async () => {
    let requests = 0;
    const server = createServer(TLS_IDENTITY, (_, response) => {
      requests += 1;
      response.end();
    });
    const port = await listen(server, 0);
    const result = await kit.read(kit.reader(`https://localhost:${port}`, { dispatcher: createDispatcher({}) }));
    expect(result.ok ? '' : result.failure.message).toMatch(
      /is not available after 4 requests, connection: self-signed certificate.*NODE_EXTRA_CA_CERTS/,
    );
    expect(requests).toBe(0);
    await shut(server);
  });
});
