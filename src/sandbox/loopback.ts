import type { IncomingMessage, Server } from 'node:http';

export const LOOPBACK = '127.0.0.1';

/** Listens on loopback; resolves with the port, rejects where the port is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
      resolve(address.port);
    });
  });
}

/** Ends every connection, also one that waits for an answer, and stops listening. */
export function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** The whole body; null where it is longer than `most` bytes or the client went away. */
export async function readBody(request: IncomingMessage, most: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of request) {
      size += piece.length;
      if (size > most) return null;
      pieces.push(piece);
    }
  } catch {
    return null; // the client went away: nobody waits for an answer
  }
  return Buffer.concat(pieces);
}
