import { cleanLine, cutText } from '../../lib/clean-text.ts';
import { hideCredentials } from '../../lib/safe-text.ts';
import type { SmtpServer } from '../../lib/smtp-url.ts';

/** How far a try came; `sent`: the whole message may have reached the server, so only an answer says whether it was accepted. */
export type SmtpStage = 'connect' | 'login' | 'envelope' | 'body' | 'sent';

export interface Refusal {
  readonly address: string;
  readonly responseCode: number | null;
  readonly said: string;
}

/** What went wrong: nodemailer's or the system's code, and the server's answer if there was one, made safe to show. */
export interface SmtpTrouble {
  readonly stage: SmtpStage;
  readonly code: string | null;
  readonly responseCode: number | null;
  readonly said: string | null;
  /** One for each recipient where all of them were refused. */
  readonly refusals: readonly Refusal[];
}

/** An error of nodemailer's, of the system or of a stopped wait as trouble; only known fields of it are read, never its text. */
export function troubleOf(error: unknown, stage: SmtpStage, server: SmtpServer): SmtpTrouble {
  const { code, originalCode, responseCode, response, rejectedErrors } = fieldsOf(error);
  return {
    stage,
    code: typeof originalCode === 'string' ? originalCode : typeof code === 'string' ? code : null,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    said: typeof response === 'string' ? safeAnswer(response, server) : null,
    refusals: Array.isArray(rejectedErrors) ? rejectedErrors.map((one: unknown) => refusalOf(one, server)) : [],
  };
}

/** nodemailer's error for one recipient. */
export function refusalOf(error: unknown, server: SmtpServer): Refusal {
  const { recipient, responseCode, response } = fieldsOf(error);
  return {
    address: String(recipient),
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    said: safeAnswer(String(response), server),
  };
}

const LONGEST_ANSWER = 200;

/** A server's answer as one harmless line of at most 200 characters, even if the server repeats our login. */
export function safeAnswer(answer: string, { login }: SmtpServer): string {
  const password = login?.password.reveal();
  const forms = password === undefined ? [] : [password, base64(password), base64(`\0${login?.user}\0${password}`)];
  const hidden = forms.reduce((text, form) => text.replaceAll(form, '[secret]'), answer);
  return cutText(cleanLine(hideCredentials(hidden)), LONGEST_ANSWER);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** An error's own fields, whatever they are. */
function fieldsOf(error: unknown): Record<string, unknown> {
  return typeof error === 'object' && error !== null ? { ...error } : {};
}
