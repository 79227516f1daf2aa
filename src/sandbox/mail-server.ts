import type { Email } from 'postal-mime';
import type { SMTPServer, SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { type Clock, type EpochMs, systemClock } from '../lib/clock.ts';
import { FaultList } from './fault-list.ts';
import { Journal } from './journal.ts';
import { LOOPBACK } from './loopback.ts';

/** One message that the server took over. */
export interface ReceivedMail {
  readonly at: EpochMs;
  /** The address that it came from. */
  readonly peer: string;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly raw: string;
  /** Parsed: headers, subject, text, html, attachments, messageId, inReplyTo … */
  readonly email: Email;
}

/** What became of a message after its last byte, or of a session in which no reply came; `lost-reply`: taken over, but the client did not learn it. */
export interface MailTry {
  readonly at: EpochMs;
  readonly outcome: 'kept' | 'lost-reply' | 'refused' | 'dropped' | 'hung';
}

/** Before the message. */
type EarlyStep = 'connect' | 'auth' | 'sender' | 'recipient';

/**
 * `refuse`: that reply at that step (`body`: after the message came). `drop-…-accept`: the connection breaks before or after the message is taken
 * over; after: it is recorded and the client does not learn it. `hang`: no reply to the message, not recorded. `drop` and `silent`: the connection
 * breaks, or no reply comes, at that step.
 */
export type MailFault = (
  | {
      readonly kind: 'refuse';
      readonly step: EarlyStep | 'body';
      readonly code: number;
      readonly text?: string;
      /** Step `recipient`: only this address. */
      readonly recipient?: string;
    }
  | { readonly kind: 'drop' | 'silent'; readonly step: EarlyStep }
  | { readonly kind: 'drop-before-accept' | 'drop-after-accept' | 'hang' }
) & {
  /** How often; left out: until `clearFaults`. */
  readonly times?: number;
};

export interface MailServerOptions {
  readonly port?: number;
  readonly clock?: Clock;
  /** Demanded before mail is taken; left out: no login is offered. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** Called with each message after it is recorded and before it is acknowledged, if it will be; the reply waits for it. */
  readonly onMessage?: (mail: ReceivedMail, outcome: 'kept' | 'lost-reply') => void | Promise<void>;
  /** Called with each message that is refused after its last byte. */
  readonly onRefused?: (mail: ReceivedMail) => void;
}

export interface MailServer {
  /** `smtp://[user:password@]127.0.0.1:<port>`, as SMTP_URL takes it. */
  readonly url: string;
  readonly port: number;
  readonly connections: Journal<{ readonly at: EpochMs }>;
  readonly messages: Journal<ReceivedMail>;
  /** Every message that came as far as its last byte, also those that were not taken over, and every session that fell silent before. */
  readonly tries: Journal<MailTry>;
  fault(fault: MailFault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

type Done = (error?: Error | null) => void;

type LastFault = Exclude<MailFault, { readonly step: string }>;

const OUTCOMES: Readonly<Record<LastFault['kind'] | 'none', MailTry['outcome']>> = {
  none: 'kept',
  'drop-before-accept': 'dropped',
  'drop-after-accept': 'lost-reply',
  hang: 'hung',
};
const CLOSE_TIMEOUT_MS = 50;

/** Starts an SMTP server on loopback that keeps what it is given. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mail = new MailSandbox(options);
  await mail.listen(options.port ?? 0);
  return mail;
}

class MailSandbox implements MailServer {
  readonly connections = new Journal<{ readonly at: EpochMs }>();
  readonly messages = new Journal<ReceivedMail>();
  readonly tries = new Journal<MailTry>();
  readonly #options: MailServerOptions;
  readonly #clock: Clock;
  readonly #faults = new FaultList<MailFault>();
  #server: SMTPServer | null = null;
  #port = 0;

  constructor(options: MailServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    const { auth } = this.#options;
    const login = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.password)}@` : '';
    return `smtp://${login}${LOOPBACK}:${this.#port}`;
  }

  fault(fault: MailFault): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  async listen(port: number): Promise<void> {
    const { SMTPServer: Server } = await import('smtp-server');
    const { auth } = this.#options;
    const server = new Server({
      banner: 'repairwatch sandbox',
      disabledCommands: auth ? ['STARTTLS'] : ['STARTTLS', 'AUTH'],
      allowInsecureAuth: true,
      authOptional: auth === undefined,
      disableReverseLookup: true,
      closeTimeout: CLOSE_TIMEOUT_MS,
      onConnect: (session, done) => {
        this.connections.add({ at: this.#clock.now() });
        this.#step('connect', session, done);
      },
      onAuth: ({ username, password }, session, done) =>
        this.#step('auth', session, (refused) => {
          const known = username === auth?.user && password === auth?.password;
          done(refused ?? (known ? null : smtpError(535, 'Authentication credentials invalid')), { user: username });
        }),
      onMailFrom: (_address, session, done) => this.#step('sender', session, done),
      onRcptTo: (address, session, done) => this.#step('recipient', session, done, address),
      onData: (stream, session, done) => this.#data(stream, session, done),
    });
    // A client that breaks off is what some tests are about; the library reports it here as an error.
    server.on('error', () => undefined);
    this.#server = server;
    this.#port = await new Promise<number>((resolve, reject) => {
      server.server.once('error', reject);
      const net = server.listen(port, LOOPBACK, () => {
        const address = net.address();
        if (address === null || typeof address === 'string') reject(new Error('a TCP server has no port'));
        else resolve(address.port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#server === null) resolve();
      else this.#server.close(() => resolve());
    });
  }

  #data(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): void {
    this.#take(stream, session, done).catch((error: unknown) => done(smtpError(451, String(error))));
  }

  async #take(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece);
    const refused = this.#refusal('body');
    const lost = refused === null ? this.#faults.take((each): each is LastFault => !('step' in each)) : null;
    const outcome = refused === null ? OUTCOMES[lost?.kind ?? 'none'] : 'refused';
    if (outcome === 'refused' && this.#options.onRefused !== undefined)
      this.#options.onRefused(await this.#received(Buffer.concat(pieces), session));
    if (outcome === 'kept' || outcome === 'lost-reply') {
      const mail = await this.#received(Buffer.concat(pieces), session);
      this.messages.add(mail);
      await this.#options.onMessage?.(mail, outcome);
    }
    this.tries.add({ at: this.#clock.now(), outcome });
    if (outcome === 'dropped' || outcome === 'lost-reply') this.#drop(session);
    else if (outcome !== 'hung') done(refused);
  }

  async #received(raw: Buffer, session: SMTPServerSession): Promise<ReceivedMail> {
    const { default: PostalMime } = await import('postal-mime');
    const { mailFrom, rcptTo } = session.envelope;
    return {
      at: this.#clock.now(),
      peer: session.remoteAddress,
      from: mailFrom === false ? '' : mailFrom.address,
      recipients: rcptTo.map(({ address }) => address),
      raw: raw.toString('utf8'),
      email: await PostalMime.parse(raw),
    };
  }

  #drop(session: SMTPServerSession): void {
    for (const connection of this.#server?.connections ?? []) {
      if (connection.session.id === session.id) connection._socket.destroy();
    }
  }

  /** Goes on, refuses, breaks off or falls silent. */
  #step(step: EarlyStep, session: SMTPServerSession, done: Done, address?: SMTPServerAddress): void {
    const lost = this.#faults.take((each) => (each.kind === 'drop' || each.kind === 'silent') && each.step === step);
    if (lost === null) done(this.#refusal(step, address));
    else if (lost.kind === 'drop') this.#drop(session);
    else this.tries.add({ at: this.#clock.now(), outcome: 'hung' });
  }

  #refusal(step: EarlyStep | 'body', address?: SMTPServerAddress): Error | null {
    const fault = this.#faults.take(
      (each) =>
        each.kind === 'refuse' &&
        each.step === step &&
        (each.recipient === undefined || each.recipient === address?.address),
    );
    return fault?.kind === 'refuse' ? smtpError(fault.code, fault.text ?? 'refused by the sandbox') : null;
  }
}

function smtpError(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}
