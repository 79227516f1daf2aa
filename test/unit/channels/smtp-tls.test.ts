import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { createEmailChannel } from '../../../src/channels/email/email.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { sampleMessage } from '../../support/sample-message.ts';
import { startTlsMailServer, type TlsMailServer } from '../../support/tls-mail-server.ts';

let server: TlsMailServer;
afterEach(() => server.close());

async function deliver(options: SMTPServerOptions, scheme: string, query: string) {
  server = await startTlsMailServer(options);
  const config = {
    type: 'email',
    name: 'mail',
    language: 'en',
    timezone: 'UTC',
    from: 'r@example.com',
    to: ['a@example.com'],
  } as const;
  const smtp = new Secret(`${scheme}://me:hunter2@127.0.0.1:${server.port}${query}`);
  const body = { subject: 's', html: '<p>h</p>', text: 't', attachments: [], threadTask: null };
  const channel = createEmailChannel({ ...config, smtp }, { render: () => body, sendTimeoutMs: 20_000 });
  const outcome = await channel.deliver(sampleMessage(), new AbortController().signal);
  await channel.close();
  return outcome;
}

test.each([
  ['STARTTLS, any certificate', {}, 'smtp', '?tls=unverified'],
  ['STARTTLS where offered', {}, 'smtp', ''],
  ['TLS from the first byte, any certificate', { secure: true }, 'smtps', '?tls=unverified'],
])('the login and the message go over TLS: %s', async (_name, options, scheme, query) => {
  expect(await deliver(options, scheme, query)).toMatchObject({ outcome: 'delivered' });
  expect(server.messages).toMatchObject([{ secure: true, user: 'me' }]);
  expect(server.logins).toEqual([{ secure: true }]);
});

test.each([
  ['STARTTLS', {}, 'smtp', '?tls=required'],
  ['TLS from the first byte', { secure: true }, 'smtps', ''],
])(
  'a certificate that is not trusted ends the try before the login, and the reason says what to do: %s',
  async (_name, options, scheme, query) => {
    expect(await deliver(options, scheme, query)).toMatchObject({
      outcome: 'down',
      reason: expect.stringMatching(/certificate is not trusted.*NODE_EXTRA_CA_CERTS.*tls=unverified/),
    });
    expect(server.logins).toEqual([]);
  },
);

test('where TLS is required and not offered, no password is sent and the lane is down', async () => {
  const plainOnly = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true };
  expect(await deliver(plainOnly, 'smtp', '?tls=required')).toMatchObject({
    outcome: 'down',
    reason: expect.stringContaining('STARTTLS'),
  });
  expect(server.logins).toEqual([]);
  expect(server.messages).toEqual([]);
});

test('a password goes without TLS only where the address says so or the server is this machine', async () => {
  const plainOnly = { disabledCommands: ['STARTTLS'], allowInsecureAuth: true };
  expect(await deliver(plainOnly, 'smtp', '?tls=off')).toMatchObject({ outcome: 'delivered' });
  expect(server.logins).toEqual([{ secure: false }]);
});
