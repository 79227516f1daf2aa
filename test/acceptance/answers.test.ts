import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
});

afterEach(() => kit.close());

interface Shown {
  readonly key: string;
  readonly channel: string;
  readonly state: string;
  readonly reason: string | null;
}

async function deliveries(...args: readonly string[]): Promise<readonly Shown[]> {
  const { stdout } = await kit.run(['deliveries', '--json', ...args]);
  return JSON.parse(stdout) as readonly Shown[]; // what the command prints
}

// Every answer, at its second: test/contract/slack-rows.test.ts and smtp-classes.test.ts.
it('the built program keeps to a Retry-After while mail goes on, tells whom a mail never reaches, and repeats what is unknown', async () => {
  const mail = { type: 'email', smtp: kit.mail.url, from: 'r@example.com', language: 'en' };
  const channels = {
    slack: { type: 'slack', url: kit.hook.url, language: 'en' },
    mail: { ...mail, to: ['a@example.com', 'gone@example.com'] },
  };
  kit.configure({ channels, routes: [{ channels: ['slack', 'mail'] }], operator: { channels: ['slack', 'mail'] } });
  const service = kit.start();
  await service.polls(1);

  kit.hook.fault({ kind: 'status', status: 429, body: 'rate_limited', retryAfterSeconds: 3, times: 1 });
  kit.mail.fault({
    kind: 'refuse',
    step: 'recipient',
    code: 550,
    text: '5.1.1 no such user',
    recipient: 'gone@example.com',
  });
  const task = kit.sandbox.world().add();
  const mailed = await kit.mail.messages.until(({ email }) => email.text?.includes(task.TaskId) === true);
  expect(mailed.recipients).toEqual(['a@example.com']);
  const [busy, again] = await kit.hook.requests.untilCount(2);
  const waitedMs = (again?.at ?? 0) - (busy?.at ?? 0);
  expect(waitedMs).toBeGreaterThanOrEqual(3_000);
  expect(mailed.at).toBeLessThan(again?.at ?? 0);
  expect(again?.body).toBe(busy?.body);
  await kit.hook.accepted.until((request) => textOf(request).includes('refuses gone@example.com'));
  expect(await deliveries()).toContainEqual(
    expect.objectContaining({
      channel: 'mail',
      state: 'delivered',
      reason: expect.stringContaining('gone@example.com'),
    }),
  );

  kit.hook.fault({ kind: 'accept-then-reset', times: 1 });
  const next = kit.sandbox.world().add();
  await kit.hook.accepted.until((request) => textOf(request).includes(next.TaskId));
  await service.waitForLog('message-not-delivered', (line) => line['outcome'] === 'unknown');
  const [unknown] = await deliveries('--state', 'unknown');
  expect(unknown).toMatchObject({ channel: 'slack', state: 'unknown' });
  expect(kit.hook.accepted.entries.filter((request) => textOf(request).includes(next.TaskId))).toHaveLength(1);
  await service.stop();
  kit.start();
  const [first, repeat] = await kit.hook.accepted.untilCount(2, (request) => textOf(request).includes(next.TaskId));
  expect(repeat?.body).toBe(first?.body);
  expect(repeat?.body).toContain(unknown?.key);
});
