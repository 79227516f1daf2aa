import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/clock.ts';
import { type Service, type ServiceKit, startKit } from '../support/service-kit.ts';

const PRELOAD = new URL('../support/clock-preload.ts', import.meta.url).href;

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
  const { hook, mail } = kit;
  const to = { from: 'repairwatch@example.com', to: ['ops@example.com'] };
  kit.configure({
    channels: {
      slack: { type: 'slack', url: hook.url, language: 'en', timezone: 'America/New_York' },
      mail: { type: 'email', smtp: mail.url, ...to, language: 'zh-CN', timezone: 'Asia/Shanghai' },
    },
    digests: [{ name: 'morning', schedule: '0 9 * * *', timezone: 'Asia/Shanghai', channels: ['slack', 'mail'] }],
  });
});

afterEach(() => kit.close());

/** The service and the API three days from now. */
function startLater(): Service {
  const file = join(kit.file.directory, 'clock-ahead');
  writeFileSync(file, String(3 * DAY_MS));
  kit.sandbox.configure({ clockSkewMs: 3 * DAY_MS });
  return kit.start({ NODE_OPTIONS: `--import=${PRELOAD}`, CLOCK_AHEAD_FILE: file });
}

/** Nine o'clock in Beijing that follows the moment. */
function nextNine(after: number): number {
  const one = 3_600_000;
  return Math.floor((after - one) / DAY_MS) * DAY_MS + one + DAY_MS;
}

const digests = () => kit.hook.accepted.entries.filter(({ body }) => body.includes('Digest morning'));

it('a digest that was due three times while nobody ran comes once, late, as each channel speaks, whatever is killed around it', async () => {
  kit.sandbox.world().add({ TaskId: 'rep-before01' });
  const setUpAt = Date.now();
  expect(await kit.run(['once'])).toMatchObject({ code: 0 });
  const due = nextNine(setUpAt);
  kit.sandbox.world().add({ TaskId: 'rep-later01' });

  // What the first life sends is accepted and not answered: it is killed between the acceptance and its record.
  kit.hook.fault({ kind: 'accept-then-hang', times: 1 });
  const killed = startLater();
  await kit.hook.accepted.untilCount(2);
  killed.kill('SIGKILL');
  await killed.exited;
  const second = startLater();
  await kit.hook.accepted.until(() => digests().length > 0);
  await kit.mail.messages.until(({ email }) => email.subject?.includes('morning') ?? false);
  await second.polls(2);
  second.kill('SIGKILL');
  await second.exited;
  const third = startLater();
  await third.polls(2);
  expect(await third.stop()).toMatchObject({ code: 0, stderr: '' });

  const mails = kit.mail.messages.entries.filter(({ email }) => email.subject?.includes('morning'));
  expect(new Set(digests().map(({ body }) => body)).size).toBe(1);
  expect(new Set(mails.map(({ email }) => email.messageId)).size).toBe(1);

  const newYork = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'America/New_York',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const inSlack = digests()[0]?.body ?? '';
  expect(inSlack).toMatch(new RegExp(`This digest is late: it was due \\w{3} ${newYork.format(due)} E[SD]T`));
  expect(inSlack).toMatch(new RegExp(`It covers \\w{3} ${newYork.format(setUpAt).slice(0, 10)}`));
  const inMail = mails[0]?.email.text?.replaceAll('\n', '') ?? '';
  expect(inMail).toMatch(new RegExp(`本摘要晚到：应于 ${new Date(due).toISOString().slice(0, 10)} 周. 09:00 GMT\\+8`));
  for (const text of [inSlack, mails[0]?.email.text ?? '']) {
    expect(text).toContain('rep-before01');
    expect(text).toContain('rep-later01');
  }
});
