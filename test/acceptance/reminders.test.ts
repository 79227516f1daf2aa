import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/clock.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';
import { ageStore } from '../support/age-store.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';

let stage: CliStage;

beforeEach(async () => {
  const slack = { type: 'slack', language: 'en', mention: { 'reminder-1h': '<!here>', reminder: '<@U0LATE>' } };
  stage = await openCliStage({ poll: { schedule: '*/30 * * * *', timezone: 'Asia/Shanghai' } });
  stage.file.change({
    channels: {
      slack: { ...slack, url: stage.hook.url },
      mail: { type: 'email', smtp: stage.mail.url, from: 'a@example.com', to: ['b@example.com'], language: 'zh-CN' },
    },
  });
  await stage.run(['once']);
});

afterEach(() => stage.close());

const bodies = (text: string) =>
  stage.hook.accepted.entries.map(({ body }) => body).filter((body) => body.includes(text));
const mails = (text: string) => stage.mail.messages.entries.filter(({ email }) => (email.text ?? '').includes(text));
const inHours = (hours: number): string => stage.sandbox.time(Date.now() + hours * HOUR_MS);

/** The environment of a program whose clock is ahead. */
function aheadByHours(hours: number): Readonly<Record<string, string>> {
  const file = join(stage.file.directory, 'clock-ahead');
  writeFileSync(file, String(hours * HOUR_MS));
  const preload = new URL('../support/clock-preload.ts', import.meta.url).href;
  return { NODE_OPTIONS: `--import=${preload}`, CLOCK_AHEAD_FILE: file };
}

/** A task that was told so many hours ago. */
async function toldTask(task: Partial<VendorRow>, hoursAgo: number): Promise<VendorRow> {
  const row = stage.sandbox.world().add({ CreateTime: inHours(-100), ...task });
  await stage.run(['once']);
  ageStore(stage.file.storePath, hoursAgo);
  return row;
}

it('of several rungs that passed while nobody ran only the last is sent, once, with its mention, and says that it is late', async () => {
  await toldTask({ AuthTime: inHours(0.5) }, 30);
  for (let run = 0; run < 2; run += 1) await stage.run(['once']);
  const [reminder, ...others] = bodies('left to authorize');
  expect(others).toEqual([]);
  expect(reminder).toMatch(/<!here>.*Urgent, \d+ min left.*This reminder is late: it was due /s);
  expect(reminder).not.toContain('U0LATE');
  expect(mails('本提醒晚到')).toHaveLength(1);
});

it('what is past its deadline and still waits is called overdue once, and again the next day', async () => {
  await toldTask({ AuthTime: inHours(-1) }, 30);
  for (let run = 0; run < 2; run += 1) await stage.run(['once']);
  expect(bodies('Overdue and still pending')).toHaveLength(1);
  expect(bodies('U0LATE')).toHaveLength(1);
  expect(mails('已过计划时间仍待授权')).toHaveLength(1);
  await stage.run(['once'], aheadByHours(24));
  expect(bodies('Overdue and still pending')).toHaveLength(2);
});

it('a task without a known deadline is reminded of once a day, and the message says that none is known', async () => {
  await toldTask({ TaskTypeId: 106, AuthTime: null }, 25);
  for (let run = 0; run < 2; run += 1) await stage.run(['once']);
  expect(bodies('Still pending, no deadline known')).toHaveLength(1);
  expect(mails('仍待授权，截止时间未知')).toHaveLength(1);
});

it('reminders go on while the account cannot be read, and say how old the reading is', async () => {
  await toldTask({ AuthTime: inHours(3.5) }, 10);
  stage.sandbox.fault({ kind: 'blocked' });
  await stage.run(['once']);
  expect(bodies('left to authorize')).toEqual([
    expect.stringMatching(/As of .* GMT\+8; the account has not been read completely since/),
  ]);
  expect(mails('此后该账号未能完整读取')).toHaveLength(1);
});

it('a reminder that waited is not sent once its task has left status 1', async () => {
  stage.hook.fault({ kind: 'status', status: 503, body: 'down' });
  const { TaskId } = await toldTask({ AuthTime: inHours(3.5) }, 10);
  await stage.run(['once']);
  stage.sandbox.world().set(TaskId, { TaskStatus: 4, AuthSource: 'Customer_auth' });
  stage.hook.clearFaults();
  for (let run = 0; run < 30 && bodies('Repair booked').length === 0; run += 1) await stage.run(['once']);
  expect(bodies('Repair booked')).toHaveLength(1);
  expect(bodies('left to authorize')).toEqual([]);
  expect((await stage.run(['explain', TaskId])).stdout).toContain('"reminder" not sent to slack: no longer pending');
});

it('what was due while nobody ran is told by the service as its first poll reads it', async () => {
  const started = stage.sandbox.world().add({ AuthTime: inHours(-1) });
  const waits = await toldTask({ AuthTime: inHours(3) }, 30);
  stage.sandbox.world().set(started.TaskId, { TaskStatus: 2, AuthSource: 'System_mandatory_auth' });
  stage.start(['run']);
  await stage.hook.accepted.until(({ body }) => body.includes('left to authorize'));
  await stage.hook.accepted.until(({ body }) => body.includes('Repair started'));
  expect(bodies('Overdue and still pending')).toEqual([]);
  expect(bodies('left to authorize')).toEqual([expect.stringContaining(waits.TaskId)]);
  expect(bodies('has not been read completely since')).toEqual([]);
});

it('each route has its own ladder', async () => {
  const route = (alias: string, reminders: string[]) => ({ match: { alias }, channels: ['slack'], reminders });
  stage.file.change({ routes: [route('db-*', ['5h']), route('web-*', ['2h']), route('*', [])] });
  for (const Alias of ['db-1', 'web-1', 'misc-1']) stage.sandbox.world().add({ Alias, AuthTime: inHours(4) });
  await toldTask({ Alias: 'other-1', AuthTime: inHours(30) }, 10);
  await stage.run(['once']);
  expect(bodies('left to authorize')).toEqual([expect.stringContaining('db-1')]);
});
