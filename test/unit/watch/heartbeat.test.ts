import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createDirectDispatcher, createHttp } from '../../../src/lib/http.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createHeartbeat, createPulse } from '../../../src/watch/heartbeat.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** A monitor on loopback, and what the log was warned of. */
async function monitor(answer: RequestListener, address = '/ping/secret-path', startAndFail = true) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const dispatcher = createDirectDispatcher();
  closers.push(
    () => dispatcher.destroy(),
    () => new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve)),
  );
  const { port } = server.address() as AddressInfo; // a server that listens on a port has one
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (event: string, fields?: object) => warnings.push([event, fields]) };
  const url = new Secret(`http://127.0.0.1:${port}${address}`);
  const heartbeat = createHeartbeat({ url, everyMs: 0, startAndFail }, createHttp(dispatcher), log);
  return { heartbeat, beat: heartbeat.success, warnings };
}

it('calls the monitor with GET, and says nothing when all is well', async () => {
  const calls: unknown[] = [];
  const { beat, warnings } = await monitor((request, response) => {
    calls.push([request.method, request.url]);
    response.end('OK');
  });
  await beat(new AbortController().signal);
  expect(calls).toEqual([['GET', '/ping/secret-path']]);
  expect(warnings).toEqual([]);
});

it('warns of a refusal and of a broken connection, and never shows the address', async () => {
  const refusing = await monitor((_request, response) => response.writeHead(404).end());
  await refusing.beat(new AbortController().signal);
  expect(refusing.warnings).toEqual([['heartbeat-refused', { status: 404 }]]);
  const breaking = await monitor((request) => request.socket.destroy());
  await breaking.beat(new AbortController().signal);
  expect(breaking.warnings).toEqual([['heartbeat-failed', { reason: 'connection' }]]);
});

it('ends with the service, whatever the monitor does', async () => {
  const stop = new AbortController();
  const { beat, warnings } = await monitor(() => stop.abort(new Error('stopped')));
  await beat(stop.signal);
  expect(warnings).toEqual([]);
});

it.each([
  ['/ping/uuid', true, ['/ping/uuid/start', '/ping/uuid', '/ping/uuid/fail']],
  ['/ping/uuid/?rid=1', true, ['/ping/uuid/start?rid=1', '/ping/uuid/?rid=1', '/ping/uuid/fail?rid=1']],
  ['/push?status=up', false, ['/push?status=up']],
])('calls %s with startAndFail %s as the monitor expects', async (address, startAndFail, expected) => {
  const calls: unknown[] = [];
  const answer: RequestListener = (request, response) => response.end(String(calls.push(request.url)));
  const { heartbeat } = await monitor(answer, address, startAndFail);
  const { signal } = new AbortController();
  await heartbeat.start(signal);
  await heartbeat.success(signal);
  await heartbeat.fail(signal);
  expect(calls).toEqual(expected);
});

it('pulses at each interval, and at once when all is no longer well or is well again', async () => {
  const said: string[] = [];
  const note = (what: string) => async () => void said.push(what);
  const heartbeat = { start: note('start'), success: note('success'), fail: note('fail') };
  let now = 0;
  const pulse = createPulse(heartbeat, 300, { monotonic: () => now });
  const { signal } = new AbortController();
  for (const [at, isWell] of [
    [0, true],
    [100, true],
    [300, true],
    [310, false],
    [400, false],
    [610, false],
    [620, true],
  ] as const) {
    now = at;
    await pulse(async () => isWell, signal);
  }
  expect(said).toEqual(['success', 'success', 'fail', 'fail', 'success']);
  const broken = pulse(() => Promise.reject(new Error('the disk is full')), signal);
  await expect(broken).rejects.toThrow('the disk is full');
  expect(said.at(-1)).toBe('fail');
});
