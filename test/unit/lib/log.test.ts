import { expect, test } from 'vitest';
import { createLog, type LogLevel, silentLog } from '../../../src/lib/log.ts';
import { Secret } from '../../../src/lib/secret.ts';

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6), monotonic: () => 0, sleep: () => Promise.resolve() };

function recorder(level: LogLevel = 'debug', pretty = false) {
  const lines: string[] = [];
  return { lines, log: createLog({ level, pretty, clock, write: (line) => void lines.push(line) }) };
}

test('a line is one JSON object: time, level, event, fields', () => {
  const { lines, log } = recorder();
  log.child({ lane: 'slack:1' }).warn('lane-paused', { untilMs: 5 });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'warn', time: '2026-01-02T03:04:05.006Z', lane: 'slack:1', untilMs: 5, event: 'lane-paused' },
  ]);
});

test('lines below the level are not written, and the silent log writes none', () => {
  const { lines, log } = recorder('warn');
  log.debug('a');
  log.info('b');
  log.error('c');
  silentLog.child({ x: 1 }).error('d');
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(['c']);
});

test.each([false, true])('no secret is written, however deep or in whose text it stands (pretty: %s)', (pretty) => {
  const { lines, log } = recorder('debug', pretty);
  const hush = new Secret('hunter2');
  log.child({ of: { child: hush } }).info('started', {
    hush,
    config: { channels: [{ url: hush }] },
    account: { secretKey: 'hunter2', key: { token: 'hunter2' } },
    password: 'hunter2',
    error: new Error('cannot reach smtp://me:hunter2@mail.example.com'),
    note: 'at https://hooks.slack.com/services/T0/B0/hunter2 and https://hooks.slack.com/services/T0/B0/hunter2/"',
  });
  expect(lines.join('')).toContain('cannot reach smtp://[secret]@mail.example.com');
  expect(lines.join('')).not.toContain('hunter2');
});

test.each([false, true])('hostile text stays within its line and its field (pretty: %s)', (pretty) => {
  const { lines, log } = recorder('debug', pretty);
  const hostile = 'web\r\n{"level":"error"}\u001b[31m\u0085\u2028\u2029\u202e\u009b2J\u007f\ufeff😀"\\';
  log.info('seen', { alias: hostile, long: `${'x'.repeat(100)}${hostile}` });
  expect(lines.length).toBe(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(lines[0]).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\ufeff]+\n$/);
  if (!pretty) expect(JSON.parse(lines[0] ?? '').alias).toBe(hostile);
});

test('an error is written with its message and cause, a circular value does no harm', () => {
  const { lines, log } = recorder();
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  log.error('poll failed', { error: new Error('no route', { cause: new Error('ENETUNREACH') }), circle });
  expect(JSON.parse(lines[0] ?? '').error).toMatchObject({ type: 'Error', message: 'no route: ENETUNREACH' });
});

test('for a terminal a line is time, level, event and fields', () => {
  const { lines, log } = recorder('info', true);
  log.info('poll complete', { account: 'prod', requests: 3 });
  expect(lines).toEqual(["03:04:05.006 info poll complete account='prod' requests=3\n"]);
});
