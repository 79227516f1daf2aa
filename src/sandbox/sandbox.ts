import type { IncomingHttpHeaders } from 'node:http';
import type { Clock, EpochMs } from '../lib/clock.ts';
import type { Fault } from './faults.ts';
import type { Journal } from './journal.ts';
import type { VendorRow } from './row.ts';
import { SandboxServer } from './sandbox-server.ts';
import type { SandboxKey } from './signature.ts';
import type { SandboxSwitches } from './switches.ts';
import type { World } from './world.ts';

export interface SandboxOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  readonly keys?: readonly SandboxKey[];
  readonly clock?: Clock;
  /** Chance repeats for the same seed. */
  readonly seed?: number;
  readonly switches?: Partial<SandboxSwitches>;
  /** Called with each request before it is judged; the answer waits for it. */
  readonly onRequest?: (arrival: Arrival) => void | Promise<void>;
  /** Called when a request was answered, in the turn that judged it, with the rows of a good answer; of a spoiled one those that it was made from. */
  readonly onAnswer?: (answer: Answer, rows: readonly VendorRow[]) => void;
}

/** One request as it came in. */
export interface Arrival {
  readonly at: EpochMs;
  /** The monotonic clock at that moment. */
  readonly monotonic: number;
  /** The address that it came from. */
  readonly peer: string;
  /** The secret id that it claims. */
  readonly secretId: string | null;
  readonly action: string | null;
  /** The body as JSON, undefined where it is not. */
  readonly params: unknown;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a request was answered: `ok`, an error's code, or `fault:` and the kind of fault. */
export interface Answer {
  readonly at: EpochMs;
  readonly arrival: Arrival;
  readonly outcome: string;
  /** How many rows a good answer held, and its TotalCount; null for any other. */
  readonly rows: { readonly count: number; readonly total: number } | null;
}

export interface Sandbox {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  readonly arrivals: Journal<Arrival>;
  readonly answers: Journal<Answer>;
  readonly switches: SandboxSwitches;
  /** Those that are accepted. */
  readonly keys: readonly SandboxKey[];
  /** The world of a key; of the first one, if left out. Throws for a key that the sandbox was not given. */
  world(secretId?: string): World;
  /** Lets a further key read the world of the one that is named; of the first one, if left out. */
  grant(key: SandboxKey, like?: string): void;
  /** A key that is not found from the next request on; its world stays. */
  revoke(secretId: string): void;
  /** Changes switches from the next request on. */
  configure(changes: Partial<SandboxSwitches>): void;
  fault(fault: Fault<Arrival>): void;
  clearFaults(): void;
  /** The greatest number of arrivals in any sliding second; of one key, or the greatest of all keys. */
  greatestInASecond(secretId?: string): number;
  /** The clock of the server, which a switch may put off. */
  now(): EpochMs;
  /** A moment in the vendor's form and the sandbox's zone. */
  time(at: EpochMs): string;
  close(): Promise<void>;
}

/** Starts a stand-in for the API of Tencent Cloud on loopback that answers DescribeTaskInfo as the vendor's page says. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const server = new SandboxServer(options);
  await server.listen(options.port ?? 0);
  return server;
}
