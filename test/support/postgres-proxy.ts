import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What happens once to the first connection on which a client sends that text: it breaks, before the server gets it or after it has answered. */
export interface WireFault {
  readonly at: string;
  readonly when: 'before' | 'answered';
}

export interface PostgresProxy {
  readonly port: number;
  breakOnce(fault: WireFault): void;
  /** How many faults have happened. */
  broken(): number;
  close(): Promise<void>;
}

/** Stands between a client and a PostgreSQL server on loopback, and breaks connections at chosen moments. */
export async function startPostgresProxy(serverPort: number): Promise<PostgresProxy> {
  let fault: WireFault | null = null;
  let broken = 0;
  const { port, close } = await listenOnLoopback((client) => {
    const backend = connect(serverPort, '127.0.0.1');
    const end = pairOf(client, backend);
    let isLast = false;
    client.on('data', (bytes) => {
      if (fault === null || !bytes.includes(fault.at)) return void backend.write(bytes);
      const { when } = fault;
      fault = null;
      broken += 1;
      if (when === 'before') return end();
      isLast = true;
      backend.write(bytes);
    });
    backend.on('data', (bytes) => (isLast ? end() : void client.write(bytes)));
  });
  return {
    port,
    breakOnce(next) {
      fault = next;
    },
    broken: () => broken,
    close,
  };
}

/** `ReadyForQuery`, outside a transaction. */
const IDLE = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A pooler that gives each transaction another session, as a transaction-pooling one may: two backends for each client, in turn. */
export function startTransactionPooler(serverPort: number): Promise<{ port: number; close(): Promise<void> }> {
  return listenOnLoopback((client) => {
    const backends = [0, 1].map(() => connect(serverPort, '127.0.0.1'));
    for (const backend of backends) pairOf(client, backend);
    let turn = 0;
    let ready = 0;
    const current = (): Socket | undefined => backends[turn];
    for (const backend of backends) {
      let isGreeted = false;
      backend.on('data', (bytes) => {
        const isIdle = bytes.subarray(-IDLE.length).equals(IDLE);
        if (!isGreeted) {
          isGreeted = isIdle;
          if (isIdle) ready += 1;
          // The client is greeted by the second one, once both are ready; the parts of its greeting come together on loopback.
          if (isIdle && ready === backends.length) client.write(bytes);
          return;
        }
        client.write(bytes);
        if (isIdle) turn = 1 - turn;
      });
    }
    client.once('data', (startup) => {
      for (const backend of backends) backend.write(startup);
      client.on('data', (bytes) => void current()?.write(bytes));
    });
  });
}

/** A server on any port of loopback; `close` breaks what its clients still have. */
export async function listenOnLoopback(
  onClient: (client: Socket) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.once('close', () => clients.delete(client));
    onClient(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    async close() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Two sockets that end together, whichever breaks or is closed first; the returned function ends them. */
export function pairOf(client: Socket, backend: Socket): () => void {
  const end = (): void => {
    client.destroy();
    backend.destroy();
  };
  for (const socket of [client, backend]) {
    socket.on('error', end);
    socket.on('close', end);
  }
  return end;
}
