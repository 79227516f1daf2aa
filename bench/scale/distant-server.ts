import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DistantServer {
  readonly port: number;
  close(): void;
}

/** A way to a server on this machine as if it were further off: what is asked arrives so many milliseconds later. */
export async function distantServer(port: number, awayMs: number): Promise<DistantServer> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const backend = connect(port, '127.0.0.1');
    client.on('data', (bytes) => setTimeout(() => backend.write(bytes), awayMs));
    backend.on('data', (bytes) => client.write(bytes));
    for (const socket of [client, backend]) {
      sockets.add(socket.setNoDelay());
      const end = (): void => {
        client.destroy();
        backend.destroy();
        sockets.delete(socket);
      };
      socket.on('error', end).on('close', end);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a TCP server's address is an object
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
