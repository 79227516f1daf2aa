const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '::1'];

/** Whom no proxy is asked for: NO_PROXY's hosts, and this machine, which no proxy reaches. In the form that undici takes. */
export function noProxyHosts(env: Readonly<Record<string, string | undefined>>): string {
  return [env['no_proxy'] ?? env['NO_PROXY'] ?? '', ...LOOPBACK_HOSTS].join(',');
}
