import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeConfig } from '../../../src/config/describe.ts';
import { EVENTS } from '../../../src/config/schema.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { TASK_EVENTS } from '../../../src/model/alert.ts';
import { accepted, problems } from './load-text.ts';

const HOOK = 'url: "https://hooks.slack.com/services/T/B/x"';
const BASE = `accounts: [{ name: prod }]\nchannels: { s: { type: slack, ${HOOK} } }`;

it('knows the events of the model', () => {
  expect(EVENTS).toEqual(TASK_EVENTS);
});

describe('what is written becomes what the program uses', () => {
  it('with defaults that follow other options', () => {
    const { config } = accepted(`${BASE}
language: zh-CN
poll: { timezone: America/New_York }
digests: [{ name: d, schedule: "0 9 * * *", channels: [s] }]`);
    expect(config.channels).toMatchObject([{ language: 'zh-CN', timezone: 'America/New_York' }]);
    expect(config.digests).toMatchObject([{ timezone: 'America/New_York' }]);
  });

  it('with reminders longest first, and mentions under their rung’s own name', () => {
    const { config } = accepted(`accounts: [{ name: prod }]
channels: { s: { type: slack, ${HOOK}, mention: { reminder-60m: "<!here>", pending: "<@U0123ABCD>" } } }
reminders: [1h, 1d, 1h30m]`);
    expect(config.remindersMs).toEqual([24 * HOUR_MS, 90 * MINUTE_MS, HOUR_MS]);
    expect(config.channels).toMatchObject([{ mention: { 'reminder-1h': '<!here>', pending: '<@U0123ABCD>' } }]);
  });

  it('with a route’s own reminders, whose rungs may be mentioned too', () => {
    const { config } = accepted(`accounts: [{ name: prod }]
channels: { s: { type: slack, ${HOOK}, mention: { reminder-2h: "<!here>" } } }
routes: [{ channels: [s], reminders: [1h, 2h], continue: true }, { channels: [s], reminders: [] }, { channels: [s] }]`);
    expect(config.routes.map(({ remindersMs }) => remindersMs)).toEqual([[2 * HOUR_MS, HOUR_MS], [], undefined]);
  });

  it('with only the conditions of a route that are given', () => {
    const { config } = accepted(`${BASE}\nroutes: [{ match: { dataLoss: true, taskType: [101] }, channels: [s] }]`);
    expect(config.routes).toEqual([
      { match: { dataLoss: true, taskType: [101] }, channels: ['s'], events: TASK_EVENTS, continue: false },
    ]);
    expect(Object.keys(config.routes[0]?.match ?? {})).toHaveLength(2);
  });

  it('with plain http and smtp on loopback, without a word', () => {
    const { config, warnings } = accepted(`accounts: [{ name: prod, endpoint: "http://[::1]:80/", utcOffset: "-03:30" }]
channels:
  s: { type: slack, url: "http://localhost:1234/hook" }
  m: { type: email, smtp: "smtp://u:p@127.0.0.1:25", from: a@localhost, to: [b@localhost] }
heartbeat: { url: "http://127.0.0.1/h" }
digests: [{ name: d, schedule: "0 9 * * *", channels: [m] }]`);
    expect(config.accounts).toMatchObject([{ endpoint: 'http://[::1]', utcOffsetMs: -3.5 * HOUR_MS }]);
    expect(warnings).toEqual([]);
  });

  it('with each of many accounts read by its own role, under the options of their entry', () => {
    const { config } = accepted(`accounts:
  - { name: prod }
  - each: { shop-cn: 100000000011, shop-sg: "100000000012", shop-old: "qcs::cam::uin/7:roleName/other" }
    secretId: a
    secretKey: b
    assumeRole: { roleArn: "qcs::cam::uin/{uin}:roleName/rw", externalId: x }
    schedule: "* * * * *"
channels: { s: { type: slack, ${HOOK} } }
poll: { timezone: UTC }
routes: [{ match: { account: ["shop-*"] }, channels: [s] }, { channels: [s] }]`);
    expect(config.accounts.map(({ name }) => name)).toEqual(['prod', 'shop-cn', 'shop-sg', 'shop-old']);
    expect(config.accounts.map(({ assumeRole }) => assumeRole?.roleArn)).toEqual([
      undefined,
      'qcs::cam::uin/100000000011:roleName/rw',
      'qcs::cam::uin/100000000012:roleName/rw',
      'qcs::cam::uin/7:roleName/other',
    ]);
    expect(config.accounts.map(({ schedule }) => schedule)).toEqual([
      undefined,
      ...Array.from({ length: 3 }, () => ({ schedule: '* * * * *', timezone: 'UTC' })),
    ]);
    expect(config.accounts[3]).toMatchObject({ assumeRole: { sessionName: 'repairwatch', externalId: 'x' } });
  });

  it('with roles alone, where each account has its own', () => {
    const { config } = accepted(`accounts: [{ each: { a: "qcs::cam::uin/7:roleName/x" }, timezone: UTC }]
channels: { s: { type: slack, ${HOOK} } }`);
    expect(config.accounts).toMatchObject([
      { assumeRole: { roleArn: 'qcs::cam::uin/7:roleName/x' }, schedule: { schedule: '*/5 * * * *', timezone: 'UTC' } },
    ]);
  });

  it('with references in the middle of a text, escapes, and file texts without their last newline', () => {
    const text = `accounts: [{ name: "p-\${WHERE}", secretId: "$\${x}", secretKey: "\${file:/k}" }]
channels: { s: { type: slack, url: "\${HOOK}" } }`;
    const { config } = accepted(text, {
      env: { WHERE: 'cn', HOOK: 'https://hooks.slack.com/$&/$1' },
      files: { '/k': 'a$' + '{WHERE}\r\n' },
    });
    const [account] = config.accounts;
    const [channel] = config.channels;
    expect(account?.name).toBe('p-cn');
    expect(account?.key?.secretId.reveal()).toBe('$' + '{x}');
    expect(account?.key?.secretKey.reveal()).toBe('a$' + '{WHERE}');
    expect(channel?.type === 'slack' && channel.url.reveal()).toBe('https://hooks.slack.com/$&/$1');
  });
});

