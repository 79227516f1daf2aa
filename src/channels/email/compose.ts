import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { Message } from '../../model/message.ts';
import type { RenderedMail } from './render.ts';

export interface ComposedMail {
  readonly bytes: Buffer;
  /** Envelope addresses, without names. */
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * The bytes of a mail: the same for the same message, since date, Message-ID and the boundaries between its parts come from the message.
 * All recipients stand in To, also when a later try goes to some of them only.
 */
export async function composeMail(
  message: Message,
  body: RenderedMail,
  from: string,
  to: readonly string[],
): Promise<ComposedMail> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const domain = domainOf(from);
  const { subject, text, html, attachments, threadTask } = body;
  const root = threadTask === null ? null : `<task-${taskHash(threadTask)}@${domain}>`;
  const node = new MailComposer({
    from,
    to: [...to],
    subject,
    text,
    ...(message.plain ? {} : { html }),
    attachments: attachments.map((attachment) => ({ ...attachment })),
    date: new Date(message.facts.madeAt),
    messageId: `<${message.key}@${domain}>`,
    ...(root === null ? {} : { inReplyTo: root, references: root }),
    baseBoundary: message.key,
    headers: {
      'Auto-Submitted': 'auto-generated',
      // Exchange does not know Auto-Submitted.
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `<repairwatch.${domain}>`,
      'X-Repairwatch-Key': message.key,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = node.getEnvelope();
  return { bytes: await node.build(), from: envelope.from || '', to: envelope.to };
}

function domainOf(from: string): string {
  const domain = /@([^\s<>@]+?)>?\s*$/.exec(from)?.[1] ?? '';
  return domainToASCII(domain) || 'repairwatch.invalid';
}

function taskHash({ account, taskId }: { readonly account: string; readonly taskId: string }): string {
  return createHash('sha256').update(`${account}\n${taskId}`).digest('hex').slice(0, 20);
}
