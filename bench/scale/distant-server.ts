import { connect } from 'node:net';
import { listenOnLoopback, pairOf } from '../../test/support/postgres-proxy.ts';

/** A way to a server on this machine as if it were further off: what is asked arrives so many milliseconds later. */
export function distantServer(port: number, awayMs: number): ReturnType<typeof listenOnLoopback> {
  return listenOnLoopback((client) => {
    const backend = connect(port, '127.0.0.1');
    pairOf(client, backend);
    for (const socket of [client, backend]) socket.setNoDelay();
    client.on('data', (bytes) => setTimeout(() => backend.write(bytes), awayMs));
    backend.on('data', (bytes) => client.write(bytes));
  });
}
