import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listen, shut } from '../../src/sandbox/loopback.ts';
import { TLS_IDENTITY } from './tls-identity.ts';

export type HostHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ConnectProxy {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Where the hosts answer those that come without the proxy. */
  readonly directPort: number;
  /** Where it was asked to connect to, and what it was asked to fetch in clear. */
  readonly asked: string[];
  /** `user:password`; null: anyone may connect. */
  login: string | null;
  close(): Promise<void>;
}

/** A real CONNECT proxy on loopback that ends TLS itself, with the tests' certificate, and hands requests to the hosts' handlers. */
export async function startConnectProxy(hosts: Readonly<Record<string, HostHandler>>): Promise<ConnectProxy> {
  const behind = createTlsServer({ ...TLS_IDENTITY, keepAliveTimeout: 60_000 }, (request, response) => {
    const handler = hosts[request.headers.host ?? ''];
    if (handler === undefined) response.writeHead(502).end();
    else handler(request, response);
  });
  const server = createServer((request, response) => {
    proxy.asked.push(request.url ?? '');
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    socket.on('error', () => undefined); // a client that goes away is not this proxy's trouble
    const wanted = proxy.login === null ? undefined : `Basic ${Buffer.from(proxy.login).toString('base64')}`;
    if (wanted !== undefined && request.headers['proxy-authorization'] !== wanted)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    proxy.asked.push(request.url ?? '');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    behind.emit('connection', socket);
  });
  const [port, directPort] = await Promise.all([listen(server, 0), listen(behind, 0)]);
  const proxy: ConnectProxy = {
    url: `http://127.0.0.1:${port}`,
    port,
    directPort,
    asked: [],
    login: null,
    async close() {
      await Promise.all([shut(server), shut(behind)]);
    },
  };
  return proxy;
}
