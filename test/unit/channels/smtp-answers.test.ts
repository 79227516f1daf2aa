import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../../../src/channels/channel.ts';
import { createEmailChannel } from '../../../src/channels/email/email.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { sampleMessage } from '../../support/sample-message.ts';
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp, WILLING } from '../../support/scripted-smtp.ts';

const never = new AbortController().signal;
const TO = ['a@example.com', 'b@example.com', 'c@example.com'];
let smtp: ScriptedSmtp;
let channel: Channel;

function mail(address: string, text = 'hello', to = TO): Channel {
  const config = {
    type: 'email',
    name: 'mail',
    language: 'en',
    timezone: 'UTC',
    from: 'r@example.com',
    to,
  } as const;
  const body = { subject: 'hello', html: '<p>hello</p>', text, attachments: [], threadTask: null };
  return createEmailChannel({ ...config, smtp: new Secret(address) }, { render: () => body, sendTimeoutMs: 20_000 });
}

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  channel = mail(`smtp://me:hunter2@127.0.0.1:${smtp.port}`);
});
afterEach(() => {
  smtp.commands.length = 0;
  smtp.messages.length = 0;
});
afterAll(async () => {
  await channel.close();
  await smtp.close();
});

const PIPELINED = '250-mail.test\r\n250-PIPELINING\r\n250 AUTH PLAIN';

test.each<[string, Partial<SmtpScript>, object]>([
  ['accepted', {}, { outcome: 'delivered', receipt: '250 2.0.0 queued as ABC123' }],
  ['accepted, commands in one go', { EHLO: PIPELINED }, { outcome: 'delivered' }],
  ['421 instead of a greeting', { greeting: '421 4.3.2 shutting down' }, { outcome: 'retry' }],
  ['554 instead of a greeting', { greeting: '554 5.7.1 no service for you' }, { outcome: 'down' }],
  ['cut instead of a greeting', { greeting: 'cut' }, { outcome: 'retry' }],
  ['something else instead of a greeting', { greeting: 'HTTP/1.1 400 Bad Request' }, { outcome: 'retry' }],
  ['535 to the login', { AUTH: '535 5.7.8 no' }, { outcome: 'down', reason: 'the mail server answered 535 5.7.8 no' }],
  ['534 to the login', { AUTH: '534 5.7.9 application-specific password required' }, { outcome: 'down' }],
  ['454 to the login', { AUTH: '454 4.7.0 try again later' }, { outcome: 'retry' }],
  ['421 to the login', { AUTH: '421 4.7.0 too many logins' }, { outcome: 'retry' }],
  ['cut within the login', { AUTH: 'cut' }, { outcome: 'retry' }],
  [
    'no login offered',
    { EHLO: '250 mail.test' },
    { outcome: 'down', reason: expect.stringContaining('offers no login') },
  ],
  ['530 to MAIL: a login is wanted', { MAIL: '530 5.7.0 authentication required' }, { outcome: 'down' }],
  ['550 to MAIL', { MAIL: '550 5.7.1 sender refused' }, { outcome: 'rejected' }],
  ['552 to MAIL', { MAIL: '552 5.3.4 too large' }, { outcome: 'rejected' }],
  ['452 to MAIL', { MAIL: '452 4.3.1 disk full' }, { outcome: 'retry' }],
  ['503 to MAIL: out of step', { MAIL: '503 5.5.1 out of step' }, { outcome: 'retry' }],
  ['451 to every RCPT: greylisting', { RCPT: '451 4.7.1 greylisted' }, { outcome: 'retry' }],
  ['550 to every RCPT', { RCPT: '550 5.1.1 no such user' }, { outcome: 'rejected' }],
  [
    '550 to every RCPT, in one go',
    { EHLO: PIPELINED, RCPT: '550 5.1.1 none', DATA: '554 none' },
    { outcome: 'rejected' },
  ],
  ['530 to every RCPT: a login is wanted', { RCPT: '530 5.7.0 authentication required' }, { outcome: 'down' }],
  ['421 to RCPT', { RCPT: '421 4.3.2 shutting down' }, { outcome: 'retry' }],
  ['cut before DATA', { RCPT: 'cut' }, { outcome: 'retry' }],
  ['451 to DATA', { DATA: '451 4.3.0 later' }, { outcome: 'retry' }],
  ['554 to DATA', { DATA: '554 5.5.1 no' }, { outcome: 'rejected' }],
  ['cut instead of an answer to DATA', { DATA: 'cut' }, { outcome: 'retry' }],
  ['452 to the message', { DOT: '452 4.3.1 disk full' }, { outcome: 'retry' }],
  ['421 to the message', { DOT: '421 4.3.2 shutting down' }, { outcome: 'retry' }],
  ['550 to the message', { DOT: '550 5.7.1 looks like spam' }, { outcome: 'rejected' }],
  ['cut after the message', { DOT: 'cut' }, { outcome: 'unknown' }],
  ['something unreadable after the message', { DOT: 'what?' }, { outcome: 'unknown' }],
])('%s', async (_name, script, outcome) => {
  smtp.script = { ...WILLING, ...script };
  expect(await channel.deliver(sampleMessage(), never)).toMatchObject(outcome);
});

