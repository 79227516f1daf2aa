import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/registry.ts';
import type { ChannelConfig } from '../../src/config/config.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import { type MailServer, startMailServer } from '../../src/sandbox/mail-server.ts';
import { type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { HOSTILE, SAMPLE_AT, sampleMessage } from '../support/sample-message.ts';

const never = new AbortController().signal;
let hook: SlackHook;
let mail: MailServer;

beforeAll(async () => {
  [hook, mail] = await Promise.all([startSlackHook(), startMailServer({ auth: { user: 'me', password: 'pw' } })]);
});
afterAll(() => Promise.all([hook.close(), mail.close()]));

const common = { name: 'ops', timezone: 'Asia/Shanghai' } as const;
const channelsOf = (language: 'en' | 'zh-CN'): ChannelConfig[] => [
  { ...common, language, type: 'slack', url: new Secret(hook.url), mention: { pending: '<!here>' } },
  { ...common, language, type: 'email', smtp: new Secret(mail.url), from: 'r@example.com', to: ['a@example.com'] },
];

test.each(['en', 'zh-CN'] as const)(
  'each channel delivers hostile facts through its own renderer to a strict counterpart (%s)',
  async (language) => {
    for (const config of channelsOf(language)) {
      const channel = createChannel(config, {
        clock: systemClock,
        consoleUrl: 'https://console.example.com',
        publicUrl: null,
      });
      const key = `rw-${language.toLowerCase().padEnd(10, 'x').replace('-', 'x')}`;
      const task = {
        alias: HOSTILE,
        taskDetail: HOSTILE.repeat(300),
        taskTypeId: 999,
        taskTypeName: HOSTILE,
        zone: HOSTILE,
      };
      for (const plain of [false, true]) {
        expect(await channel.deliver(sampleMessage(task, { key, plain }), never)).toMatchObject({
          outcome: 'delivered',
        });
      }
      expect(await channel.probe(never)).toEqual({ ok: true });
      await channel.close();
    }
    const posts = hook.accepted.entries.slice(-2);
    expect(posts.map(({ mentions }) => [...new Set(mentions)])).toEqual([['<!here>'], ['<!here>']]);
    const mails = mail.messages.entries.slice(-2);
    expect(mails.map(({ email, recipients }) => [email.bcc, recipients])).toEqual([
      [undefined, ['a@example.com']],
      [undefined, ['a@example.com']],
    ]);
    expect(mails[0]?.email.html).not.toContain('<script>alert');
    expect(mails[1]?.email.html).toBeUndefined();
    expect(Date.parse(mails[0]?.email.date ?? '')).toBe(SAMPLE_AT);
    expect(mails[0]?.email.inReplyTo).toBe(mails[1]?.email.inReplyTo);
  },
);

test('an address that cannot be used is refused by name and hidden', () => {
  const deps = { clock: systemClock, consoleUrl: 'https://console.example.com', publicUrl: null };
  const bad: readonly ChannelConfig[] = [
    { ...common, language: 'en', type: 'slack', url: new Secret('hunter2'), mention: {} },
    {
      ...common,
      language: 'en',
      type: 'email',
      smtp: new Secret('hunter2'),
      from: 'r@example.com',
      to: ['a@example.com'],
    },
  ];
  for (const config of bad) {
    expect(() => createChannel(config, deps)).toThrow(/^channel ops: /);
    expect(() => createChannel(config, deps)).not.toThrow(/hunter2/);
  }
});
