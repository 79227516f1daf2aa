import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, type EpochMs, SECOND_MS, systemClock } from '../lib/clock.ts';
import { FaultList } from './fault-list.ts';
import { Journal } from './journal.ts';
import { jsonOf } from './json.ts';
import { LOOPBACK, listen, readBody, shut } from './loopback.ts';
import { judgePayload, mentionsIn } from './slack-rules.ts';

/** One request to the hook, as it came and as it was answered. */
export interface HookRequest {
  readonly at: EpochMs;
  /** The address that it came from. */
  readonly peer: string;
  readonly body: string;
  /** The body as JSON, undefined where it is not. */
  readonly payload: unknown;
  readonly accepted: boolean;
  /** null: no answer was given (hang, reset). */
  readonly status: number | null;
  readonly answer: string | null;
  /** Mentions that would ping people: every unescaped `<!…>` and `<@…>`. */
  readonly mentions: readonly string[];
}

/**
 * `status`: that answer instead of a judgement. `hang`: no answer, not accepted. `reset`: the connection breaks, not accepted.
 * `accept-then-reset`: accepted, then the connection breaks before the answer; `accept-then-cut`: in the middle of it.
 */
export type HookFault = (
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly retryAfterSeconds?: number;
      /** Beside or instead of those that belong to the answer. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'hang' | 'reset' | 'accept-then-reset' | 'accept-then-cut' | 'accept-then-hang' }
) & {
  /** How often; left out: until `clearFaults`. */
  readonly times?: number;
};

export interface SlackHookOptions {
  readonly port?: number;
  readonly clock?: Clock;
  /** Switches the vendor's pace on: 1 message a second after `burst` at once; more are a 429. */
  readonly pace?: { readonly burst: number };
  /** Called with each request after it is recorded and before it is answered; the answer waits for it. */
  readonly onRequest?: (request: HookRequest) => void | Promise<void>;
}

export interface SlackHook {
  /** The hook's URL with its secret path, as SLACK_WEBHOOK_URL takes it. */
  readonly url: string;
  readonly port: number;
  /** Every request, accepted or not. */
  readonly requests: Journal<HookRequest>;
  /** What reached the channel. */
  readonly accepted: Journal<HookRequest>;
  fault(fault: HookFault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

const PATH = '/services/T00000000/B00000000/sandbox0hook0of0no0use00';
const LONGEST_BODY_BYTES = 1024 * 1024;

interface Verdict {
  readonly accepted: boolean;
  readonly status: number;
  readonly answer: string;
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts a stand-in for Slack's incoming webhook on loopback. */
export async function startSlackHook(options: SlackHookOptions = {}): Promise<SlackHook> {
  const hook = new SlackHookServer(options);
  await hook.listen(options.port ?? 0);
  return hook;
}

class SlackHookServer implements SlackHook {
  readonly requests = new Journal<HookRequest>();
  readonly accepted = new Journal<HookRequest>();
  readonly #clock: Clock;
  readonly #options: SlackHookOptions;
  readonly #faults = new FaultList<HookFault>();
  #allowance: number;
  #allowanceAt: number;
  #port = 0;
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch((error: unknown) => {
      process.emitWarning(`the stand-in hook failed to answer: ${String(error)}`);
      response.destroy();
    });
  });

  constructor(options: SlackHookOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#allowance = options.pace?.burst ?? 0;
    this.#allowanceAt = this.#clock.monotonic();
  }

  async listen(port: number): Promise<void> {
    this.#port = await listen(this.#server, port);
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.#port}${PATH}`;
  }

  fault(fault: HookFault): void {
    this.#faults.add(fault);
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  close(): Promise<void> {
    return shut(this.#server);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = this.#clock.now();
    const peer = request.socket.remoteAddress ?? '';
    const bytes = await readBody(request, LONGEST_BODY_BYTES);
    if (bytes === null) {
      response.destroy();
      return;
    }
    const body = bytes.toString('utf8');
    const fault = this.#faults.take();
    const verdict = this.#judge(request, body, fault);
    const silent = fault !== null && fault.kind !== 'status';
    const payload = jsonOf(body);
    const entry: HookRequest = {
      at,
      peer,
      body,
      payload,
      accepted: verdict.accepted,
      status: silent ? null : verdict.status,
      answer: silent ? null : verdict.answer,
      mentions: mentionsIn(payload),
    };
    this.requests.add(entry);
    if (entry.accepted) this.accepted.add(entry);
    await this.#options.onRequest?.(entry);
    if (!silent) send(response, verdict);
    else if (fault.kind === 'reset' || fault.kind === 'accept-then-reset') response.socket?.resetAndDestroy();
    else if (fault.kind === 'accept-then-cut') sendStart(response, verdict);
  }

  #judge(request: IncomingMessage, body: string, fault: HookFault | null): Verdict {
    if (fault?.kind === 'status') {
      const { status, body: answer = '', retryAfterSeconds, headers = {} } = fault;
      const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
      return { accepted: false, status, answer, headers, ...wait };
    }
    if (fault?.kind === 'hang' || fault?.kind === 'reset') return refusal(500, '');
    if (request.url !== PATH) return refusal(403, 'invalid_token');
    if (request.method !== 'POST') return refusal(405, 'method_not_allowed');
    if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? '')) return refusal(400, 'invalid_payload');
    if (!this.#withinPace()) return { ...refusal(429, 'rate_limited'), retryAfterSeconds: 1 };
    const judged = judgePayload(body);
    return judged.ok ? { accepted: true, status: 200, answer: 'ok' } : refusal(400, judged.answer);
  }

  /** A bucket that gains one message a second, up to the burst. */
  #withinPace(): boolean {
    const { pace } = this.#options;
    if (pace === undefined) return true;
    const now = this.#clock.monotonic();
    this.#allowance = Math.min(pace.burst, this.#allowance + (now - this.#allowanceAt) / SECOND_MS);
    this.#allowanceAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }
}

function refusal(status: number, answer: string): Verdict {
  return { accepted: false, status, answer };
}

/** All of the answer but its last character. */
function sendStart(response: ServerResponse, { status, answer }: Verdict): void {
  response.writeHead(status, { 'content-type': 'text/html', 'content-length': answer.length });
  response.write(answer.slice(0, -1), () => response.destroy());
}

function send(response: ServerResponse, { status, answer, retryAfterSeconds, headers = {} }: Verdict): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/html');
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(answer);
}