const [A, B, C] = TO as [string, string, string]; // three, as written above

test('of recipients that were put off, only those are tried again, and the message is delivered when the last has it', async () => {
  smtp.script = { ...WILLING, RCPT: { [B]: '451 4.7.1 greylisted' } };
  const first = await channel.deliver(sampleMessage(), never);
  expect(first).toMatchObject({ outcome: 'retry', reason: `the server put off ${B}: 451 4.7.1 greylisted` });
  smtp.script = WILLING;
  smtp.commands.length = 0;
  const resume = 'resume' in first ? (first.resume ?? null) : null;
  const second = await channel.deliver(sampleMessage({}, { resume }), never);
  expect(second).toMatchObject({ outcome: 'delivered' });
  expect(smtp.commands.filter((line) => line.startsWith('RCPT'))).toEqual([`RCPT TO:<${B}>`]);
  expect(smtp.messages[1]).toBe(smtp.messages[0]);
});

test('a recipient that is refused for good does not hold up the others, and is named in the receipt of the last try', async () => {
  smtp.script = { ...WILLING, RCPT: { [A]: '550 5.1.1 no such user', [C]: '450 4.2.1 busy' } };
  const first = await channel.deliver(sampleMessage(), never);
  expect(first).toMatchObject({ outcome: 'retry' });
  const resume = 'resume' in first ? (first.resume ?? null) : null;
  expect(await channel.deliver(sampleMessage({}, { resume }), never)).toMatchObject({ outcome: 'retry', resume });
  smtp.script = { ...WILLING, DOT: '451 4.3.0 later' };
  expect(await channel.deliver(sampleMessage({}, { resume }), never)).toMatchObject({ outcome: 'retry', resume });
  smtp.script = WILLING;
  expect(await channel.deliver(sampleMessage({}, { resume }), never)).toEqual({
    outcome: 'delivered',
    receipt: `250 2.0.0 queued as ABC123 (refused for ${A}: 550 5.1.1 no such user)`,
    refused: [{ address: A, said: '550 5.1.1 no such user' }],
  });
});

test('when all others have it and the one that was left is refused for good, the message counts as delivered and says so', async () => {
  smtp.script = { ...WILLING, RCPT: '550 5.1.1 no such user' };
  const resume = JSON.stringify({ left: [C], refused: [] });
  expect(await channel.deliver(sampleMessage({}, { resume }), never)).toEqual({
    outcome: 'delivered',
    receipt: `accepted earlier for the others (refused for ${C}: 550 5.1.1 no such user)`,
    refused: [{ address: C, said: '550 5.1.1 no such user' }],
  });
});

