// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are what is tested
import { describe, expect, it } from 'vitest';
import { load, problems, type Surroundings } from './load-text.ts';

const ACCOUNTS = 'accounts: [{ name: prod }]';
const CHANNELS = `channels:
  ops-slack: { type: slack, url: "https://hooks.slack.com/services/T/B/x" }
  ops-mail: { type: email, smtp: "smtps://mail.example.com", from: rw@example.com, to: [ops@example.com] }`;
const BASE = `${ACCOUNTS}\n${CHANNELS}`;
const SCHEDULE = 'it must be a schedule of five or six cron fields such as "*/5 * * * *", and this one';
const DURATION = 'it must be a duration such as 30d, 4h, 10m, 90s or 1h30m';
const HIDDEN = 'has a value that does not fit (not shown, it is secret)';
const HTTPS = 'it must start with https:// (http:// is accepted for loopback addresses only)';
const EMAIL = 'it must be one e-mail address such as ops@example.com, without a name';
const EACH_ROLE = 'qcs::cam::uin/{uin}:roleName/repairwatch';
const slack = (options: string) => `${ACCOUNTS}\nchannels: { s: { type: slack, ${options} } }`;
const hook = 'url: "https://hooks.slack.com/services/T/B/x"';
const mail = (options: string) => `${ACCOUNTS}\nchannels: { m: { type: email, ${options} } }`;

