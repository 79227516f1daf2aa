import { describe, expect, test } from 'vitest';
import { SECOND_MS } from '../../src/lib/clock.ts';
import type { MailFault, MailServer } from '../../src/sandbox/mail-server.ts';
import type { SlackHook } from '../../src/sandbox/slack-hook.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { seconds } from '../support/lane-stage.ts';
import { type MailScene, openMailScene, openScene, type Scene, triesOf } from '../support/mail-scene.ts';
import { type SmtpScript, startScriptedSmtp, WILLING } from '../support/scripted-smtp.ts';
import { T0 } from '../support/store-world.ts';
import { startTlsMailServer } from '../support/tls-mail-server.ts';

/*
 * One case for each class of what a mail server may answer, played as test/support/mail-scene.ts says. Times are whole seconds from the start.
 */

/** The other two lanes send at their times whatever befalls `mail`; `ops` has the operator's notices, too. */
function expectOthers({ stage, ops, post }: Scene, opsAt: readonly number[] = [0, 5]): void {
  expect(seconds(ops.accepted.entries)).toEqual(opsAt);
  expect(seconds(triesOf(stage, 'post'))).toEqual([0, 5]);
  expect(post.messages).toHaveLength(2);
}

const toldAt = ({ accepted }: SlackHook, id: string): number[] =>
  seconds(accepted.entries.filter(({ body }) => body.includes(id)));
const keysOf = ({ messages }: MailServer): string[] =>
  messages.entries.map(({ raw }) => /^X-Repairwatch-Key: (.*?)\r?$/m.exec(raw)?.[1] ?? '');
type Refusal = Extract<MailFault, { readonly kind: 'refuse' }>;
const refuse = (step: Refusal['step'], code: number, text = 'no'): Refusal => ({ kind: 'refuse', step, code, text });

test('250 is delivered', async () => {
  await using scene = await openMailScene([]);
  expect(await scene.play(0, 10)).toMatchObject({ state: 'delivered', reason: null, attempts: 1 });
  expect(seconds(scene.mail.connections.entries)).toEqual([0, 5]);
  expectOthers(scene);
});

describe.concurrent('trouble of the server waits, and the same message comes first', () => {
  test.each<[string, MailFault]>([
    ['421 instead of a greeting', refuse('connect', 421)],
    ['454 to the login', refuse('auth', 454)],
    ['421 to the login', refuse('auth', 421)],
    ['451 to MAIL', refuse('sender', 451, '4.7.1 greylisted')],
    ['452 to MAIL', refuse('sender', 452)],
    ['451 to RCPT: greylisting', refuse('recipient', 451, '4.7.1 greylisted')],
    ['421 to RCPT', refuse('recipient', 421)],
    ['452 to the message', refuse('body', 452)],
    ['421 to the message', refuse('body', 421)],
    ['the connection breaks instead of a greeting', { kind: 'drop', step: 'connect' }],
    ['the connection breaks within the login', { kind: 'drop', step: 'auth' }],
    ['the connection breaks before DATA', { kind: 'drop', step: 'recipient' }],
  ])('%s', async (_name, fault) => {
    await using scene = await openMailScene([fault]);
    expect(await scene.play(0, 10)).toMatchObject({ state: 'waiting', nextAt: T0 + SECOND_MS });
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 1, 5]);
    expect(await scene.first()).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(scene.mail.messages.entries).toHaveLength(2);
    expectOthers(scene);
  });

  test('greylisting three times is tried after 1, 2 and 4 s', async () => {
    await using scene = await openMailScene(Array.from({ length: 3 }, () => refuse('recipient', 450)));
    await scene.play(0, 10);
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 1, 3, 7, 7]);
    expect(await scene.first()).toMatchObject({ state: 'delivered', attempts: 4 });
    expectOthers(scene);
  });

  test.each(['connect', 'auth', 'sender', 'recipient'] as const)('no reply at %s in 20 s', async (step) => {
    await using scene = await openMailScene([{ kind: 'silent', step }]);
    expect(await scene.play(20, 10)).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('nothing was accepted'),
      nextAt: T0 + 21 * SECOND_MS,
    });
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 21, 21]);
    expect(await scene.first()).toMatchObject({ state: 'delivered', attempts: 2 });
    expectOthers(scene);
  });
});

