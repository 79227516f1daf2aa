import type { Dispatcher } from 'undici';
import type { AccountConfig } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { createHttp } from '../lib/http.ts';
import { type Log, silentLog } from '../lib/log.ts';
import type { Meter } from '../lib/meter.ts';
import type { Page, PageQuery, Priority, ReadCost, ReadResult, TaskReader } from '../poll/task-reader.ts';
import { type ApiAction, type ApiCaller, type Attempt, callApi } from './api-call.ts';
import type { ApiProblem } from './api-error.ts';
import { type Credential, CredentialError, type CredentialSource } from './credentials/credential.ts';
import { checkedEndpoint, createDispatcher } from './dispatcher.ts';
import type { Pace } from './pace.ts';
import { parsePage } from './parse.ts';
import { persist } from './persist.ts';
import { keyFailure, readFailure } from './read-failure.ts';
import { requestBody } from './request-body.ts';
import { createServerClock } from './server-clock.ts';

export interface TaskReaderOptions {
  readonly account: AccountConfig;
  /** The pace of the key that a request is signed with, shared by the accounts of that key. */
  readonly paceOf: (key: Credential) => Pace;
  readonly clock: Clock;
  /** From [0, 1), e.g. `Math.random`. */
  readonly random: () => number;
  readonly credentials: CredentialSource;
  /** Deadline of one request, its body included. */
  readonly requestTimeoutMs: number;
  /** Connections to use; without it the reader opens its own, by the process's proxy variables, and closes them. */
  readonly dispatcher?: Dispatcher;
  readonly log?: Log;
  readonly meter?: Meter;
}

/** The adapter's TaskReader for one account. */
export interface ApiTaskReader extends TaskReader {
  /** Milliseconds by which the API's clock is ahead of ours; 0 within a second; null while no answer told. */
  clockOffsetMs(): number | null;
  close(): Promise<void>;
}

/** Throws a sentence for an endpoint that must not be used; everything that goes wrong later is a value. */
export function createTaskReader(options: TaskReaderOptions): ApiTaskReader {
  const { account, clock, requestTimeoutMs } = options;
  const endpoint = checkedEndpoint(account.endpoint);
  const dispatcher = options.dispatcher ?? createDispatcher(process.env);
  const serverClock = createServerClock(clock);
  const caller = { http: createHttp(dispatcher), serverClock, timeoutMs: requestTimeoutMs };
  const action = { ...DESCRIBE_TASK_INFO, region: account.region, endpoint };
  return {
    async read(query, priority, signal, stopped) {
      const read = new PageRead(options, caller, action, query, priority, signal);
      try {
        return await read.run();
      } catch (error) {
        stopped?.(read.cost());
        throw error;
      }
    },
    clockOffsetMs: () => serverClock.offsetMs(),
    close: async () => {
      if (options.dispatcher === undefined) await dispatcher.destroy();
    },
  };
}

const DESCRIBE_TASK_INFO = { service: 'cvm', action: 'DescribeTaskInfo', version: '2017-03-12' } as const;

/** One call of the port: what it asked, with which key, and what it has cost so far. */
class PageRead {
  readonly #options: TaskReaderOptions;
  readonly #caller: ApiCaller;
  readonly #action: ApiAction;
  readonly #body: string;
  readonly #priority: Priority;
  readonly #signal: AbortSignal;
  readonly #log: Log;
  #credential: Credential | null = null;
  #requests = 0;
  #answeredInMs = 0;
  #throttles = 0;

  constructor(
    options: TaskReaderOptions,
    caller: ApiCaller,
    action: ApiAction,
    query: PageQuery,
    priority: Priority,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#caller = caller;
    this.#action = action;
    this.#body = requestBody(query, options.account.utcOffsetMs);
    this.#priority = priority;
    this.#signal = signal;
    this.#log = options.log ?? silentLog;
  }

  async run(): Promise<ReadResult> {
    const { account, clock, random } = this.#options;
    try {
      const outcome = await persist(
        {
          attempt: () => this.#countedAttempt(),
          correctClock: () => this.#caller.serverClock.correct(),
          renewKey: (problem) => this.#renewKey(problem),
          onRetry: (problem, tries) => this.#log.warn('api-retried', { ...problem, tries }),
          clock,
          random,
        },
        this.#signal,
      );
      if (outcome.ok) return { ok: true, page: outcome.value, cost: this.cost(), answeredInMs: this.#answeredInMs };
      const failure = readFailure(account.name, outcome.problem, this.#requests, this.#priority);
      if (failure.kind === 'blocked' && this.#credential !== null) this.#options.credentials.distrust(this.#credential);
      return { ok: false, failure, cost: this.cost() };
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error;
      return { ok: false, failure: keyFailure(account.name, error), cost: this.cost() };
    }
  }

  async #countedAttempt(): Promise<Attempt<Page>> {
    const attempt = await this.#attempt();
    const { meter, account } = this.#options;
    if (attempt.ok) meter?.requested(account.name, 'OK', false);
    else meter?.requested(account.name, attempt.problem.code, attempt.problem.class === 'throttled');
    return attempt;
  }

  /** Key first, then the turn, then the timestamp: neither a slow key service nor a queue may age the signature. */
  async #attempt(): Promise<Attempt<Page>> {
    const { credentials, paceOf, account } = this.#options;
    this.#credential = await credentials.get(this.#signal);
    const pace = paceOf(this.#credential);
    await pace.start(this.#priority, this.#signal);
    this.#requests += 1;
    const startedAt = this.#options.clock.monotonic();
    const answer = await callApi(this.#caller, this.#action, this.#body, this.#credential, this.#signal);
    this.#answeredInMs = this.#options.clock.monotonic() - startedAt;
    if (!answer.ok) {
      if (answer.problem.class === 'throttled') {
        this.#throttles += 1;
        pace.slowDown();
      }
      return answer;
    }
    const { fields, requestId, serverDate } = answer.value;
    const parsed = parsePage(fields, { utcOffsetMs: account.utcOffsetMs, requestId, serverDate });
    if (parsed.ok) return { ok: true, value: parsed.page };
    return { ok: false, problem: { class: 'transient', code: 'bad-body', detail: parsed.problem, requestId } };
  }

  /** A permanent key that is still the same after a fresh look cannot succeed at a second try. */
  async #renewKey(problem: ApiProblem): Promise<ApiProblem | null> {
    const before = this.#credential;
    const after = await this.#options.credentials.refresh(this.#signal, before);
    const same = before?.secretId.fingerprint() === after.secretId.fingerprint();
    return same && after.token === null ? problem : null;
  }

  cost(): ReadCost {
    return { requests: this.#requests, throttles: this.#throttles };
  }
}