/** What is written on top of a good configuration, or the whole of it, and the one sentence that answers. */
// biome-ignore format: a line for each case
const CASES: readonly (readonly [string, string, string])[] = [
  ['a misspelt option', `${BASE}\npoll: { shedule: "* * * * *" }`, 'poll.shedule is not known; did you mean poll.schedule?'],
  ['a misspelt section', `${BASE}\nreminder: [1h]`, 'reminder is not known; did you mean reminders?'],
  ['an option in another style', `${BASE}\npoll: { request_timeout: 5s }`, 'poll.request_timeout is not known; did you mean poll.requestTimeout?'],
  ['an option that is nothing like ours', `${BASE}\nheartbeat: { url: "https://hc.example/1", colour: red }`, 'heartbeat.colour is not known; known here are url, every, startAndFail.'],
  ['a misspelt option of an account', `accounts: [{ name: prod, secretID: a, secretKey: b, regoin: x }]\n${CHANNELS}`, 'accounts[0].secretID is not known; did you mean accounts[0].secretId?|accounts[0].regoin is not known; did you mean accounts[0].region?|accounts[0].secretId is missing; secretKey is set, and a key is both or neither (for the official credential chain).'],
  ['no account', CHANNELS, 'accounts is missing; list at least one account, or set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.'],
  ['no channel', ACCOUNTS, 'channels is missing; it must be a mapping with at least one channel, from its name to its settings.'],
  ['an empty list of channels', `${ACCOUNTS}\nchannels: {}`, 'channels is an empty mapping; it must have at least one channel.'],
  ['an unknown kind of channel', `${ACCOUNTS}\nchannels: { s: { type: slak } }`, 'channels.s.type is "slak"; it must be slack or email.'],
  ['a channel that is only an address', `${ACCOUNTS}\nchannels: { s: "https://hooks.slack.com/services/T/B/hush" }`, 'channels.s is "https://hooks.slack.com/…"; it must be a mapping with type slack or email.'],
  ['a channel name with a space', `${ACCOUNTS}\nchannels: { "my ops": { type: slack, ${hook} } }`, 'channels["my ops"] is not a name that can be used; it must be a name of up to 64 letters, digits, ".", "_" and "-".'],
  ['half a key', `accounts: [{ name: prod, secretId: AKID1 }]\n${CHANNELS}`, 'accounts[0].secretKey is missing; secretId is set, and a key is both or neither (for the official credential chain).'],
  ['the other half', `accounts: [{ name: prod, secretKey: k1 }]\n${CHANNELS}`, 'accounts[0].secretId is missing; secretKey is set, and a key is both or neither (for the official credential chain).'],
  ['a token without a key', `accounts: [{ name: prod, token: t1 }]\n${CHANNELS}`, 'accounts[0].secretId is missing; token is set, and a key is both or neither (for the official credential chain).'],
  ['a key of two lines', `accounts: [{ name: prod, secretId: a, secretKey: "b\\nc" }]\n${CHANNELS}`, `accounts[0].secretKey ${HIDDEN}; it must be a SecretKey, on one line without spaces.`],
  ['two accounts of one name', `accounts: [{ name: prod }, { name: prod }]\n${CHANNELS}`, 'accounts[1].name is "prod"; accounts[0] has that name already, and each must have its own.'],
  ['an endpoint without encryption', `accounts: [{ name: prod, endpoint: "http://cvm.tencentcloudapi.com" }]\n${CHANNELS}`, `accounts[0].endpoint is "http://cvm.tencentcloudapi.com"; ${HTTPS}.`],
  ['an endpoint that is a bare host', `accounts: [{ name: prod, endpoint: cvm.tencentcloudapi.com }]\n${CHANNELS}`, 'accounts[0].endpoint is "cvm.tencentcloudapi.com"; it must be the origin of the API such as https://cvm.tencentcloudapi.com.'],
  ['an endpoint with a password', `accounts: [{ name: prod, endpoint: "https://u:hush@h.example" }]\n${CHANNELS}`, 'accounts[0].endpoint is "https://h.example/…"; it must not hold a user name or a password.'],
  ['an offset without a sign', `accounts: [{ name: prod, utcOffset: 8 }]\n${CHANNELS}`, 'accounts[0].utcOffset is 8; it must be an offset from UTC such as "+08:00".'],
  ['a role that is none', `accounts: [{ name: prod, assumeRole: { roleArn: admin } }]\n${CHANNELS}`, 'accounts[0].assumeRole.roleArn is "admin"; it must be a role such as qcs::cam::uin/100000000001:roleName/repairwatch.'],
  ['an account that has no name', `accounts: [{ region: ap-guangzhou }]\n${CHANNELS}`, 'accounts[0].name is missing; it must be a name, or list the names of many accounts in each.'],
  ['one account and many in one', `accounts: [{ name: prod, each: { shop: 1 }, assumeRole: { roleArn: "${EACH_ROLE}" } }]\n${CHANNELS}`, 'accounts[0].name is set, and each too; set name for one account, or each for many.'],
  ['many accounts by no role', `accounts: [{ each: { shop: 1 } }]\n${CHANNELS}`, `accounts[0].assumeRole.roleArn is missing; it must be a role such as ${EACH_ROLE}, by which each account is read.`],
  ['many accounts by one role', `accounts: [{ each: { shop: "1" }, assumeRole: { roleArn: "qcs::cam::uin/1:roleName/rw" } }]\n${CHANNELS}`, `accounts[0].assumeRole.roleArn is "qcs::cam::uin/1:roleName/rw"; it must be a role such as ${EACH_ROLE}, by which each account is read.`],
  ['the UIN of each where there is one', `accounts: [{ name: prod, assumeRole: { roleArn: "${EACH_ROLE}" } }]\n${CHANNELS}`, `accounts[0].assumeRole.roleArn is "${EACH_ROLE}"; {uin} stands for what is listed in each, so write the UIN.`],
  ['an assumed role that is not named', `accounts: [{ name: prod, assumeRole: {} }]\n${CHANNELS}`, 'accounts[0].assumeRole.roleArn is missing; it must be a role such as qcs::cam::uin/100000000001:roleName/repairwatch.'],
  ['a UIN that is none', `accounts: [{ each: { shop: main }, assumeRole: { roleArn: "${EACH_ROLE}" } }]\n${CHANNELS}`, 'accounts[0].each.shop is "main"; it must be a UIN such as 100000000001, or a role such as qcs::cam::uin/100000000001:roleName/repairwatch.'],
  ['names without UINs', `accounts: [{ each: [shop] }]\n${CHANNELS}`, 'accounts[0].each is a list; it must be a mapping from the name of each account to its UIN or its role.'],
  ['many accounts that are none', `accounts: [{ each: {} }]\n${CHANNELS}`, 'accounts[0].each is an empty mapping; it must have at least one account.'],
  ['a name that an account among many has', `accounts: [{ name: shop }, { each: { shop: 1 }, assumeRole: { roleArn: "${EACH_ROLE}" } }]\n${CHANNELS}`, 'accounts[1].each.shop is a name that accounts[0] has already, and each must have its own.'],
  ['a schedule of one account that is none', `accounts: [{ name: prod, schedule: hourly }]\n${CHANNELS}`, `accounts[0].schedule is "hourly"; ${SCHEDULE} has 1 field where 5 or 6 are needed.`],
  ['a pattern that fits no account', `${BASE}\nroutes: [{ match: { account: ["shop-*"] }, channels: [ops-slack] }]`, 'routes[0].match.account[0] is "shop-*"; there is no such account, the accounts are prod.'],
  ['too few cron fields', `${BASE}\npoll: { schedule: "*/5 * *" }`, `poll.schedule is "*/5 * *"; ${SCHEDULE} has 3 fields where 5 or 6 are needed.`],
  ['an hour that no clock shows', `${BASE}\npoll: { schedule: "0 25 * * *" }`, `poll.schedule is "0 25 * * *"; ${SCHEDULE} cannot have "25" as its hour (0 to 23).`],
  ['a day that never comes', `${BASE}\npoll: { schedule: "0 0 31 2 *" }`, `poll.schedule is "0 0 31 2 *"; ${SCHEDULE} names a day that never comes.`],
  ['a misspelt zone', `${BASE}\npoll: { timezone: Asia/Shangai }`, 'poll.timezone is "Asia/Shangai"; it must be an IANA time zone such as Asia/Shanghai; did you mean Asia/Shanghai?'],
  ['an offset as zone', `${BASE}\npoll: { timezone: "+08:00" }`, 'poll.timezone is "+08:00"; it must be an IANA time zone such as Asia/Shanghai.'],
  ['a duration in words', `${BASE}\npoll: { lookback: 30 days }`, `poll.lookback is "30 days"; ${DURATION}, from 1h to 3650d.`],
  ['a duration without a unit', `${BASE}\npoll: { overlap: 10 }`, `poll.overlap is 10; ${DURATION}, from 0s to 30d.`],
  ['an overlap beyond the lookback', `${BASE}\npoll: { lookback: 1h, overlap: 2h }`, 'poll.overlap is longer than poll.lookback (1h); it must be shorter.'],
  ['more requests than the API allows', `${BASE}\npoll: { requestsPerSecond: 40 }`, 'poll.requestsPerSecond is 40; it must be a whole number from 1 to 20.'],
  ['a day that is not in the calendar', `${BASE}\npoll: { since: 2023-02-30 }`, 'poll.since is "2023-02-30"; it must be a date such as 2015-01-01, from 2010-01-01 on.'],
  ['a database server with an option that is none', `${BASE}\nstore: postgres://rw:hush@db:5432/rw?ssl=on`, 'store is "postgres://db:5432/…"; it has an option that is not known; there are sslmode, sslrootcert, passwordFile, schema, poolSize.'],
  ['a store in memory', `${BASE}\nstore: "sqlite::memory:"`, 'store is "sqlite::memory:"; it must be sqlite:PATH with the path of a file, because a store in memory forgets what it has told.'],
  ['a store without its kind', `${BASE}\nstore: data.db`, 'store is "data.db"; it must be sqlite:PATH, e.g. sqlite:data/repairwatch.db, or postgres://user:password@host:5432/database.'],
  ['a hook without encryption', slack('url: "http://hooks.slack.com/services/T/B/hush"'), `channels.s.url ${HIDDEN}; ${HTTPS}.`],
  ['a hook that is no address', slack('url: hush'), `channels.s.url ${HIDDEN}; it must be the https:// address of an incoming webhook.`],
  ['a mention of what is no event', slack(`${hook}, mention: { reminder-2h: "<!here>" }`), 'channels.s.mention.reminder-2h is not an event; it must be one of pending, changed, left, reminder, reminder-24h, reminder-4h, reminder-1h.'],
  ["a mention that is not in Slack's syntax", slack(`${hook}, mention: { pending: "@here" }`), 'channels.s.mention.pending is "@here"; it must be mentions in Slack’s syntax such as <!here>, <!channel>, <@U0123ABCD> or <!subteam^S0123ABCD>.'],
  ['a language we do not speak', slack(`${hook}, language: fr`), 'channels.s.language is "fr"; it must be zh-CN or en.'],
  ['a mail server of another protocol', mail('smtp: "imap://u:hush@h", from: a@b.example, to: [a@b.example]'), `channels.m.smtp ${HIDDEN}; it must be smtp://host:port or smtps://user:password@host:port.`],
  ['a password that is not encoded', mail('smtp: "smtps://u:hush%zz@h", from: a@b.example, to: [a@b.example]'), `channels.m.smtp ${HIDDEN}; its user name and password must be percent-encoded, a "%" as %25 and a "@" as %40.`],
  ['a password without a user', mail('smtp: "smtps://:hush@h", from: a@b.example, to: [a@b.example]'), `channels.m.smtp ${HIDDEN}; it has a user without a password or a password without a user.`],
  ['an unknown way to protect mail', mail('smtp: "smtps://h?tls=maybe", from: a@b.example, to: [a@b.example]'), `channels.m.smtp ${HIDDEN}; it has a tls option that is not one of required, unverified.`],
  ['a sender that smuggles a header', mail('smtp: "smtps://h", from: "a@b.example\\r\\nBcc: c@d.example", to: [a@b.example]'), `channels.m.from is "a@b.example\\r\\nBcc: c@d.example"; ${EMAIL}.`],
  ['two recipients in one text', mail('smtp: "smtps://h", from: a@b.example, to: ["a@b.example, c@d.example"]'), `channels.m.to[0] is "a@b.example, c@d.example"; ${EMAIL}.`],
  ['recipients that are no list', mail('smtp: "smtps://h", from: a@b.example, to: a@b.example'), 'channels.m.to is "a@b.example"; it must be a list of e-mail addresses.'],
  ['nobody to write to', mail('smtp: "smtps://h", from: a@b.example, to: []'), 'channels.m.to is an empty list; it must be a list of e-mail addresses, at least 1.'],
  ['no route', `${BASE}\nroutes: []`, 'routes is an empty list; by no route nothing would be sent: list at least one, or leave it out to send everything to every channel.'],
  ['a route to no channel', `${BASE}\nroutes: [{ channels: [ops-slak] }]`, 'routes[0].channels[0] is "ops-slak"; there is no such channel, did you mean ops-slack?'],
  ['a digest to no channel', `${BASE}\ndigests: [{ name: d, schedule: "0 9 * * *", channels: [pager] }]`, 'digests[0].channels[0] is "pager"; there is no such channel, the channels are ops-slack, ops-mail.'],
  ['an operator without a channel', `${BASE}\noperator: { channels: [ops-mial] }`, 'operator.channels[0] is "ops-mial"; there is no such channel, did you mean ops-mail?'],
  ['a route for no account', `${BASE}\nroutes: [{ match: { account: [prd] }, channels: [ops-slack] }]`, 'routes[0].match.account[0] is "prd"; there is no such account, did you mean prod?'],
  ['an unknown event', `${BASE}\nroutes: [{ channels: [ops-slack], events: [new] }]`, 'routes[0].events[0] is "new"; it must be pending, changed, left or reminder.'],
  ['two digests of one name', `${BASE}\ndigests: [{ name: d, schedule: "0 9 * * *", channels: [ops-mail] }, { name: d, schedule: "0 18 * * *", channels: [ops-mail] }]`, 'digests[1].name is "d"; digests[0] has that name already, and each must have its own.'],
  ['a rung that a route has twice', `${BASE}\nroutes: [{ channels: [ops-slack], reminders: [2h, 120m] }]`, 'routes[0].reminders[1] is "120m"; routes[0].reminders[0] is as long, and each must differ.'],
  ['a rung that is there twice', `${BASE}\nreminders: [1h, 60m]`, 'reminders[1] is "60m"; reminders[0] is as long, and each must differ.'],
  ['a heartbeat without encryption', `${BASE}\nheartbeat: { url: "http://hc.example/hush" }`, `heartbeat.url ${HIDDEN}; ${HTTPS}.`],
  ['a heartbeat that is only an address', `${BASE}\nheartbeat: https://hc.example/hush`, 'heartbeat is "https://hc.example/…"; it must be a mapping with url, every, startAndFail.'],
  ['a heartbeat that is too fast', `${BASE}\nheartbeat: { url: "https://hc.example/hush", every: 1s }`, `heartbeat.every is "1s"; ${DURATION}, from 10s to 24h.`],
  ['closed tasks that are forgotten too soon', `${BASE}\nretention: { closedTasks: 7d }`, 'retention.closedTasks is shorter than poll.lookback (30d); it must be at least as long.'],
  ['an address to listen on without a port', `${BASE}\nhttp: { listen: localhost }`, 'http.listen is "localhost"; it must be an address to listen on such as 127.0.0.1:9420.'],
  ['a page that others can reach without a token', `${BASE}\nhttp: { listen: "0.0.0.0:9420" }`, 'http.listen is "0.0.0.0:9420", which others can reach; set http.token, or listen on 127.0.0.1.'],
  ['a short token where others can reach the page', `${BASE}\nhttp: { listen: "0.0.0.0:9420", token: hush0hush0hush0 }`, 'http.token has fewer than 16 characters, and others can reach http.listen; make one with `openssl rand -hex 24`.'],
  ['a number where a name is meant', `accounts: [{ name: 12 }]\n${CHANNELS}`, 'accounts[0].name is 12; it must be a name of up to 64 letters, digits, ".", "_" and "-".'],
  ['a section that is left empty', `${BASE}\npoll:`, 'poll is empty; it must be a mapping with schedule, timezone, lookback, overlap, requestsPerSecond, since, requestTimeout.'],
  ['a file that is a list', '- a\n- b', 'The configuration is a list; it must be a mapping with accounts, poll, store, channels, routes, reminders, digests, operator, heartbeat, http, retention, language, consoleUrl.'],
];

