import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Clock, type EpochMs, systemClock } from '../lib/clock.ts';
import { ArrivalPace } from './arrival-pace.ts';
import { describeTaskInfo } from './describe-task-info.ts';
import { FaultList } from './fault-list.ts';
import { type Fault, faultHits } from './faults.ts';
import { Journal } from './journal.ts';
import { jsonOf } from './json.ts';
import { LOOPBACK, listen, readBody, shut } from './loopback.ts';
import { respond } from './respond.ts';
import type { Answer, Arrival, Sandbox, SandboxOptions } from './sandbox.ts';
import { type Random, seededRandom } from './seeded-random.ts';
import { claimedSecretId, SANDBOX_KEY, type SandboxKey } from './signature.ts';
import { DEFAULT_SWITCHES, type SandboxSwitches } from './switches.ts';
import { formatVendorTime } from './vendor-time.ts';
import { World } from './world.ts';

const LONGEST_BODY_BYTES = 10 * 1024 * 1024;
const KEEP_ALIVE_MS = 60_000;

/** The server behind `startSandbox`: takes requests in, judges them, answers. */
export class SandboxServer implements Sandbox {
  readonly arrivals = new Journal<Arrival>();
  readonly answers = new Journal<Answer>();
  #keys: readonly SandboxKey[];
  readonly #clock: Clock;
  readonly #options: SandboxOptions;
  readonly #random: Random;
  readonly #faults = new FaultList<Fault<Arrival>>();
  readonly #worlds: Map<string, World>;
  readonly #paces = new Map<string | null, ArrivalPace>();
  /** Connections that nobody answers any more, though they stay open. */
  readonly #deaf = new WeakSet<Socket>();
  readonly #server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    this.#handle(request, response).catch((error: unknown) => {
      process.emitWarning(`the sandbox failed to answer: ${String(error)}`);
      response.destroy();
    });
  });
  #switches: SandboxSwitches;
  #port = 0;

  constructor(options: SandboxOptions) {
    const { keys = [SANDBOX_KEY], clock = systemClock, seed = 1 } = options;
    this.#keys = keys;
    this.#clock = clock;
    this.#options = options;
    this.#random = seededRandom(seed);
    this.#switches = { ...DEFAULT_SWITCHES, ...options.switches };
    const times = {
      now: () => clock.now(),
      serverNow: () => this.now(),
      utcOffsetMs: () => this.#switches.utcOffsetMs,
    };
    this.#worlds = new Map(keys.map(({ secretId }) => [secretId, new World(times)]));
  }

  async listen(port: number): Promise<void> {
    this.#port = await listen(this.#server, port);
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.#port}`;
  }

  get keys(): readonly SandboxKey[] {
    return this.#keys;
  }

  get switches(): SandboxSwitches {
    return this.#switches;
  }

  grant(key: SandboxKey, like?: string): void {
    this.#worlds.set(key.secretId, this.world(like));
    this.#keys = [...this.#keys, key];
  }

  revoke(secretId: string): void {
    this.#keys = this.#keys.filter((key) => key.secretId !== secretId);
  }

  configure(changes: Partial<SandboxSwitches>): void {
    this.#switches = { ...this.#switches, ...changes };
  }

  world(secretId: string = this.#keys[0]?.secretId ?? ''): World {
    const world = this.#worlds.get(secretId);
    if (world === undefined) throw new Error(`the sandbox was not given the key ${secretId}`);
    return world;
  }

  fault(fault: Fault<Arrival>): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  greatestInASecond(secretId?: string): number {
    if (secretId !== undefined) return this.#paces.get(secretId)?.greatest ?? 0;
    return Math.max(0, ...[...this.#paces.values()].map((pace) => pace.greatest));
  }

  now(): EpochMs {
    return this.#clock.now() + this.#switches.clockSkewMs;
  }

  time(at: EpochMs): string {
    return formatVendorTime(at, this.#switches.utcOffsetMs);
  }

  close(): Promise<void> {
    return shut(this.#server);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#deaf.has(request.socket)) return;
    const [at, monotonic] = [this.#clock.now(), this.#clock.monotonic()];
    const peer = request.socket.remoteAddress ?? '';
    const secretId = claimedSecretId(request.headers);
    const throttled = this.#paceOf(secretId).arrive(monotonic) > this.#switches.requestsPerSecond;
    const body = await readBody(request, LONGEST_BODY_BYTES);
    if (body === null) {
      response.destroy();
      return;
    }
    const arrival = arrivalOf(request, body, { at, monotonic, peer, secretId });
    this.arrivals.add(arrival);
    await this.#options.onRequest?.(arrival);
    await this.#wait();
    response.setHeader('date', new Date(this.now()).toUTCString());
    const judged = this.#judge(request, body, throttled);
    const fault = this.#faults.take((each) => faultHits(each, arrival, this.#random));
    const outcome = respond(response, judged, fault, this.#clock);
    if (fault?.kind === 'deaf-when-idle') this.#deaf.add(request.socket);
    const rows =
      judged.ok && fault === null ? { count: judged.result.rows.length, total: judged.result.totalCount } : null;
    const answer = { at: this.#clock.now(), arrival, outcome, rows };
    this.answers.add(answer);
    this.#options.onAnswer?.(answer, judged.ok ? judged.result.rows : []);
  }

  #judge(request: IncomingMessage, body: Buffer, throttled: boolean): ReturnType<typeof describeTaskInfo> {
    const signed = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
    return describeTaskInfo(signed, {
      keys: this.#keys,
      switches: this.#switches,
      random: this.#random,
      now: this.#clock.now(),
      throttled,
      port: this.#port,
      world: (secretId) => this.world(secretId),
    });
  }

  async #wait(): Promise<void> {
    const { latencyMs } = this.#switches;
    if (latencyMs > 0) await this.#clock.sleep(latencyMs, new AbortController().signal);
  }

  #paceOf(secretId: string | null): ArrivalPace {
    const pace = this.#paces.get(secretId) ?? new ArrivalPace();
    this.#paces.set(secretId, pace);
    return pace;
  }
}

function arrivalOf(
  request: IncomingMessage,
  body: Buffer,
  seen: Pick<Arrival, 'at' | 'monotonic' | 'peer' | 'secretId'>,
): Arrival {
  const action = request.headers['x-tc-action'];
  const text = body.toString('utf8');
  return {
    ...seen,
    action: typeof action === 'string' ? action : null,
    params: jsonOf(text),
    headers: request.headers,
    body: text,
  };
}
