import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpServer, TlsMode } from '../../lib/smtp-url.ts';
import type { SmtpStage } from './smtp-trouble.ts';

/** One connection to a server, its calls as promises. */
export interface SmtpSession {
  /** How far it came. */
  readonly stage: SmtpStage;
  /** Connects and logs in where a login is configured. */
  begin(): Promise<void>;
  send(from: string, to: readonly string[], bytes: Buffer): Promise<SendInfo>;
  /** Asks for a reset, which a server answers only to whom it would serve. */
  reset(): Promise<void>;
  /** Says goodbye and closes when that is answered. */
  quit(): void;
  /** Closes at once. */
  close(): void;
}

/** What is read of nodemailer's result. */
export interface SendInfo {
  readonly response: string;
  readonly accepted: readonly string[];
  readonly rejectedErrors?: readonly Error[] | undefined;
}

type Done<T> = (error?: Error | null, result?: T) => void;

/** Opens nothing yet. `timeoutMs` bounds the connecting and each silence of the server's, the signal the whole; `onEnd` is called once. */
export async function createSmtpSession(
  server: SmtpServer,
  timeoutMs: number,
  signal: AbortSignal,
  onEnd: () => void,
): Promise<SmtpSession> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection = new Connection(connectionOptions(server, timeoutMs));
  let stage: SmtpStage = 'connect';
  const enter = (next: SmtpStage): void => {
    stage = next;
  };
  const broken = whenBroken(connection, signal, onEnd);
  const call = <T>(start: (done: Done<T>) => void): Promise<T | undefined> =>
    Promise.race([
      broken,
      new Promise<T | undefined>((resolve, reject) => {
        start((error, result) => (error ? reject(error) : resolve(result)));
      }),
    ]);
  return {
    get stage() {
      return stage;
    },
    async begin() {
      signal.throwIfAborted();
      await call((done) => connection.connect(done));
      enter('login');
      if (server.login !== null) {
        if (!connection.allowsAuth) throw Object.assign(new Error('no login offered'), { code: 'ENOAUTH' });
        const credentials = { user: server.login.user, pass: server.login.password.reveal() };
        await call((done) => connection.login({ credentials }, done));
      }
      enter('envelope');
    },
    async send(from, to, bytes) {
      const envelope = { from, to: [...to], size: bytes.length };
      const info = await call<SendInfo>((done) => connection.send(envelope, bodyOf(bytes, enter), done));
      return info ?? { response: '', accepted: [] };
    },
    async reset() {
      await call((done) => connection.reset(done));
    },
    quit: () => connection.quit(),
    close: () => connection.close(),
  };
}

/** nodemailer reports trouble by callback, by event or by both, and knows no signal here: this is whatever comes beside the callbacks. */
function whenBroken(connection: SMTPConnection, signal: AbortSignal, onEnd: () => void): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    // Every one of them is listened to: an error event without a listener would end the process.
    connection.on('error', reject);
    connection.once('end', () => {
      signal.removeEventListener('abort', stop);
      onEnd();
      // A callback that tells why may still come in this turn.
      setImmediate(reject, new Error('connection closed'));
    });
  });
  broken.catch(() => undefined); // it may break when nobody waits any more
  return broken;
}

/** nodemailer reads this only after the server took DATA; once the last byte is handed over, the end mark may follow at any moment. */
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
  return {
    host,
    port,
    secure: implicitTls,
    ...TLS_OPTIONS[tls],
    ...(ehloName === null ? {} : { name: ehloName }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Closing is immediate: nothing that the server might still say is of use.
    socketCloseTimeout: 0,
  };
}
