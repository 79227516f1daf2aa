import type { EmailChannelConfig } from '../../config/config.ts';
import { Secret } from '../../lib/secret.ts';
import { readSmtpUrl } from '../../lib/smtp-url.ts';
import type { Message } from '../../model/message.ts';
import type { Channel, RefusedRecipient } from '../channel.ts';
import { classifySend, classifyTrouble, type Remaining } from './classify.ts';
import { composeMail } from './compose.ts';
import type { RenderedMail } from './render.ts';
import { createSmtpClient } from './smtp.ts';

export interface EmailDeps {
  readonly render: (message: Message) => RenderedMail;
  readonly sendTimeoutMs: number;
}

/** Mail through one SMTP login. Throws a sentence without the address when that cannot be one. */
export function createEmailChannel(config: EmailChannelConfig, { render, sendTimeoutMs }: EmailDeps): Channel {
  const server = readSmtpUrl(config.smtp);
  if ('problem' in server) throw new Error(`channel ${config.name}: smtp ${server.problem}`);
  const client = createSmtpClient(server, sendTimeoutMs);
  const login = new Secret(`${server.login?.user ?? ''}@${server.host}:${server.port}`);
  return {
    name: config.name,
    lane: `smtp:${login.fingerprint()}`,
    limits: { linesPerMessage: 200, idsPerMessage: 5_000, messagesPerRollUp: 1 },
    minGapMs: 0,
    async deliver(message, signal) {
      const mail = await composeMail(message, render(message), config.from, config.to);
      const earlier = readResume(message.resume);
      const to = earlier === null ? mail.to : mail.to.filter((address) => earlier.left.includes(address));
      if (to.length === 0 && earlier?.reached === true)
        return { outcome: 'delivered', receipt: 'those who were left are no longer configured' };
      const outgoing = { from: mail.from, to: to.length === 0 ? mail.to : to, bytes: mail.bytes };
      return classifySend(await client.send(outgoing, signal), earlier);
    },
    async probe(signal) {
      const trouble = await client.verify(signal);
      if (trouble === null) return { ok: true };
      const outcome = classifyTrouble(trouble);
      return { ok: false, reason: 'reason' in outcome ? outcome.reason : outcome.receipt };
    },
    close: async () => client.close(),
  };
}

/** What an earlier try left; all recipients where that cannot be read, since twice is better than never. */
function readResume(resume: string | null): Remaining | null {
  if (resume === null) return null;
  try {
    const { left, refused, reached = true } = JSON.parse(resume) as Partial<Record<keyof Remaining, unknown>>; // shape checked below
    return isTexts(left) && areRefusals(refused) && typeof reached === 'boolean' ? { left, refused, reached } : null;
  } catch {
    return null;
  }
}

function areRefusals(value: unknown): value is RefusedRecipient[] {
  const isRefusal = (one: Partial<RefusedRecipient> | null): boolean => isTexts([one?.address, one?.said]);
  return Array.isArray(value) && value.every(isRefusal);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
