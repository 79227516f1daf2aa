import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of loopback that nobody listened on a moment ago, for a program that must be told one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has an address with a port');
  return address.port;
}
