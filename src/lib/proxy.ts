const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '::1'];
const SCHEMES = ['http:', 'https:'];

/** The proxies of the environment in the form that undici takes; '' where there is none. Addresses may hold a password. */
export interface Proxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  /** Whom no proxy is asked for: NO_PROXY's hosts, and this machine, which no proxy reaches. */
  readonly noProxy: string;
}

/** A variable that names no proxy: one sentence for people, without the value, which may hold a password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, the lower-case names first; set to nothing is not set. Throws a `ProxyError` for what is no proxy's address. */
export function proxiesOf(env: Readonly<Record<string, string | undefined>>): Proxies {
  return {
    httpProxy: firstAddress({ http_proxy: env['http_proxy'], HTTP_PROXY: env['HTTP_PROXY'] }),
    httpsProxy: firstAddress({ https_proxy: env['https_proxy'], HTTPS_PROXY: env['HTTPS_PROXY'] }),
    noProxy: [env['no_proxy'] || env['NO_PROXY'] || '', ...LOOPBACK_HOSTS].join(','),
  };
}

/** By variable: the first that is set. */
function firstAddress(values: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(values).find(([, value]) => value?.trim());
  if (set === undefined) return '';
  const [name, value = ''] = set;
  const written = value.trim();
  // As curl reads it: an address without a scheme is one of HTTP.
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`);
  if (url !== null && SCHEMES.includes(url.protocol) && url.hostname !== '') return url.href;
  throw new ProxyError(`${name} is no address of a proxy; write it like http://proxy.example.com:3128`);
}