test('recipients who were all put off and are then refused for good have nothing: the message is refused, not delivered', async () => {
  smtp.script = {
    ...WILLING,
    RCPT: { [A]: '550 5.1.1 no such user', [B]: '451 4.7.1 greylisted', [C]: '450 4.2.1 busy' },
  };
  const first = await channel.deliver(sampleMessage(), never);
  expect(first).toMatchObject({ outcome: 'retry' });
  const resume = 'resume' in first ? (first.resume ?? null) : null;
  smtp.script = { ...WILLING, RCPT: '550 5.1.1 no such user' };
  const second = await channel.deliver(sampleMessage({}, { resume }), never);
  expect(second).toMatchObject({ outcome: 'rejected' });
  for (const address of TO) expect(second).toMatchObject({ reason: expect.stringContaining(address) });
});

test('when none of those who were left is configured any more and nobody has the message, everyone who is gets it', async () => {
  smtp.script = { ...WILLING, RCPT: '451 4.7.1 greylisted' };
  const first = await mail(`smtp://127.0.0.1:${smtp.port}`, 'hello', ['old@example.com']).deliver(
    sampleMessage(),
    never,
  );
  const resume = 'resume' in first ? (first.resume ?? null) : null;
  smtp.script = WILLING;
  smtp.commands.length = 0;
  expect(await channel.deliver(sampleMessage({}, { resume }), never)).toMatchObject({ outcome: 'delivered' });
  expect(smtp.commands.filter((line) => line.startsWith('RCPT')).length).toBe(TO.length);
});

test('what an earlier try left that cannot be read means all recipients', async () => {
  smtp.script = WILLING;
  for (const resume of ['', 'null', '{"left":"a"}', '{"left":[1],"refused":[]}']) {
    smtp.commands.length = 0;
    expect(await channel.deliver(sampleMessage({}, { resume }), never)).toMatchObject({ outcome: 'delivered' });
    expect(smtp.commands.filter((line) => line.startsWith('RCPT')).length).toBe(TO.length);
  }
});

test('a message that the server says beforehand is too large is refused without being sent', async () => {
  smtp.script = { ...WILLING, EHLO: '250-mail.test\r\n250-AUTH PLAIN\r\n250 SIZE 300' };
  expect(await channel.deliver(sampleMessage(), never)).toMatchObject({ outcome: 'rejected' });
  expect(smtp.messages).toEqual([]);
});

test('a connection that is lost within a long message leaves nothing accepted', async () => {
  smtp.script = { ...WILLING, EHLO: '250-mail.test\r\n250 AUTH PLAIN', cutWithinMessage: true };
  const long = mail(`smtp://me:hunter2@127.0.0.1:${smtp.port}`, 'x'.repeat(12_000_000));
  expect(await long.deliver(sampleMessage(), never)).toMatchObject({
    outcome: 'retry',
    reason: expect.stringContaining('lost within the message'),
  });
  await long.close();
});

test('an answer of many lines, with control characters and our own login in it, becomes one short harmless line', async () => {
  const echo = Buffer.from('\0me\0hunter2').toString('base64');
  smtp.script = { ...WILLING, AUTH: `535-hunter2 \u001b[31m${echo}\r\n535 ${'x'.repeat(5_000)}` };
  const outcome = await channel.deliver(sampleMessage(), never);
  expect(outcome).toMatchObject({ outcome: 'down', reason: expect.stringMatching(/^[\x20-\x7e…]{1,300}$/) });
  expect(JSON.stringify(outcome)).not.toContain('hunter2');
  expect(JSON.stringify(outcome)).not.toContain(echo);
});

test('a host that does not exist is a retry', async () => {
  const nowhere = mail('smtp://nowhere.invalid');
  expect(await nowhere.deliver(sampleMessage(), never)).toMatchObject({ outcome: 'retry' });
  await nowhere.close();
});
