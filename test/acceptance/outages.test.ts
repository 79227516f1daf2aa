import { copyFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/clock.ts';
import { type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
});

afterEach(() => kit.close());

const add = (TaskId: string) => kit.sandbox.world().add({ TaskId });
const start = (TaskId: string) => kit.sandbox.world().set(TaskId, { TaskStatus: 2, AuthSource: 'Customer_auth' });
const told = (taskId: string) => kit.hook.accepted.until((request) => textOf(request).includes(taskId));
const subjects = () => kit.mail.messages.entries.map(({ email }) => email.subject);
const mailed = (subject: string) => kit.mail.messages.until(({ email }) => email.subject === subject);
const GONE = { kind: 'status', status: 404, body: 'no_service' } as const;

it('a hook that was gone is told by mail, and when it returns one message says what waits now and what has passed', async () => {
  const first = kit.start();
  await first.polls(1);
  kit.hook.fault(GONE);
  add('rep-passed01');
  await mailed('渠道 slack 不可用');
  start('rep-passed01');
  add('rep-waiting1');
  add('rep-waiting2');
  await first.polls(2);
  await first.stop();
  const waiting = await kit.run(['deliveries', '--state', 'waiting']);
  expect(waiting.stdout).toMatch(/Slack answered 404 no_service: the hook does not accept messages, make a new one/);
  kit.hook.clearFaults();
  const second = kit.start();
  const message = textOf(await told('rep-waiting1'));
  expect(message).toMatch(/After an interruption: 3 repair tasks, 2 of them pending/);
  expect(message).toMatch(/This channel has taken no messages since /);
  expect(message).toMatch(/rep-waiting2.*No longer pending: 1 task.*rep-passed01/s);
  await mailed('【已恢复】渠道 slack 不可用');
  add('rep-next0001');
  expect(textOf(await told('rep-next0001'))).not.toMatch(/interruption/);
  await second.polls(1);
  expect(kit.hook.accepted.entries).toHaveLength(2);
  expect(subjects()).toEqual(['渠道 slack 不可用', '【已恢复】渠道 slack 不可用']);
});

it('where the broken channel is the only one, nothing about it waits in it: the monitor hears `/fail`, then success', async () => {
  const calls: string[] = [];
  const heard: (() => void)[] = [];
  const monitor = createServer(({ url = '' }, response) => {
    calls.push(url);
    response.end();
    for (const hear of heard) hear();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => monitor.once('listening', resolve));
  const { port } = monitor.address() as AddressInfo; // a server that listens on a port has one
  const until = (url: string, from: number) =>
    new Promise<void>((resolve) => {
      const look = () => calls.slice(from).includes(url) && resolve();
      heard.push(look);
      look();
    });
  try {
    const slack = { type: 'slack', url: kit.hook.url, language: 'en' };
    const heartbeat = { url: `http://127.0.0.1:${port}/ping`, every: '1m' };
    kit.configure({ channels: { slack }, operator: { channels: ['slack'] }, heartbeat });
    kit.hook.fault(GONE);
    add('rep-unheard1');
    const first = kit.start();
    await until('/ping/fail', 0);
    await first.stop();
    kit.hook.clearFaults();
    const from = calls.length;
    kit.start();
    await told('rep-unheard1');
    await until('/ping', from);
    const [only, ...others] = kit.hook.accepted.entries;
    expect(others).toEqual([]);
    expect(only?.body).not.toMatch(/is down/);
  } finally {
    monitor.closeAllConnections();
    monitor.close();
  }
});

it('an old copy of the store that is put back gives one message of how things stand, and sends nothing old anew', async () => {
  const { storePath } = kit.file;
  const first = kit.start();
  await first.polls(1);
  kit.hook.fault({ kind: 'status', status: 503 });
  for (const id of ['rep-frozen01', 'rep-queued01', 'rep-queued02']) add(id);
  await first.waitForLog('message-not-delivered');
  await first.polls(2);
  await first.stop();
  copyFileSync(storePath, `${storePath}.old`);

  kit.hook.clearFaults();
  const second = kit.start();
  for (const id of ['rep-frozen01', 'rep-queued01', 'rep-queued02']) await told(id);
  start('rep-frozen01');
  add('rep-newer001');
  await told('rep-newer001');
  await second.polls(2);
  await second.stop();
  const before = kit.hook.accepted.entries.length;

  copyFileSync(`${storePath}.old`, storePath);
  const file = new DatabaseSync(storePath);
  file.prepare('UPDATE poll SET started_at = started_at - ?').run(2 * HOUR_MS);
  file.close();
  const third = kit.start();
  await third.waitForLog('message-delivered');
  await third.polls(2);
  const [message, ...more] = kit.hook.accepted.entries.slice(before).map(textOf);
  expect(more).toEqual([]);
  expect(message).toMatch(/After an interruption: 4 repair tasks, 3 of them pending/);
  expect(message).toMatch(/repairwatch has not run since .*, or its store was restored from a backup of that time/);
  expect(message).toMatch(/rep-newer001.*No longer pending: 1 task.*rep-frozen01/s);
});

it('what is refused for good is told by mail, shown with its remedy, and sent again under its key, with what has changed since', async () => {
  const service = kit.start();
  await service.polls(1);
  kit.hook.fault({ kind: 'status', status: 400, body: 'invalid_blocks' });
  add('rep-refused1');
  const dead = await mailed('发往 slack 的消息未能送达');
  const key = /repairwatch requeue (rw-[a-z2-7]{10})/.exec((dead.email.text ?? '').replaceAll(/\s+/g, ' '))?.[1] ?? '';
  const shown = await kit.run(['deliveries', '--state', 'dead']);
  expect(shown.stdout).toMatch(
    new RegExp(`^${key} .*\\bdead\\b.*\\n +.*invalid_blocks: this message is not accepted`, 'm'),
  );
  expect(shown.stdout).toMatch(/^0 waiting, 1 dead; `repairwatch requeue --all` sends the dead again$/m);
  kit.hook.clearFaults();
  start('rep-refused1');
  await kit.hook.accepted.until((request) => textOf(request).includes('rep-refused1'));
  const requeued = await kit.run(['requeue', key]);
  expect(requeued.stdout).toBe(
    `1 waiting again: ${key}\n${key} goes out as it was made (where its channel is down, as things are when it returns), but rep-refused1 has changed since; \`repairwatch explain TASK-ID\` shows a task as it is now.\n`,
  );
  await kit.hook.accepted.until((request) => textOf(request).includes(key));
  await mailed('【已恢复】发往 slack 的消息未能送达');
  expect(subjects()).toHaveLength(2);
});