describe('a broken configuration is answered by one sentence for each thing that is wrong', () => {
  it.each(CASES)('%s', (_, text, sentences) => {
    expect(problems(text)).toEqual(sentences.split('|'));
  });
});

/** Texts that are not YAML, each with line and column and nothing quoted. */
// biome-ignore format: a line for each case
const NOT_YAML: readonly (readonly [string, string, string])[] = [
  ['a key that is there twice', 'poll: {}\nstore: a\npoll: {}', 'line 3, column 1: this key is written twice in the same mapping; keep one'],
  ['a tab', 'poll:\n\tschedule: x', 'line 2, column 1: a tab is used to indent; use spaces'],
  ['a quote that is left open', 'store: "hush', 'line 1, column 13: a closing quote, bracket, brace or a separator is missing'],
  ['a reference without quotes within braces', `poll: { schedule: \${X} }`, `line 1, column 20: this character is not expected here (inside { } and [ ], put "\${…}" in quotes)`],
  ['two colons', 'store: sqlite: x', 'line 1, column 8: there are two ": " in one line; put the text in quotes'],
  ['two documents', 'a: 1\n---\nb: 2', 'line 2, column 1: a second document starts here; a configuration is one document'],
  ['a tag', 'store: !secret hush', 'line 1, column 8: this tag (!name) is not known; quote texts that start with !'],
  ['an alias inside its own anchor', 'accounts: &a [*a]', 'an alias (*name) stands inside its own anchor (&name)'],
  ['an alias of nothing', 'store: *hush', 'an alias (*name) has no anchor (&name) before it, or aliases repeat more than 100 times'],
];