it.each([
  ['', 'none'],
  ['http: {}', '127.0.0.1:9420, to be read on this machine'],
  [
    'http: { token: hush0hush0hush00, listen: "0.0.0.0:80", publicUrl: "https://r.example" }',
    '0.0.0.0:80, with a token, messages link to https://r.example',
  ],
])('describes the page of %j', (http, says) => {
  const lines = describeConfig(accepted(`${BASE}\n${http}`).config).split('\n');
  expect(lines).toContain(`page       ${says}`);
});

it('describes accounts that differ only by name and UIN in one line, where they are many', () => {
  const each = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`shop-${i + 1}`, 100_000_000_001 + i]));
  const { config } = accepted(`accounts:
  - { name: prod }
  - each: ${JSON.stringify(each)}
    assumeRole: { roleArn: "qcs::cam::uin/{uin}:roleName/rw" }
    schedule: "* * * * *"
channels: { s: { type: slack, ${HOOK} } }`);
  const accounts = describeConfig(config)
    .split('\n')
    .filter((line) => line.startsWith('account'));
  expect(accounts).toEqual([
    'account    prod: official credential chain, https://cvm.tencentcloudapi.com ap-guangzhou',
    'account    500 accounts, shop-1 to shop-500: official credential chain, as qcs::cam::uin/{uin}:roleName/rw, https://cvm.tencentcloudapi.com ap-guangzhou, "* * * * *" Asia/Shanghai',
  ]);
});

describe('what is allowed but may not be meant is said', () => {
  const DIGEST = 'digests: [{ name: d, schedule: "0 9 * * *", channels: [s] }]';
  const WATCHED = `heartbeat: { url: "https://hc.example/x" }\n${DIGEST}`;
  const TWO = `accounts: [{ name: prod }]
channels: { s: { type: slack, ${HOOK} }, t: { type: slack, ${HOOK} } }
${WATCHED}`;

  it.each([
    [
      'one channel and nothing else',
      BASE,
      [
        'There is no heartbeat, so nobody is told when this service dies; set heartbeat.url.',
        'The operator has no second channel, so nobody is told when s itself fails; give operator.channels another one.',
        'There is no digest, so nothing sums up what still waits; add one to digests.',
      ],
    ],
    ['all that is advised', TWO, []],
    ['a page for this machine', `${TWO}\nhttp: {}`, []],
    ['a page for others with a long token', `${TWO}\nhttp: { listen: "0.0.0.0:9420", token: hush0hush0hush00 }`, []],
    [
      'a short token on this machine',
      `${TWO}\nhttp: { token: hush0hush0hush0 }`,
      [
        'http.token has fewer than 16 characters, so somebody may find it by trying; make one with `openssl rand -hex 24`.',
      ],
    ],
    [
      'no catch-all route',
      `${TWO}\nroutes: [{ match: { dataLoss: true }, channels: [s, t] }]`,
      [
        'No route matches every task, so some tasks may reach only the operator; end routes with one that has no match.',
      ],
    ],
    [
      'a catch-all route before others',
      `${TWO}\nroutes: [{ channels: [s] }, { match: { dataLoss: true }, channels: [t] }]`,
      ['routes[0] matches every task, so the routes after it are never asked; put it last or set continue.'],
    ],
    [
      'a channel that nobody uses',
      `${TWO}\nroutes: [{ channels: [s] }]\noperator: { channels: [s] }`,
      [
        'The operator has no second channel, so nobody is told when s itself fails; give operator.channels another one.',
        "Channel t is in no route, no digest and not the operator's, so nothing is sent to it.",
      ],
    ],
    [
      'values that the vendor does not list',
      `${TWO}\nroutes: [{ match: { product: [CMV], taskType: [201] }, channels: [s, t] }, { channels: [s] }]`,
      [
        'The product CMV is not one we know (CVM, CDH, CPM2.0); it is used as it is.',
        'The task type 201 is not one we know (101, 102, 103, 104, 105, 106, 107); it is used as it is.',
      ],
    ],
    [
      'two accounts of one key and one filter',
      TWO.replace(
        'accounts: [{ name: prod }]',
        `accounts:
  - { name: prod, secretId: a, secretKey: b }
  - { name: cvm-only, secretId: a, secretKey: b, product: CVM }
  - { name: other, secretId: c, secretKey: b }
  - { name: assumed, secretId: a, secretKey: b, assumeRole: { roleArn: "qcs::cam::uin/1:roleName/x" } }
  - { name: chained }
  - { name: chained-too }
  - { name: twin, secretId: a, secretKey: b }`,
      ),
      [
        'Accounts prod and twin have one key and one filter, so each of their tasks is told once for each; leave all but one out, or give each its own.',
        'Accounts chained and chained-too have one key and one filter, so each of their tasks is told once for each; leave all but one out, or give each its own.',
      ],
    ],
    [
      'a password that may travel in the clear',
      `accounts: [{ name: prod }]
channels: { s: { type: slack, ${HOOK} }, m: { type: email, smtp: "smtp://u:p@h.example?tls=optional", from: a@b.c, to: [a@b.c] } }
${WATCHED}`,
      [
        'The password of channel m may cross the network unprotected, as tls=optional in its smtp allows; leave tls out.',
      ],
    ],
  ])('%s', (_, text, warnings) => {
    expect(accepted(text).warnings).toEqual(warnings);
  });
});

