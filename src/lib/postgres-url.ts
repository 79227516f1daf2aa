import { isLoopback } from './loopback.ts';
import { Secret } from './secret.ts';

/** `disable`: no TLS; `require`: TLS with any certificate; `verify-full`: TLS with a trusted certificate of that name. As libpq calls them. */
export const SSL_MODES = ['disable', 'require', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** A PostgreSQL store as its address describes it. */
export interface PostgresAddress {
  /** Of several the first that may be written is used. Names or IP addresses, without brackets. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  /** Stated, or read from a file anew for each connection; null: none. */
  readonly password: { readonly text: Secret } | { readonly file: string } | null;
  readonly database: string;
  /** null: the server's own choice. */
  readonly schema: string | null;
  readonly sslMode: SslMode;
  /** A file of trusted certificates; null: the system's. */
  readonly rootCertificate: string | null;
  /** The most connections at once. */
  readonly poolSize: number;
  /** What may be shown of it: `postgres://host:port/database`. */
  readonly place: string;
}

const PARAMETERS = ['sslmode', 'sslrootcert', 'passwordFile', 'schema', 'poolSize'];
const FORM =
  'is not a PostgreSQL address (the value is hidden): write postgres://user:password@host:5432/database, with several hosts separated by commas, and @ : / ? # % in user and password percent-encoded';
const DEFAULT_PORT = 5432;
const DEFAULT_POOL = 5;
const LARGEST_POOL = 50;

/**
 * Reads `postgres://user:password@host:5432,other:5432/database?sslmode=…`. Beyond this machine a trusted certificate is required unless
 * `sslmode` says otherwise. A problem is a sentence that never holds the address.
 */
export function readPostgresUrl(address: Secret): PostgresAddress | { readonly problem: string } {
  const match = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/([^/?#]+)(?:\?([^#]*))?$/i.exec(address.reveal());
  if (match === null) return { problem: FORM };
  const [, login = '', servers = '', database = '', query = ''] = match;
  const hosts = servers.split(',').map(readHost);
  const parameters = new URLSearchParams(query);
  const unknown = [...parameters.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) return { problem: `has an option that is not known; there are ${PARAMETERS.join(', ')}` };
  if (hosts.includes(null) || login === '') return { problem: FORM };
  const [user, password] = login.split(/:(.*)/s, 2).map(decoded);
  const name = decoded(database);
  if (user === undefined || user === null || user === '' || password === null || name === null)
    return { problem: 'has a user, password or database with a stray %: write it as %25' };
  const file = parameters.get('passwordFile');
  if (file !== null && password !== undefined && password !== '')
    return { problem: 'has a password and a passwordFile; it must have one of them' };
  const known = hosts.filter((host) => host !== null);
  const poolSize = Number(parameters.get('poolSize') ?? DEFAULT_POOL);
  if (!Number.isInteger(poolSize) || poolSize < 1 || poolSize > LARGEST_POOL)
    return { problem: `has a poolSize that is not a whole number from 1 to ${LARGEST_POOL}` };
  const sslMode =
    parameters.get('sslmode') ?? (known.every(({ host }) => isLoopback(host)) ? 'disable' : 'verify-full');
  if (!isSslMode(sslMode)) return { problem: `has an sslmode that is not one of ${SSL_MODES.join(', ')}` };
  const rootCertificate = parameters.get('sslrootcert');
  // Taken silently it would promise a check that nobody makes.
  if (rootCertificate !== null && sslMode !== 'verify-full')
    return {
      problem: `has an sslrootcert, which only sslmode=verify-full looks at, and sslmode is ${sslMode}; write sslmode=verify-full, or leave it out`,
    };
  const schema = parameters.get('schema');
  if (schema !== null && !/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
    return { problem: 'has a schema that is not a name of lower-case letters, digits and "_"' };
  return {
    hosts: known,
    user,
    password: file === null ? (password ? { text: new Secret(password) } : null) : { file },
    database: name,
    schema,
    sslMode,
    rootCertificate,
    poolSize,
    place: `postgres://${servers}/${database}`,
  };
}

function readHost(text: string): PostgresAddress['hosts'][number] | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(match?.[2] ?? DEFAULT_PORT);
  if (match === null || port < 1 || port > 65_535) return null;
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function isSslMode(text: string): text is SslMode {
  return SSL_MODES.some((mode) => mode === text);
}