describe('a file that is not YAML is answered by line and column', () => {
  it.each(NOT_YAML)('%s', (_, text, clause) => {
    expect(problems(text)).toEqual([`The configuration file repairwatch.yaml cannot be read: ${clause}.`]);
  });

  it('stops at aliases that multiply', () => {
    const levels = Array.from(
      { length: 9 },
      (_, n) => `l${n}: &l${n} [${Array(9).fill(n === 0 ? 'x' : `*l${n - 1}`)}]`,
    );
    expect(problems(levels.join('\n'))[0]).toContain('aliases repeat more than 100 times');
  });

  it('says why the file cannot be read at all', () => {
    expect(problems('!EACCES')).toEqual(['The configuration file repairwatch.yaml may not be read by this user.']);
    expect(problems('!ENOENT')).toEqual(['The configuration file repairwatch.yaml does not exist.']);
  });

  it('takes merge keys', () => {
    const text = `accounts:\n  - &a { name: a, region: ap-x }\n  - { <<: *a, name: b }\n${CHANNELS}`;
    const loaded = load(text);
    expect(loaded.ok && loaded.config.accounts.map(({ name, region }) => [name, region])).toEqual([
      ['a', 'ap-x'],
      ['b', 'ap-x'],
    ]);
  });
});

// biome-ignore format: a line for each case
const REFERENCES: readonly (readonly [string, string, Surroundings, string])[] = [
  ['a missing variable', 'store: ${WHERE}', {}, 'store refers to ${WHERE}, but the environment variable WHERE is not set.'],
  ['an empty variable', 'store: ${WHERE}', { env: { WHERE: '' } }, 'store refers to ${WHERE}, but the environment variable WHERE is empty.'],
  ['a missing file', 'store: ${file:/run/where}', {}, 'store refers to ${file:/run/where}, but that file does not exist.'],
  ['a file that may not be read', 'store: ${file:/run/where}', { files: { '/run/where': '!EACCES' } }, 'store refers to ${file:/run/where}, but that file may not be read by this user.'],
  ['an empty file', 'store: ${file:/run/where}', { files: { '/run/where': '\n' } }, 'store refers to ${file:/run/where}, but that file is empty.'],
  ['a reference that is left open', 'store: "sqlite:${WHERE"', {}, 'store has a "${" without its "}"; write $${ where a text means ${ itself.'],
  ['a default as in a shell', 'store: "${WHERE:-x}"', {}, 'store refers to ${WHERE:-x}; it must be ${NAME}, ${file:PATH}, or $${ for ${ itself.'],
  ['a value that does not fit', 'store: ${WHERE}', { env: { WHERE: 'hush' } }, 'store is taken from ${WHERE}, whose value does not fit; it must be sqlite:PATH, e.g. sqlite:data/repairwatch.db, or postgres://user:password@host:5432/database.'],
];

describe('a reference that leads nowhere is named with its option', () => {
  it.each(REFERENCES)('%s', (_, text, surroundings, sentence) => {
    expect(problems(`${BASE}\n${text}`, surroundings)).toEqual([sentence]);
  });
});

it('tells everything at once, whatever kind of wrong it is', () => {
  const text = `accounts: [{ name: prod, secretId: "\${NOPE}" }]
poll: { shedule: x, requestsPerSecond: 99, lookback: 1h, overlap: 2h }
channels: { s: { type: slack, ${hook}, mention: { pendign: "<!here>" } } }
routes: [{ channels: [t], events: [] }]`;
  expect(load(text)).toMatchObject({
    ok: false,
    problems: [
      { path: 'accounts[0].secretId' },
      { path: 'poll.requestsPerSecond' },
      { path: 'poll.shedule' },
      { path: 'routes[0].events' },
      { path: 'routes[0].channels[0]' },
      { path: 'accounts[0].secretKey' },
      { path: 'channels.s.mention.pendign' },
      { path: 'poll.overlap' },
    ],
  });
});