describe('a secret is never shown', () => {
  const SECRETS = {
    ID: 'AKIDcanary1',
    KEY: 'canary2',
    TOKEN: 'canary3',
    HOOK: 'https://hooks.slack.com/services/T/B/canary4',
    SMTP: 'smtp://canary5:canary6@mail.example.com',
    BEAT: 'https://hc.example/canary7',
    HTTP: 'canary8',
  };
  const whole = (value: (name: keyof typeof SECRETS) => string) => `
accounts: [{ name: prod, secretId: "${value('ID')}", secretKey: "${value('KEY')}", token: "${value('TOKEN')}" }]
channels:
  s: { type: slack, url: "${value('HOOK')}" }
  m: { type: email, smtp: "${value('SMTP')}", from: a@b.c, to: [a@b.c] }
heartbeat: { url: "${value('BEAT')}" }
http: { token: "${value('HTTP')}" }`;
  const literal = whole((name) => SECRETS[name]);
  const referring = whole((name) => `\${${name}}`);

  it.each([
    ['written down', literal],
    ['referred to', referring],
  ])('when it is %s: not as JSON, not by inspect, not in the summary, not in warnings', (_, text) => {
    const { config, warnings } = accepted(text, { env: SECRETS });
    const shown = [
      JSON.stringify(config),
      inspect(config, { depth: null, showHidden: true, getters: true }),
      describeConfig(config),
      ...warnings,
    ];
    expect(shown.join('\n')).not.toContain('canary');
    expect(shown[1]).toContain('[secret]');
  });

  it.each([
    ['written down', literal],
    ['referred to', referring],
  ])('when it is %s and refused, whatever is wrong with it or around it', (_, text) => {
    const misuses = [
      text.replaceAll(/https:|smtp:/g, 'ftp:'),
      text.replaceAll('"', '" '),
      text.replaceAll(/"([^"]*)"/g, '["$1"]'),
      text.replaceAll(/"([^"]*)"/g, '{ x: "$1" }'),
      text.replaceAll(/(secretId|secretKey|token|url|smtp):/g, '$1x:'),
      text.replaceAll(/"([^"]*)"/g, '"$1 \\n"'),
      text.replace('{ type: slack, url:', '').replace('" }', '"'),
      text.replace('heartbeat: { url:', 'heartbeat:').replace('7" }', '7"').replace('BEAT}" }', 'BEAT}"'),
      text.replace('from: a@b.c', `from: "${SECRETS.SMTP}"`),
      text.replace('accounts:', `store: "${SECRETS.SMTP}"\naccounts:`),
    ];
    const env = Object.fromEntries(Object.entries(SECRETS).map(([name, value]) => [name, `ftp ${value}`]));
    for (const misuse of misuses) {
      const sentences = problems(misuse, { env });
      expect(sentences, misuse).not.toEqual([]);
      expect(sentences.join('\n')).not.toContain('canary');
    }
  });

  it('when it comes by the environment alone and does not fit', () => {
    const sentences = problems(null, {
      env: {
        TENCENTCLOUD_SECRET_ID: 'canary 1',
        TENCENTCLOUD_SECRET_KEY_FILE: '/k',
        SLACK_WEBHOOK_URL: 'http://h.example/canary',
        SMTP_URL: 'canary',
        HEARTBEAT_URL: 'canary',
      },
      files: { '/k': 'canary 2' },
    });
    expect(sentences).toHaveLength(7);
    expect(sentences.join('\n')).not.toContain('canary');
  });
});
