import { StoreError } from './store-error.ts';

/** The server was lost, or was none that may be written: nothing is known of the statement that was under way. */
export class ServerGone extends Error {
  override readonly name = 'ServerGone';
}

/** SQLSTATE codes that someone can do something about. Source: PostgreSQL's appendix "Error Codes"; two characters are a class. */
const SENTENCES: Readonly<Record<string, (place: string) => string>> = {
  '28': (place) =>
    `The store ${place} refused the login; check user and password of "store", and pg_hba.conf of the server.`,
  '3D000': (place) => `The store ${place} has no such database; create it, or name another one in "store".`,
  '3F000': (place) => `The store ${place} has no such schema; create it, or name another one in "store".`,
  '42501': (place) =>
    `The store ${place} refused a statement for want of a right; give the user of "store" all rights on its schema.`,
  '53': (place) =>
    `The store ${place} is out of memory, disk or connections; free some on the server: nothing that was recorded is lost.`,
  '25006': (place) =>
    `The store ${place} is read-only now, as a standby is; name every server of it in "store", separated by commas.`,
  '57014': (place) => `The store ${place} took too long for a statement; look for what blocks or slows the server.`,
  '58': (place) => `The store ${place} had trouble with its disk; check the server.`,
  XX001: (place) => `The store ${place} is damaged; restore a backup.`,
  XX002: (place) => `The store ${place} is damaged; restore a backup.`,
};

const TOO_LONG = '57014';
/** Codes with which the server ends the connection: it goes or starts (57P, 08), or was tired of a silent transaction (25P03). */
const LOST = /^(08|57P0|25P03)/;
/** Codes after which the same transaction may well succeed: the connection's end, a server that may not be written (25006), rivals (40). */
const PASSING = /^(08|57P0|25P03|25006|40001|40P01|53300)/;

/** True where the server was lost, or said that it is going, starting or a standby. */
export function isPassing(error: unknown): boolean {
  const code = sqlState(error);
  if (code !== null) return PASSING.test(code);
  return isLost(error);
}

/** True where the server gave a statement up since it took, or waited for a lock, too long. */
export function tookTooLong(error: unknown): boolean {
  return sqlState(error) === TOO_LONG;
}

/** True where no answer came, so that nothing is known of the statement. */
export function isLost(error: unknown): boolean {
  if (error instanceof ServerGone) return true;
  if (!(error instanceof Error)) return false;
  return sqlState(error) === null
    ? !(error instanceof TypeError || error instanceof RangeError) && isTransport(error)
    : LOST.test(sqlState(error) ?? '');
}

const TRANSPORT =
  /^(Connection terminated|Query read timeout|timeout expired|Client has encountered a connection error|Client was closed|The server does not support SSL)/i;

function isTransport(error: Error): boolean {
  return ('code' in error && typeof error.code === 'string' && 'syscall' in error) || TRANSPORT.test(error.message);
}

/** True where the server itself answered with an error, so that the connection is still sound. */
export function isAnswered(error: unknown): boolean {
  return !isLost(error);
}

/** The engine's error as a `StoreError` where someone can help, else the error itself: a bug. */
export function postgresTrouble(place: string, error: unknown): unknown {
  if (error instanceof StoreError) return error;
  const code = sqlState(error);
  const sentence = code === null ? undefined : (SENTENCES[code] ?? SENTENCES[code.slice(0, 2)]);
  if (sentence !== undefined) return new StoreError(sentence(place), { cause: error, isWhole: isPassing(error) });
  const unsafe = code === null ? greetingTrouble(place, error) : null;
  if (unsafe !== null) return new StoreError(unsafe, { cause: error });
  if (!isPassing(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError(
    `The store ${place} cannot be reached (${reason}); check that the server runs and may be reached from here.`,
    { cause: error, isWhole: true },
  );
}

/** OpenSSL's and Node's names for a certificate that is not trusted; other trouble with TLS. */
const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_|ERR_TLS_CERT_)/;
const TLS = /^(ERR_TLS_|ERR_SSL_|ERR_OSSL_)/;

/** Where the driver itself gave the greeting up: the server's certificate, TLS, or a login without the password that was asked for. */
function greetingTrouble(place: string, error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.message.startsWith('SASL')) return SENTENCES['28']?.(place) ?? null;
  const name = 'code' in error ? String(error.code) : '';
  if (CERTIFICATE.test(name))
    return `The store ${place} showed a certificate that is not trusted (${error.message}); name the file of its authority by sslrootcert in "store", and the server as its certificate does.`;
  if (!TLS.test(name)) return null;
  return `The store ${place} cannot be reached by TLS (${error.message}); check sslmode and sslrootcert in "store", and the TLS of the server.`;
}

function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return /^[0-9A-Z]{5}$/.test(error.code) && !/^E[A-Z]{4}$/.test(error.code) ? error.code : null;
}
