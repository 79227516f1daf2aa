import { connect, type Socket } from 'node:net';
import { listenOnLoopback, pairOf } from './postgres-proxy.ts';

/** How nothing passes: connections break and new ones are refused, or they stay open and silent. */
export type Parting = 'cut' | 'hold';

export interface PostgresLink {
  readonly port: number;
  /** From now on nothing passes between the server and the clients of that address. */
  part(peer: string, how: Parting): void;
  /** Lets everything pass again: what was held back comes late, or, unless `late`, its connections break. */
  heal(peer: string, late: boolean): void;
  close(): Promise<void>;
}

interface Pair {
  readonly peer: string;
  readonly sockets: readonly [client: Socket, backend: Socket];
  end(): void;
}

/** `SimpleQuery` as the store sends it. */
const COMMIT = Buffer.from('COMMIT\0');

/**
 * Stands between clients and a PostgreSQL server on loopback, and parts some of them from it. `onCommit`: a client's COMMIT was passed on, and its answer
 * was not.
 */
export async function startPostgresLink(
  serverPort: number,
  onCommit: (peer: string) => void = () => undefined,
): Promise<PostgresLink> {
  const pairs = new Set<Pair>();
  const parted = new Map<string, Parting>();
  const { port, close } = await listenOnLoopback((client) => {
    const peer = client.remoteAddress ?? '';
    const how = parted.get(peer);
    if (how === 'cut') return void client.resetAndDestroy();
    const backend = connect(serverPort, '127.0.0.1');
    const pair: Pair = { peer, sockets: [client, backend], end: pairOf(client, backend) };
    pairs.add(pair);
    client.once('close', () => pairs.delete(pair));
    client.on('data', (bytes) => {
      backend.write(bytes);
      if (bytes.includes(COMMIT)) onCommit(peer);
    });
    backend.on('data', (bytes) => client.write(bytes));
    if (how === 'hold') hold(pair);
  });
  const of = (peer: string): readonly Pair[] => [...pairs].filter((pair) => pair.peer === peer);
  return {
    port,
    part(peer, how) {
      parted.set(peer, how);
      for (const pair of of(peer)) how === 'cut' ? pair.end() : hold(pair);
    },
    heal(peer, late) {
      parted.delete(peer);
      for (const pair of of(peer)) late ? resume(pair) : pair.end();
    },
    close,
  };
}

function hold({ sockets }: Pair): void {
  for (const socket of sockets) socket.pause();
}

function resume({ sockets }: Pair): void {
  for (const socket of sockets) socket.resume();
}
