import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { escapeUnprintable, hideCredentials } from '../../lib/safe-text.ts';
import type { SmtpServer, TlsMode } from './smtp-url.ts';

/** How far a try came; `sent`: the whole message may have reached the server, so only an answer says whether it was accepted. */
export type SmtpStage = 'connect' | 'login' | 'envelope' | 'body' | 'sent';

export interface Refusal {
  readonly address: string;
  readonly responseCode: number | null;
  readonly said: string;
}

/** What went wrong: nodemailer's and the system's code, and the server's answer if there was one, made safe to show. */
export interface SmtpTrouble {
  readonly stage: SmtpStage;
  readonly code: string | null;
  readonly responseCode: number | null;
  readonly said: string | null;
  /** One for each recipient where all of them were refused. */
  readonly refusals: readonly Refusal[];
}

export type SmtpResult =
  | {
      readonly kind: 'accepted';
      readonly said: string;
      readonly accepted: readonly string[];
      readonly refusals: readonly Refusal[];
    }
  | { readonly kind: 'failed'; readonly trouble: SmtpTrouble };

export interface OutgoingMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly bytes: Buffer;
}

type Step = <T>(start: (done: (error?: Error | null, result?: T) => void) => void) => Promise<T | undefined>;

/** An SMTP server and the sessions with it: one for each message, so that a connection that went stale never leaves a doubt. */
export interface SmtpClient {
  send(mail: OutgoingMail, signal: AbortSignal): Promise<SmtpResult>;
  /** Logs in and asks for a reset, which a server answers only to whom it would serve. Null when that went well. */
  verify(signal: AbortSignal): Promise<SmtpTrouble | null>;
  close(): void;
}

/** `timeoutMs` bounds the connecting and each silence of the server's; the signals bound the whole. */
export function createSmtpClient(server: SmtpServer, timeoutMs: number): SmtpClient {
  const open = new Set<SMTPConnection>();

  async function session<T>(
    signal: AbortSignal,
    work: (connection: SMTPConnection, step: Step, enter: (stage: SmtpStage) => void) => Promise<T>,
  ) {
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    const connection = new Connection(connectionOptions(server, timeoutMs));
    open.add(connection);
    connection.once('end', () => open.delete(connection));
    let stage: SmtpStage = 'connect';
    const enter = (next: SmtpStage): void => {
      stage = next;
    };
    const step = stepper(connection, signal);
    try {
      signal.throwIfAborted();
      await step((done) => connection.connect(done));
      enter('login');
      if (server.login !== null) await logIn(connection, step, server.login);
      enter('envelope');
      const value = await work(connection, step, enter);
      connection.quit();
      return { value };
    } catch (error) {
      connection.close();
      return { trouble: describe(error, stage, server) };
    }
  }

  return {
    async send({ from, to, bytes }, signal) {
      const result = await session(signal, (connection, step, enter) =>
        step<SendInfo>((done) =>
          connection.send({ from, to: [...to], size: bytes.length }, bodyOf(bytes, enter), done),
        ),
      );
      if (result.trouble !== undefined) return { kind: 'failed', trouble: result.trouble };
      const { response = '', accepted = [], rejectedErrors = [] } = result.value ?? {};
      const said = makeSafe(response, server);
      return { kind: 'accepted', said, accepted, refusals: rejectedErrors.map((error) => refusal(error, server)) };
    },
    async verify(signal) {
      const result = await session(signal, (connection, step) => step((done) => connection.reset(done)));
      return result.trouble ?? null;
    },
    close() {
      for (const connection of open) connection.close();
    },
  };
}

/** The parts of nodemailer's result and errors that are read here. */
interface SendInfo {
  readonly response: string;
  readonly accepted: readonly string[];
  readonly rejectedErrors?: readonly Error[] | undefined;
}

