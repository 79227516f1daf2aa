import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { ListenError } from '../lib/listen-error.ts';
import { listenAddress } from './listen-address.ts';
import { createWebApp } from './web-app.ts';
import type { WebDeps } from './web-deps.ts';

/** The served page; `close` ends what is open with it. */
export interface Web {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens where http.listen says; rejects with a ListenError where that is taken or not this machine's. */
export async function serveWeb(listen: string, deps: WebDeps): Promise<Web> {
  const { host, port } = listenAddress(listen);
  // Cast: without a secure option the adaptor makes a plain HTTP server.
  const server = createAdaptorServer({ fetch: createWebApp(deps).fetch, hostname: host }) as Server;
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
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