describe.concurrent('a refusal for good tries it once as plain text, then it is dead, told to the operator, and the lane goes on', () => {
  test.each<[string, MailFault]>([
    ['550 to MAIL', refuse('sender', 550)],
    ['552 to MAIL', refuse('sender', 552)],
    ['550 to the only recipient', refuse('recipient', 550)],
    ['550 to the message', refuse('body', 550, '5.7.1 looks like spam')],
    ['554 to the message', refuse('body', 554)],
  ])('%s', async (_name, fault) => {
    await using scene = await openMailScene([fault, fault]);
    expect(await scene.play(0, 10)).toMatchObject({ state: 'dead', attempts: 2 });
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 0, 5]);
    expect(triesOf(scene.stage, 'mail').map(({ message }) => message.plain)).toEqual([false, true, false]);
    expect(scene.mail.messages.entries).toHaveLength(1);
    expectOthers(scene, [0, 1, 5]);
    expect(scene.ops.accepted.entries[1]?.body).toContain(`requeue ${(await scene.first())?.key}`);
  });
});

describe.concurrent('what holds for every message puts the lane down: told at once, asked again after five minutes, nothing is lost', () => {
  test.each<[string, MailFault]>([
    ['554 instead of a greeting', refuse('connect', 554)],
    ['535 to the login', refuse('auth', 535)],
    ['534 to the login', refuse('auth', 534)],
    ['530 to MAIL', refuse('sender', 530)],
    ['530 to RCPT', refuse('recipient', 530)],
  ])('%s', async (_name, fault) => {
    await using scene = await openMailScene([fault]);
    expect(await scene.play(0, 330)).toMatchObject({ state: 'waiting', nextAt: T0 + 300 * SECOND_MS });
    expect(seconds(scene.mail.connections.entries).slice(0, 2)).toEqual([0, 300]);
    const texts = scene.mail.messages.entries.map(({ email }) => email.text).join();
    expect(texts).toMatch(/rep-a/);
    expect(texts).toMatch(/rep-b/);
    expectOthers(scene, [0, 1, 5, 300]);
    expect(scene.ops.accepted.entries[1]?.body).toContain('Channel mail is down');
    expect(scene.ops.accepted.entries[3]?.body).toContain('Over: Channel mail is down');
  });
});

describe.concurrent('where no answer says what became of the message, it is unknown, and the same bytes come again when its lease ends', () => {
  test.each<[string, MailFault, { readonly kept: number; readonly answerS: number }]>([
    ['the connection breaks after the message', { kind: 'drop-before-accept' }, { kept: 0, answerS: 0 }],
    ['it was accepted and the connection breaks', { kind: 'drop-after-accept' }, { kept: 1, answerS: 0 }],
    ['no answer to the message comes in 20 s', { kind: 'hang' }, { kept: 0, answerS: 20 }],
  ])('%s', async (_name, fault, { kept, answerS }) => {
    await using scene = await openMailScene([fault]);
    const first = await scene.play(answerS, 100);
    expect(first).toMatchObject({ state: 'unknown', settledAt: null });
    const leaseEndS = ((first?.nextAt ?? 0) - T0) / SECOND_MS;
    expect(leaseEndS).toBeGreaterThanOrEqual(60);
    expect(leaseEndS).toBeLessThanOrEqual(80);
    expect(seconds(scene.mail.connections.entries)).toEqual([0, leaseEndS, leaseEndS]);
    const copies = scene.mail.messages.entries.slice(0, kept + 1).map(({ raw }) => raw);
    expect(new Set(copies).size).toBe(1);
    expect(keysOf(scene.mail).filter((key) => key === first?.key)).toHaveLength(kept + 1);
    expect(await scene.first()).toMatchObject({ state: 'delivered', attempts: 2 });
    expectOthers(scene);
  });
});

