import { createEmailChannel } from '../../src/channels/email/email.ts';
import { Secret } from '../../src/lib/secret.ts';
import { type SmtpScript, startScriptedSmtp, WILLING } from '../support/scripted-smtp.ts';
import { type ChannelRig, type Counterpart, describeChannel } from './channel.ts';

const PASSWORD = 'hunter2-and-more';

const SCRIPTS: Readonly<Record<Counterpart, Partial<SmtpScript>>> = {
  accepts: {},
  'asks-to-wait': { RCPT: '451 4.7.1 greylisted, come back later' },
  'in-trouble': { greeting: '421 4.3.2 shutting down' },
  'refuses-message': { DOT: `554 5.6.0 not this message ${PASSWORD}` },
  gone: { AUTH: `535 5.7.8 wrong password: ${PASSWORD} ${Buffer.from(`\0me\0${PASSWORD}`).toString('base64')}` },
  'cuts-after': { DOT: 'cut' },
  'silent-after': { DOT: 'silent' },
};

async function open(): Promise<ChannelRig> {
  const smtp = await startScriptedSmtp();
  const address = new Secret(`smtp://me:${PASSWORD}@127.0.0.1:${smtp.port}`);
  const config = { type: 'email', name: 'mail', language: 'en', timezone: 'UTC' } as const;
  const channel = createEmailChannel(
    { ...config, smtp: address, from: 'Repairs <repairs@example.com>', to: ['ops@example.com'] },
    {
      render: ({ key, facts }) => {
        const text = facts.kind === 'task' ? `${facts.entry.task.alias} ${facts.entry.task.taskDetail}` : '';
        const attachments = [{ filename: `${text}.csv`, contentType: 'text/csv; charset=utf-8', content: text }];
        return { subject: `${key} ${text}`, html: `<p>${text}</p>`, text, attachments, threadTask: null };
      },
      sendTimeoutMs: 20_000,
    },
  );
  return {
    channel,
    secrets: [PASSWORD, Buffer.from(`\0me\0${PASSWORD}`).toString('base64')],
    behave: (as) => {
      smtp.script = { ...WILLING, ...SCRIPTS[as] };
    },
    received: () => smtp.messages,
    nextReceived: () => smtp.next('DOT'),
    stop: () => smtp.close(),
  };
}

describeChannel('email', open);
