import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface TlsMailServer {
  readonly port: number;
  /** For each message: whether it came over TLS, who had logged in, and the message itself. */
  readonly messages: { readonly secure: boolean; readonly user: string | undefined; readonly raw: string }[];
  /** Every login, whatever became of its message. */
  readonly logins: { readonly secure: boolean }[];
  close(): Promise<void>;
}

/** A mail server on loopback that speaks TLS with the library's own, untrusted certificate: by STARTTLS, or from the first byte with `secure`. */
export async function startTlsMailServer(options: SMTPServerOptions): Promise<TlsMailServer> {
  const messages: TlsMailServer['messages'] = [];
  const logins: TlsMailServer['logins'] = [];
  const server = new SMTPServer({
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 50,
    ...options,
    onAuth: ({ username }, session, done) => {
      logins.push({ secure: session.secure });
      done(null, { user: username ?? '' });
    },
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        messages.push({
          secure: session.secure,
          user: session.user?.toString(),
          raw: Buffer.concat(pieces).toString(),
        });
        done();
      });
    },
  });
  // A client that does not trust the certificate breaks off, which the library reports here.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return { port: address.port, messages, logins, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