const [A, B, C] = ['a@example.com', 'b@example.com', 'c@example.com'] as const;
const only = (recipient: string, code: number, times = 1): MailFault => ({
  ...refuse('recipient', code, code < 500 ? '4.7.1 greylisted' : '5.1.1 no such user'),
  recipient,
  times,
});

describe.concurrent('of several recipients', () => {
  const recipientsOf = ({ mail }: MailScene) => mail.messages.entries.map(({ recipients }) => recipients);

  test('only those who were put off are tried again, with the same bytes', async () => {
    await using scene = await openMailScene([only(B, 451)], [A, B, C]);
    expect(await scene.play(0, 10)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(B) });
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 1, 5]);
    expect(recipientsOf(scene)).toEqual([[A, C], [B], [A, B, C]]);
    const [one, rest] = scene.mail.messages.entries;
    expect(rest?.raw).toBe(one?.raw);
    expect(await scene.first()).toMatchObject({ state: 'delivered', reason: null, attempts: 2 });
    expectOthers(scene);
  });

  test('one who is refused for good is told to the operator once, and when it is over', async () => {
    await using scene = await openMailScene([only(B, 550, 2)], [A, B, C]);
    const reason = `refused for ${B}: 550 5.1.1 no such user`;
    expect(await scene.play(0, 10)).toMatchObject({ state: 'delivered', reason, attempts: 1 });
    expect(recipientsOf(scene)).toEqual([
      [A, C],
      [A, C],
    ]);
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 5]);
    expectOthers(scene, [0, 1, 5]);
    expect(scene.ops.accepted.entries[1]?.body).toContain(`${B}, a recipient of channel mail`);
    await scene.stage.find(['rep-c']);
    await scene.stage.play(10 * SECOND_MS);
    expect(seconds(scene.ops.accepted.entries)).toEqual([0, 1, 5, 15, 16]);
    expect(scene.ops.accepted.entries.at(-1)?.body).toContain(`no longer refuses ${B}`);
  });

  test('one is put off and one refused for good: the first is tried again, the other told', async () => {
    await using scene = await openMailScene([only(A, 550, 2), only(C, 450)], [A, B, C]);
    expect(await scene.play(0, 10)).toMatchObject({ state: 'waiting', reason: expect.stringContaining(C) });
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 1, 5]);
    expect(recipientsOf(scene)).toEqual([[B], [C], [B, C]]);
    expect(await scene.first()).toMatchObject({ state: 'delivered', reason: expect.stringContaining(A) });
    expectOthers(scene, [0, 1, 5]);
  });

  test('all are put off and then refused for good: nobody has it, so it is dead', async () => {
    const all = [A, B, C].flatMap((one) => [only(one, 451), only(one, 550, 2)]);
    await using scene = await openMailScene(all, [A, B, C]);
    expect(await scene.play(0, 10)).toMatchObject({ state: 'waiting' });
    expect(seconds(scene.mail.connections.entries)).toEqual([0, 1, 1, 5]);
    expect(await scene.first()).toMatchObject({ state: 'dead', attempts: 3 });
    expect(recipientsOf(scene)).toEqual([[A, B, C]]);
    expectOthers(scene, [0, 1, 5]);
  });
});

