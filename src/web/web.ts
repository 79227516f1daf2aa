import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { ListenError } from '../lib/listen-error.ts';
import { createCounted } from './counted.ts';
import { listenAddress } from './listen-address.ts';
import { createWebApp } from './web-app.ts';
import type { WebDeps } from './web-deps.ts';

/** The served page; `close` ends what is open with it. */
export interface Web {
  readonly url: string;
  /** Serves by another configuration from the next request on; where the token is another one, what is open ends. */
  use(deps: WebDeps): void;
  close(): Promise<void>;
}

/** Listens where http.listen says; rejects with a ListenError where that is taken or not this machine's. */
export async function serveWeb(listen: string, deps: WebDeps): Promise<Web> {
  const { host, port } = listenAddress(listen);
  // Outlives a change of the configuration.
  const counted = createCounted(deps);
  let app = createWebApp(deps, counted);
  let { access } = deps;
  // Cast: without a secure option the adaptor makes a plain HTTP server.
  const server = createAdaptorServer({
    fetch: (request, { incoming }) => app.fetch(request, { address: incoming.socket.remoteAddress }),
    hostname: host,
  }) as Server;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ListenError(
      `http.listen is ${listen}, where nothing can listen (${code}); choose another address or port.`,
      {
        cause: error,
      },
    );
  }
  return {
    url: `http://${listen}/`,
    use(next) {
      app = createWebApp(next, counted);
      // Made from the token alone, so that it tells whether that is another one.
      if (next.access?.feedKey !== access?.feedKey) server.closeAllConnections();
      access = next.access;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
