import { createServer, type Server } from 'node:net';

/** Below what the system gives to connections and to whoever asks for any port, so that nobody takes it before the program does. */
const LOWEST = 20_000;
const PORTS = 12_000;

/** A port of loopback that nobody listened on a moment ago, for a program that must be told one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * PORTS);
    const server = createServer();
    if (!(await listens(server, port))) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve(true));
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1');
  });
}