/** What the library cannot do. */
describe.concurrent('a server that answers oddly', () => {
  const withTls = (reply: SmtpScript['STARTTLS']): Partial<SmtpScript> => ({
    EHLO: '250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN',
    STARTTLS: reply,
  });

  test.each<
    [
      string,
      Partial<SmtpScript>,
      string,
      { readonly state: string; readonly at: readonly number[]; readonly answerS?: number },
    ]
  >([
    ['451 to DATA', { DATA: '451 4.3.0 later' }, '', { state: 'waiting', at: [0, 1, 5] }],
    ['the connection breaks instead of an answer to DATA', { DATA: 'cut' }, '', { state: 'waiting', at: [0, 1, 5] }],
    ['554 to DATA', { DATA: '554 5.5.1 no' }, '', { state: 'dead', at: [0, 0, 5] }],
    ['something unreadable after the message', { DOT: 'what?' }, '', { state: 'unknown', at: [0, 60, 60] }],
    ['something else instead of a greeting', { greeting: 'HTTP/1.1 400' }, '', { state: 'waiting', at: [0, 1, 5] }],
    ['no login offered', { EHLO: '250 mail.test' }, '', { state: 'waiting', at: [0, 300] }],
    ['TLS required and not offered', {}, '?tls=required', { state: 'waiting', at: [0, 300] }],
    ['454 to STARTTLS', withTls('454 4.7.0 later'), '?tls=required', { state: 'waiting', at: [0, 1] }],
    ['no reply to STARTTLS', withTls('silent'), '?tls=required', { state: 'waiting', at: [0, 21], answerS: 20 }],
  ])('%s', async (_name, script, query, { state, at, answerS = 0 }) => {
    const smtp = await startScriptedSmtp();
    smtp.script = { ...WILLING, ...script };
    const address = `smtp://me:hunter2@127.0.0.1:${smtp.port}${query}`;
    const isSilent = () => smtp.commands.includes('STARTTLS');
    await using scene = await openScene(createFakeClock(T0), { address, isSilent, close: smtp.close });
    const first = await scene.play(answerS, 330, () => {
      smtp.script = query === '' ? WILLING : { ...WILLING, greeting: '421 4.3.2 not now' };
    });
    expect(first).toMatchObject({ state });
    expect(seconds(triesOf(scene.stage, 'mail')).slice(0, at.length)).toEqual(at);
    expect(seconds(triesOf(scene.stage, 'post'))).toEqual([0, 5]);
    expect(toldAt(scene.ops, 'rep-a')).toEqual([0]);
    expect(toldAt(scene.ops, 'rep-b')).toEqual([5]);
    // Where TLS is required, no password goes before it.
    if (query !== '') expect(smtp.commands.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });
});

describe.concurrent('the password', () => {
  const noTls = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true };
  test.each<[string, Parameters<typeof startTlsMailServer>[0], string, object]>([
    [
      'goes to a server whose certificate is not trusted only where the address says so',
      {},
      '?tls=unverified',
      { secure: true },
    ],
    ['goes without TLS only where the address says so', noTls, '?tls=off', { secure: false }],
    [
      'does not go to a server whose certificate is not trusted, which puts the lane down',
      {},
      '?tls=required',
      { down: 'certificate' },
    ],
    ['does not go where TLS is not offered, which puts the lane down', noTls, '?tls=required', { down: 'STARTTLS' }],
  ])('%s', async (_name, options, query, expected) => {
    const server = await startTlsMailServer(options);
    const address = `smtp://me:hunter2@127.0.0.1:${server.port}${query}`;
    await using scene = await openScene(createFakeClock(T0), { address, close: server.close });
    const first = await scene.play(0, 10);
    if ('down' in expected) {
      expect(first).toMatchObject({
        state: 'waiting',
        nextAt: T0 + 300 * SECOND_MS,
        reason: expect.stringContaining(String(expected.down)),
      });
      expect([server.logins, server.messages]).toEqual([[], []]);
      expectOthers(scene, [0, 1, 5]);
    } else {
      expect(first).toMatchObject({ state: 'delivered' });
      expect(server.logins[0]).toEqual(expected);
      expectOthers(scene);
    }
  });
});
