import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { isLoopback } from '../lib/loopback.ts';
import { proxiesOf } from '../lib/proxy.ts';
import { createProxyClient } from './proxy-client.ts';

/** As `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * To each origin, for all accounts together. Four histories of 64 ranges may hang in 256 of them; the rest is more than the polls that can hang at a time:
 * in ten seconds 24 begin, and 8 of those that were slow, and each gives up within two minutes.
 */
const CONNECTIONS = 768;
const KEEP_ALIVE_MS = 30_000;

/**
 * Connections to the API, kept alive; through the proxy that HTTPS_PROXY or HTTP_PROXY name, except to NO_PROXY's and loopback hosts.
 * Throws a sentence for what is no proxy's address.
 */
export function createDispatcher(env: Env): Dispatcher {
  const options = { connections: CONNECTIONS, keepAliveTimeout: KEEP_ALIVE_MS };
  const proxies = proxiesOf(env);
  if (proxies.httpProxy === '' && proxies.httpsProxy === '') return new Agent(options);
  return new EnvHttpProxyAgent({ ...options, ...proxies, clientFactory: createProxyClient });
}

/** The endpoint as a URL; throws a sentence for what is no origin, and for http:// to anything but loopback: requests carry a token. */
export function checkedEndpoint(endpoint: string): URL {
  const url = URL.parse(endpoint);
  if (url === null || url.pathname !== '/' || url.search !== '') {
    throw new Error(`endpoint "${endpoint}" is no origin; write it like https://cvm.tencentcloudapi.com`);
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new Error(`endpoint "${endpoint}" must begin with https://; http:// is accepted for loopback addresses only`);
}
