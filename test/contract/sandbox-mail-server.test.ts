import { createTransport } from 'nodemailer';
import { afterEach, expect, test } from 'vitest';
import { type MailServer, type MailServerOptions, startMailServer } from '../../src/sandbox/mail-server.ts';

let server: MailServer;

async function start(options: MailServerOptions = {}): Promise<void> {
  server = await startMailServer(options);
}
afterEach(() => server.close());

const LETTER = {
  from: 'repairwatch@example.com',
  to: ['ops@example.com', '值班 <oncall@example.com>'],
  subject: '维修任务 3 个待授权',
  text: 'plain 文本',
  html: '<p>rich 文本</p>',
  headers: { 'Auto-Submitted': 'auto-generated' },
  messageId: '<rw-0123456789@example.com>',
  attachments: [{ filename: 'tasks.csv', content: 'id,任务\n' }],
};

async function send(url = server.url): Promise<string> {
  const transport = createTransport(url);
  try {
    const { response } = await transport.sendMail(LETTER);
    return response;
  } finally {
    transport.close();
  }
}

test('a message is kept with its envelope, headers, both texts and attachments', async () => {
  await start();
  expect(await send()).toMatch(/^250 /);
  const [mail] = server.messages.entries;
  expect(mail).toMatchObject({
    from: 'repairwatch@example.com',
    recipients: ['ops@example.com', 'oncall@example.com'],
  });
  expect(mail?.email).toMatchObject({ subject: LETTER.subject, messageId: LETTER.messageId });
  expect(mail?.email.text?.trim()).toBe(LETTER.text);
  expect(mail?.email.html?.trim()).toBe(LETTER.html);
  expect(mail?.email.headers).toContainEqual(
    expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
  );
  expect(mail?.email.attachments).toMatchObject([{ filename: 'tasks.csv' }]);
  expect(mail?.raw).toContain('Message-ID: <rw-0123456789@example.com>');
});

test('where a login is demanded, only the right one may send', async () => {
  await start({ auth: { user: 'mailer@example.com', password: 'p@ss:word' } });
  expect(await send()).toMatch(/^250 /);
  await expect(send(server.url.replace('word', 'ward'))).rejects.toMatchObject({ responseCode: 535 });
  await expect(send(`smtp://127.0.0.1:${server.port}`)).rejects.toMatchObject({ responseCode: 530 });
  expect(server.messages.entries).toHaveLength(1);
});

test.each([
  ['sender', 451],
  ['body', 552],
  ['body', 421],
] as const)('a refusal at the %s carries its code %i and keeps nothing', async (step, code) => {
  await start();
  server.fault({ kind: 'refuse', step, code, text: 'not now', times: 1 });
  await expect(send()).rejects.toMatchObject({ responseCode: code });
  expect(server.messages.entries).toEqual([]);
  expect(await send()).toMatch(/^250 /);
});

test('one recipient of two can be refused', async () => {
  await start();
  server.fault({ kind: 'refuse', step: 'recipient', code: 550, recipient: 'ops@example.com' });
  await send();
  expect(server.messages.entries).toMatchObject([{ recipients: ['oncall@example.com'] }]);
  server.clearFaults();
  await send();
  expect(server.messages.entries[1]?.recipients).toHaveLength(2);
});

test('a login can be refused for a while', async () => {
  await start({ auth: { user: 'u', password: 'p' } });
  server.fault({ kind: 'refuse', step: 'auth', code: 454, times: 1 });
  await expect(send()).rejects.toMatchObject({ responseCode: 454 });
  expect(await send()).toMatch(/^250 /);
});

test.each([
  ['drop-before-accept', 0],
  ['drop-after-accept', 1],
] as const)('the fault %s breaks the connection with %i message kept', async (kind, kept) => {
  await start();
  server.fault({ kind, times: 1 });
  await expect(send()).rejects.toMatchObject({ code: 'ECONNECTION' });
  expect(server.messages.entries).toHaveLength(kept);
});

test.each(['connect', 'auth', 'sender', 'recipient'] as const)(
  'the connection can break and no reply can come at %s',
  async (step) => {
    await start({ auth: { user: 'u', password: 'p' } });
    server.fault({ kind: 'drop', step, times: 1 });
    await expect(send()).rejects.toBeInstanceOf(Error);
    server.fault({ kind: 'silent', step, times: 1 });
    const sent = send().catch((error: unknown) => error);
    await server.tries.until(({ outcome }) => outcome === 'hung');
    expect(server.connections.entries).toHaveLength(2);
    expect(server.messages.entries).toEqual([]);
    await server.close();
    expect(await sent).toBeInstanceOf(Error);
  },
);

test('the fault hang gives no reply to a message, and does not keep the server from closing', async () => {
  await start();
  server.fault({ kind: 'hang' });
  const sent = send().catch((error: unknown) => error);
  await server.tries.until(({ outcome }) => outcome === 'hung');
  await server.close();
  expect(await sent).toBeInstanceOf(Error);
  expect(server.messages.entries).toEqual([]);
});

test('whoever watches sees what is refused after its last byte, too', async () => {
  const refused: (string | undefined)[] = [];
  await start({ onRefused: ({ email }) => refused.push(email.subject) });
  server.fault({ kind: 'refuse', step: 'body', code: 554, times: 1 });
  await expect(send()).rejects.toMatchObject({ responseCode: 554 });
  expect([refused, server.messages.entries]).toEqual([[LETTER.subject], []]);
});

test('the reply waits for whoever watches the messages', async () => {
  const order: string[] = [];
  await start({
    onMessage: async ({ email }) => {
      await Promise.resolve();
      order.push(email.subject ?? '');
    },
  });
  await send();
  expect(order).toEqual([LETTER.subject]);
});
