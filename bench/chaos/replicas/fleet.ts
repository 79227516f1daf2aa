import { fileURLToPath } from 'node:url';
import type { EpochMs } from '../../../src/lib/clock.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { type LogLine, type RunningProgram, startProgram } from '../../../test/support/program.ts';
import type { Counterparts, Moments } from '../counterparts.ts';
import type { Said } from '../journal.ts';

/** One process of the program. */
export interface Replica {
  readonly life: number;
  /** The address that it comes from. */
  readonly peer: string;
  readonly program: RunningProgram;
  /** Of its `/readyz`; 0 where nothing answers. */
  ready(): Promise<number>;
}

/** Equal processes on one store. */
export interface Fleet {
  /** One more; what is to happen at its moments is asked for each time. */
  start(): Promise<Replica>;
  /** Every process that was ever started. */
  readonly all: readonly Replica[];
  /** What their logs say. */
  said(): Said;
  /** Ends with SIGKILL what still runs. */
  end(): Promise<void>;
}

export interface FleetOptions {
  /** A configuration whose `http.listen` takes its port from PAGE_PORT. */
  readonly configPath: string;
  readonly directory: string;
  readonly counterparts: Counterparts;
  momentsOf(life: number): Partial<Moments>;
}

const PRELOAD = fileURLToPath(new URL('../../../test/support/peer-preload.ts', import.meta.url));
const READY_WITHIN_MS = 3_000;

export function createFleet({ configPath, directory, counterparts, momentsOf }: FleetOptions): Fleet {
  const all: Replica[] = [];
  return {
    all,
    async start() {
      const port = await freePort();
      const life = all.length + 1;
      const peer = peerOf(life);
      counterparts.setLife(life, momentsOf(life), peer);
      const env = { PEER: peer, PAGE_PORT: String(port), NODE_OPTIONS: `--import=${PRELOAD}` };
      const program = startProgram(['run', '--config', configPath], { cwd: directory, env });
      const replica = { life, peer, program, ready: () => statusOf(`http://127.0.0.1:${port}/readyz`) };
      all.push(replica);
      return replica;
    },
    said: () => saidBy(all),
    async end() {
      for (const { program } of all) program.kill('SIGKILL');
      await Promise.all(all.map(({ program }) => program.exited));
    },
  };
}

/** Each its own, so that what a dead one had sent is never taken for another's. */
function peerOf(life: number): string {
  return `127.0.${1 + Math.floor(life / 250)}.${1 + (life % 250)}`;
}

async function statusOf(url: string): Promise<number> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(READY_WITHIN_MS) })).status;
  } catch {
    return 0; // it is down, or frozen
  }
}

const TAKEN = 'lease-taken';
const NO_LONGER = ['lease-given-back', 'lease-lost', 'lease-ended'];

function saidBy(all: readonly Replica[]): Said {
  const lines = all.flatMap(({ life, program }) =>
    program.log.map((line) => ({ life, at: timeOf(line), line, event: line.event })),
  );
  return {
    wholePolls: lines
      .filter(({ event, line }) => event === 'poll-finished' && line['result'] === 'complete')
      .map(({ life, at, line }) => ({ life, at, account: String(line['account']) })),
    settled: lines.filter(({ event }) => event === 'message-delivered').flatMap(sendOf),
    undelivered: lines.filter(({ event }) => event === 'message-not-delivered').flatMap(sendOf),
    leases: lines
      .filter(({ event }) => event === TAKEN || NO_LONGER.includes(event))
      .map(({ life, at, event, line }) => ({
        life,
        at,
        unit: String(line['unit']),
        taken: event === TAKEN,
        fence: Number(line['fence'] ?? 0),
      }))
      .toSorted((a, b) => a.at - b.at),
  };
}

/** What it says of a message on a channel that the tasks are told on. */
function sendOf({ life, at, line }: { readonly life: number; readonly at: EpochMs; readonly line: LogLine }) {
  const { channel, message, outcome } = line;
  const isOurs = channel === 'slack' || channel === 'mail';
  return isOurs ? [{ life, at, channel, key: String(message), outcome: String(outcome) } as const] : [];
}

/** By the process's own clock, which is the host's. */
function timeOf(line: LogLine): EpochMs {
  return Date.parse(String(line['time']));
}
