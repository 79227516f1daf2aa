import type { SmtpServer } from '../../lib/smtp-url.ts';
import { createSmtpSession, type SmtpSession } from './smtp-session.ts';
import { type Refusal, refusalOf, type SmtpTrouble, safeAnswer, troubleOf } from './smtp-trouble.ts';

export type SmtpResult =
  /** The server took the message over for at least one recipient. */
  | { readonly kind: 'accepted'; readonly said: string; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'failed'; readonly trouble: SmtpTrouble };

export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
}

export interface SmtpClient {
  send(mail: OutgoingMail, signal: AbortSignal): Promise<SmtpResult>;
  /** Logs in without sending. Null when that went well. */
  verify(signal: AbortSignal): Promise<SmtpTrouble | null>;
  /** Ends the sessions under way. */
  close(): void;
}

/** An SMTP server, with a session for each message, so that a connection that went stale never leaves a doubt. */
export function createSmtpClient(server: SmtpServer, timeoutMs: number): SmtpClient {
  const open = new Set<SmtpSession>();

  async function inSession<T>(
    signal: AbortSignal,
    work: (session: SmtpSession) => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly trouble: SmtpTrouble }> {
    const session: SmtpSession = await createSmtpSession(server, timeoutMs, signal, () => open.delete(session));
    open.add(session);
    try {
      await session.begin();
      const value = await work(session);
      session.quit();
      return { value };
    } catch (error) {
      const trouble = troubleOf(error, session.stage, server);
      session.close();
      return { trouble };
    }
  }

  return {
    async send({ from, to, bytes }, signal) {
      const result = await inSession(signal, (session) => session.send(from, to, bytes));
      if ('trouble' in result) return { kind: 'failed', trouble: result.trouble };
      const { response, rejectedErrors = [] } = result.value;
      const refusals = rejectedErrors.map((error) => refusalOf(error, server));
      return { kind: 'accepted', said: safeAnswer(response, server), refusals };
    },
    async verify(signal) {
      const result = await inSession(signal, (session) => session.reset());
      return 'trouble' in result ? result.trouble : null;
    },
    close() {
      for (const session of [...open]) session.close();
    },
  };
}