/** nodemailer reports trouble by callback, by event or both, and knows no signal here: the first of them ends the step. */
function stepper(connection: SMTPConnection, signal: AbortSignal): Step {
  const broken = new Promise<never>((_, reject) => {
    connection.once('error', reject);
    // A callback that tells why may still come in this turn.
    connection.once('end', () => setImmediate(reject, new Error('connection closed')));
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  broken.catch(() => undefined); // it may break when nobody waits any more
  // An error that comes after the first one has nothing to add, but would end the process if nobody listened.
  connection.on('error', () => undefined);
  return (start) =>
    Promise.race([
      broken,
      new Promise<Awaited<ReturnType<Step>> & undefined>((resolve, reject) => {
        // The type of `start`'s result is the caller's; nothing here looks at it.
        start((error, result) => (error ? reject(error) : resolve(result as undefined)));
      }),
    ]);
}

async function logIn(
  connection: SMTPConnection,
  step: Step,
  { user, password }: NonNullable<SmtpServer['login']>,
): Promise<void> {
  if (!connection.allowsAuth) throw Object.assign(new Error('no login offered'), { code: 'ENOAUTH' });
  await step((done) => connection.login({ credentials: { user, pass: password.reveal() } }, done));
}

/** nodemailer reads this only after the server took DATA; when the last byte is handed over, the end mark may follow at any moment. */
function bodyOf(bytes: Buffer, enter: (stage: SmtpStage) => void): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    enter('body');
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
    enter('sent');
  }
  return Readable.from(chunks(), { objectMode: false });
}

const TLS_OPTIONS: Readonly<Record<TlsMode, object>> = {
  required: { requireTLS: true, tls: { rejectUnauthorized: true } },
  unverified: { requireTLS: true, tls: { rejectUnauthorized: false } },
  optional: { opportunisticTLS: true, tls: { rejectUnauthorized: false } },
  off: { ignoreTLS: true },
};

function connectionOptions({ host, port, implicitTls, tls, ehloName }: SmtpServer, timeoutMs: number): object {
  const timeouts = {
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
  const name = ehloName === null ? {} : { name: ehloName };
  return { host, port, secure: implicitTls, ...TLS_OPTIONS[tls], ...timeouts, ...name, socketCloseTimeout: 0 };
}

function describe(error: unknown, stage: SmtpStage, server: SmtpServer): SmtpTrouble {
  const { code, originalCode, responseCode, response, rejectedErrors } = fieldsOf(error);
  return {
    stage,
    code: typeof originalCode === 'string' ? originalCode : typeof code === 'string' ? code : null,
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    said: typeof response === 'string' ? makeSafe(response, server) : null,
    refusals: Array.isArray(rejectedErrors) ? rejectedErrors.map((one: unknown) => refusal(one, server)) : [],
  };
}

function refusal(error: unknown, server: SmtpServer): Refusal {
  const { recipient, responseCode, response } = fieldsOf(error);
  return {
    address: String(recipient),
    responseCode: typeof responseCode === 'number' ? responseCode : null,
    said: makeSafe(String(response), server),
  };
}

/** An error's own fields, whatever they are. */
function fieldsOf(error: unknown): Record<string, unknown> {
  return typeof error === 'object' && error !== null ? { ...error } : {};
}

const LONGEST_SAID = 200;

/** A server's answer on one line of at most 200 characters, even if the server repeats our login. */
function makeSafe(answer: string, { login }: SmtpServer): string {
  const password = login?.password.reveal();
  const forms = password === undefined ? [] : [password, base64(password), base64(`\0${login?.user}\0${password}`)];
  const hidden = forms.reduce((text, form) => text.replaceAll(form, '[secret]'), answer);
  const line = escapeUnprintable(hideCredentials(hidden.replace(/\s+/g, ' ').trim()));
  const characters = [...line];
  return characters.length <= LONGEST_SAID ? line : `${characters.slice(0, LONGEST_SAID - 1).join('')}…`;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
