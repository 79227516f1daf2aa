import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_VARIABLES } from '../../../src/config/environment-variables.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { accepted, problems } from './load-text.ts';

const KEY = { TENCENTCLOUD_SECRET_ID: 'AKIDhush', TENCENTCLOUD_SECRET_KEY: 'hush' };
const SLACK = { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/x' };
const MAIL = {
  SMTP_URL: 'smtps://mail.example.com',
  MAIL_FROM: 'rw@example.com',
  MAIL_TO: 'a@example.com, b@example.com',
};

describe('the environment alone', () => {
  it('is enough: a key, a hook, and everything else by default', () => {
    const { config } = accepted(null, { env: { ...KEY, ...SLACK } });
    expect(config).toMatchObject({
      accounts: [
        {
          name: 'default',
          key: null,
          assumeRole: null,
          endpoint: 'https://cvm.tencentcloudapi.com',
          region: 'ap-guangzhou',
          utcOffsetMs: 8 * HOUR_MS,
          filter: { product: null, taskTypes: [], instanceIds: [], aliases: [] },
        },
      ],
      poll: {
        schedule: '*/5 * * * *',
        timezone: 'Asia/Shanghai',
        lookbackMs: 30 * 24 * HOUR_MS,
        overlapMs: 10 * MINUTE_MS,
        requestsPerSecond: 18,
        sinceMs: Date.UTC(2014, 11, 31, 16),
        requestTimeoutMs: 10_000,
      },
      store: { engine: 'sqlite', path: 'data/repairwatch.db' },
      channels: [{ name: 'slack', type: 'slack', language: 'en', timezone: 'Asia/Shanghai', mention: {} }],
      routes: [{ match: {}, channels: ['slack'], events: ['pending', 'changed', 'left', 'reminder'], continue: false }],
      remindersMs: [24 * HOUR_MS, 4 * HOUR_MS, HOUR_MS],
      digests: [{ name: 'daily', schedule: '0 9 * * *', timezone: 'Asia/Shanghai', channels: ['slack'] }],
      operator: { channels: ['slack'] },
      heartbeat: null,
      http: null,
      retention: { closedTasksMs: 400 * 24 * HOUR_MS, pollsMs: 30 * 24 * HOUR_MS },
      language: 'en',
      consoleUrl: 'https://console.cloud.tencent.com/cvm/repair/list',
    });
  });

  it('sets each option that has a variable', () => {
    const { config } = accepted(null, {
      env: {
        ...KEY,
        ...SLACK,
        ...MAIL,
        TENCENTCLOUD_ENDPOINT: 'http://127.0.0.1:8080',
        TENCENTCLOUD_REGION: 'ap-singapore',
        REPAIRWATCH_ACCOUNT: 'prod',
        STORE_URL: 'sqlite:/var/lib/rw.db',
        POLL_SCHEDULE: '30 * * * * *',
        POLL_LOOKBACK: '7d',
        POLL_REQUESTS_PER_SECOND: '5',
        REMINDERS: '1h, 30m',
        DIGEST_SCHEDULE: '0 8 * * 1-5',
        HEARTBEAT_URL: 'https://hc.example/x',
        HEARTBEAT_EVERY: '1m',
        REPAIRWATCH_LANGUAGE: 'zh-CN',
        REPAIRWATCH_TIMEZONE: 'Europe/Berlin',
        CONSOLE_URL: 'https://console.example',
      },
    });
    expect(config).toMatchObject({
      accounts: [{ name: 'prod', endpoint: 'http://127.0.0.1:8080', region: 'ap-singapore' }],
      poll: { schedule: '30 * * * * *', timezone: 'Europe/Berlin', lookbackMs: 7 * 24 * HOUR_MS, requestsPerSecond: 5 },
      store: { path: '/var/lib/rw.db' },
      channels: [
        { name: 'slack', language: 'zh-CN', timezone: 'Europe/Berlin' },
        { name: 'mail', from: 'rw@example.com', to: ['a@example.com', 'b@example.com'], language: 'zh-CN' },
      ],
      remindersMs: [HOUR_MS, 30 * MINUTE_MS],
      digests: [{ schedule: '0 8 * * 1-5', timezone: 'Europe/Berlin', channels: ['mail'] }],
      operator: { channels: ['slack', 'mail'] },
      heartbeat: { everyMs: MINUTE_MS },
      language: 'zh-CN',
      consoleUrl: 'https://console.example',
    });
  });

  it('takes secrets from NAME_FILE, and a key from a file becomes the account’s own', () => {
    const { config } = accepted(null, {
      env: {
        TENCENTCLOUD_SECRET_ID: 'AKID1',
        TENCENTCLOUD_SECRET_KEY_FILE: '/run/key',
        TENCENTCLOUD_SESSION_TOKEN: 't1',
        SLACK_WEBHOOK_URL_FILE: '/run/hook',
      },
      files: { '/run/key': 'k1\n', '/run/hook': 'https://hooks.slack.com/services/T/B/y\r\n' },
    });
    const [account] = config.accounts;
    const [channel] = config.channels;
    expect([account?.key?.secretId.reveal(), account?.key?.secretKey.reveal(), account?.key?.token?.reveal()]).toEqual([
      'AKID1',
      'k1',
      't1',
    ]);
    expect(channel?.type === 'slack' && channel.url.reveal()).toBe('https://hooks.slack.com/services/T/B/y');
  });

  it('gives a file without accounts its own account', () => {
    const text = 'channels: { s: { type: slack, url: "https://hooks.slack.com/services/T/B/x" } }';
    expect(accepted(text, { env: KEY }).config.accounts).toMatchObject([{ name: 'default', key: null }]);
    expect(accepted(text, { env: { REPAIRWATCH_ACCOUNT: 'role' } }).config.accounts).toMatchObject([{ name: 'role' }]);
  });

  it.each([
    [
      'nothing at all',
      {},
      [
        'TENCENTCLOUD_SECRET_ID is not set; set it and TENCENTCLOUD_SECRET_KEY (or REPAIRWATCH_ACCOUNT alone for a CVM role), or name a file with --config.',
        'SLACK_WEBHOOK_URL is not set, nor is SMTP_URL; set one of them for a channel, or name a file with --config.',
      ],
    ],
    [
      'half a key',
      { ...SLACK, TENCENTCLOUD_SECRET_ID: 'AKID1', TENCENTCLOUD_SECRET_KEY: '' },
      [
        'TENCENTCLOUD_SECRET_KEY is missing; TENCENTCLOUD_SECRET_ID is set, and a key is both or neither (for the official credential chain).',
      ],
    ],
    [
      'half a mail channel',
      { ...KEY, SMTP_URL: 'smtps://h' },
      [
        'MAIL_FROM is missing; it must be one e-mail address such as ops@example.com, without a name.',
        'MAIL_TO is missing; it must be a list of e-mail addresses.',
      ],
    ],
    [
      'a secret file that is not there',
      { ...KEY, SLACK_WEBHOOK_URL_FILE: '/run/hook' },
      ['SLACK_WEBHOOK_URL_FILE is "/run/hook", but that file does not exist.'],
    ],
    [
      'a secret and its file',
      { ...KEY, ...SLACK, SLACK_WEBHOOK_URL_FILE: '/run/there' },
      ['SLACK_WEBHOOK_URL_FILE is set, and SLACK_WEBHOOK_URL too; set only one of them.'],
    ],
    [
      'values that do not fit',
      {
        ...KEY,
        ...SLACK,
        REPAIRWATCH_LANGUAGE: 'fr',
        POLL_REQUESTS_PER_SECOND: 'many',
        STORE_URL: 'postgres://u:p@db/x?poolSize=0',
      },
      [
        'POLL_REQUESTS_PER_SECOND is "many"; it must be a whole number from 1 to 20.',
        'STORE_URL is "postgres://db/…"; it has a poolSize that is not a whole number from 1 to 50.',
        'REPAIRWATCH_LANGUAGE is "fr"; it must be zh-CN or en.',
      ],
    ],
    [
      'one recipient of two that is none',
      { ...KEY, ...MAIL, MAIL_TO: 'a@example.com,ops' },
      ['MAIL_TO is "ops"; it must be one e-mail address such as ops@example.com, without a name.'],
    ],
  ])('is refused by the variables’ names: %s', (_, env, sentences) => {
    expect(problems(null, { env, files: { '/run/there': 'x' } })).toEqual(sentences);
  });

  it('documents each variable once', () => {
    const names = ENVIRONMENT_VARIABLES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
