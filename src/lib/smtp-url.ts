import { isLoopback } from './loopback.ts';
import { Secret } from './secret.ts';

/**
 * How the way to the server is protected. `required`: TLS with a certificate that is trusted; `unverified`: TLS with any certificate;
 * `optional`: TLS where the server offers it, any certificate; `off`: never.
 */
export const TLS_MODES = ['required', 'unverified', 'optional', 'off'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** An SMTP server as its address describes it. */
export interface SmtpServer {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (`smtps://`), else STARTTLS. */
  readonly implicitTls: boolean;
  readonly tls: TlsMode;
  readonly login: { readonly user: string; readonly password: Secret } | null;
  /** What we call ourselves in EHLO; null: this machine's name. */
  readonly ehloName: string | null;
}

/**
 * Reads `smtp://user:password@host:port?tls=required&name=ehlo.example.com` or `smtps://…`; ports 587 and 465 unless given. Where a login is
 * given and the host is not this machine, TLS is required unless `tls` says otherwise. A problem is a sentence that never holds the address.
 */
export function readSmtpUrl(address: Secret): SmtpServer | { readonly problem: string } {
  const text = address.reveal();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '' || url.hash !== '') {
    return {
      problem:
        'is not an SMTP address (the value is hidden): write smtp://user:password@host:port or smtps://…, with @ : / ? # % in user and password percent-encoded',
    };
  }
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'tls' && name !== 'name');
  if (unknown !== undefined) return { problem: 'has an option that is not known; there are tls and name' };
  const login = readLogin(url);
  if (login !== null && 'problem' in login) return login;
  const implicitTls = url.protocol === 'smtps:';
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, '');
  const tls =
    url.searchParams.get('tls') ?? (implicitTls || (login !== null && !isLoopback(host)) ? 'required' : 'optional');
  if (!isTlsMode(tls) || (implicitTls && (tls === 'optional' || tls === 'off'))) {
    return {
      problem: `has a tls option that is not one of ${(implicitTls ? TLS_MODES.slice(0, 2) : TLS_MODES).join(', ')}`,
    };
  }
  const port = url.port === '' ? (implicitTls ? 465 : 587) : Number(url.port);
  return { host, port, implicitTls, tls, login, ehloName: url.searchParams.get('name') };
}

function readLogin(url: URL): SmtpServer['login'] | { readonly problem: string } {
  if (url.username === '' && url.password === '') return null;
  if (url.username === '' || url.password === '')
    return { problem: 'has a user without a password or a password without a user' };
  try {
    return { user: decodeURIComponent(url.username), password: new Secret(decodeURIComponent(url.password)) };
  } catch {
    return { problem: 'has a user or password with a stray %: write it as %25' };
  }
}

function isTlsMode(text: string): text is TlsMode {
  return TLS_MODES.some((mode) => mode === text);
}
