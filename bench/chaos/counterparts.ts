import { SECOND_MS } from '../../src/lib/clock.ts';
import { LOOPBACK } from '../../src/sandbox/loopback.ts';
import { type MailServer, type ReceivedMail, startMailServer } from '../../src/sandbox/mail-server.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';
import {
  type Answer,
  type Arrival as ApiArrival,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/sandbox.ts';
import { type HookRequest, type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import { type ApiRequest, type Arrival, emptyJournal, type Journal, type Try } from './journal.ts';

/** What a counterpart does at a moment that it alone knows, such as killing the process; it is told before the answer where there is one. */
export interface Moments {
  /** A request to the API came in and is not answered yet; `count`: of this process. */
  onRequest(count: number): void;
  /** Rows were answered. */
  onAnswer(count: number, rows: readonly VendorRow[]): void;
  /** A message was taken over, or not, and its sender does not know yet. */
  onMessage(arrival: Pick<Arrival, 'channel' | 'title'> & { readonly accepted: boolean }): void | Promise<void>;
}

export interface Counterparts {
  readonly sandbox: Sandbox;
  readonly slack: SlackHook;
  readonly mail: MailServer;
  /** A hook without faults for the operator's notices. */
  readonly operator: SlackHook;
  readonly journal: Journal;
  /**
   * Which process runs now, from 1, and what is to happen at its moments; nothing at those that are left out. Several at a time are told apart by the
   * address that they come from.
   */
  setLife(life: number, moments: Partial<Moments>, peer?: string): void;
  close(): Promise<void>;
}

export interface CounterpartOptions extends Pick<SandboxOptions, 'keys'> {
  /** Which account a request reads; all read the same unless given. */
  readonly accountOf?: (asked: Asked) => string;
}

/** What of a request says which account it reads. */
export interface Asked {
  readonly secretId: string;
  /** Empty: any. */
  readonly product: string;
  readonly taskIds: readonly string[];
}

interface Process {
  readonly life: number;
  readonly moments: Moments;
  readonly counts: { requests: number; answers: number };
}

const LOGIN = { user: 'repairwatch', password: 'of-no-use-elsewhere' };
/** How fast Slack lets messages come, beyond one a second. */
const SLACK_BURST = 2;
const LATENCY_MS = 5;
/** The program gives a send up after 20 s; an answer that comes about then may or may not have been read. */
const LATE_ANSWER_MS = 19 * SECOND_MS;

const NO_MOMENTS: Moments = { onRequest: () => undefined, onAnswer: () => undefined, onMessage: () => undefined };

const NOBODY: Process = { life: 0, moments: NO_MOMENTS, counts: { requests: 0, answers: 0 } };

/** Starts the stand-ins on loopback; whatever reaches them is journalled with the life that sent it. */
export async function startCounterparts(seed: number, options: CounterpartOptions = {}): Promise<Counterparts> {
  const { keys, accountOf = () => 'prod' } = options;
  const journal = emptyJournal();
  const pending = new WeakMap<ApiArrival, ApiRequest>();
  const processes = new Map<string, Process>();
  const processOf = (peer: string): Process => processes.get(peer) ?? NOBODY;

  function onRequest(arrival: ApiArrival): void {
    const { life, counts, moments } = processOf(arrival.peer);
    const request = requestOf(arrival, life, accountOf, journal.requests);
    journal.requests.push(request);
    pending.set(arrival, request);
    counts.requests += 1;
    moments.onRequest(counts.requests);
  }

  function onAnswer({ arrival, at, outcome }: Answer, rows: readonly VendorRow[]): void {
    const request = pending.get(arrival);
    const faulty = PAGE_FAULTS.some((kind) => outcome === `fault:${kind}`);
    if (request === undefined || (outcome !== 'ok' && !faulty)) return;
    // There is nothing to spoil where no row is.
    request.answer = { at, spoiled: faulty && rows.length > 0, rows };
    const { counts, moments } = processOf(arrival.peer);
    counts.answers += 1;
    moments.onAnswer(counts.answers, rows);
  }

  function note({ channel, key, at }: Try): void {
    journal.tries.push({ channel, key, at });
  }

  async function onMessage(message: Omit<Arrival, 'life'>, accepted: boolean, peer: string): Promise<void> {
    note(message);
    const { life, moments } = processOf(peer);
    const entry = { ...message, life };
    const place = journal.arrivals.length;
    if (accepted) journal.arrivals.push(entry);
    const since = performance.now();
    await moments.onMessage({ channel: message.channel, title: message.title, accepted });
    if (accepted && performance.now() - since >= LATE_ANSWER_MS)
      journal.arrivals[place] = { ...entry, answered: false };
  }

  const [sandbox, slack, mail, operator] = await Promise.all([
    startSandbox({ seed, onRequest, onAnswer, switches: { latencyMs: LATENCY_MS }, ...(keys && { keys }) }),
    startSlackHook({
      pace: { burst: SLACK_BURST },
      onRequest: (entry) => onMessage(slackMessage(entry), entry.accepted, entry.peer),
    }),
    startMailServer({
      auth: LOGIN,
      onMessage: (received, outcome) => onMessage(mailMessage(received, outcome), true, received.peer),
      onRefused: (received) => note(mailMessage(received, 'refused')),
    }),
    startSlackHook(),
  ]);

  return {
    sandbox,
    slack,
    mail,
    operator,
    journal,
    setLife(life, moments, peer = LOOPBACK) {
      processes.set(peer, { life, moments: { ...NO_MOMENTS, ...moments }, counts: { requests: 0, answers: 0 } });
    },
    async close() {
      await Promise.all([sandbox.close(), slack.close(), mail.close(), operator.close()]);
    },
  };
}

/** Faults of the sandbox whose answer still holds true rows. */
export const PAGE_FAULTS = ['garbage-row', 'short-page', 'null-page', 'unsorted-page', 'duplicate-row'] as const;

function requestOf(
  { at, body, params, secretId }: ApiArrival,
  life: number,
  accountOf: (asked: Asked) => string,
  earlier: readonly ApiRequest[],
): ApiRequest {
  const fields = isObject(params) ? params : {};
  const taskIds = Array.isArray(fields['TaskIds']) ? fields['TaskIds'].map(String) : [];
  const set = setOf(fields, taskIds);
  const start = String(fields['StartDate']);
  const firstLive = earlier.find((request) => request.set === 'live');
  // Every poll begins with the same StartDate, years before any task.
  const beginsPoll = set === 'live' && (firstLive === undefined || firstLive.body.includes(start));
  const key = secretId ?? '';
  const account = accountOf({ secretId: key, product: String(fields['Product'] ?? ''), taskIds });
  return { life, account, key, at, body, set, beginsPoll, taskIds, answer: null };
}

function setOf(fields: Readonly<Record<string, unknown>>, taskIds: readonly string[]): ApiRequest['set'] {
  if (taskIds.length > 0) return 'ids';
  if (fields['TaskStatus'] !== undefined) return 'live';
  return fields['EndDate'] === undefined ? 'new' : 'history';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function slackMessage({ at, body, payload, status }: HookRequest): Omit<Arrival, 'life'> {
  const fields = isObject(payload) ? payload : {};
  const plain = fields['blocks'] === undefined;
  const [title = '', ...rest] = plain ? String(fields['text']).split('\n') : textsIn(fields['blocks']);
  return { at, channel: 'slack', key: keyIn(body), title, text: rest.join('\n'), plain, answered: status !== null };
}

/** Every text of the blocks, in their order; the header's comes first. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    name === 'text' && typeof field === 'string' ? [field] : textsIn(field),
  );
}

function mailMessage({ at, email }: ReceivedMail, outcome: 'kept' | 'lost-reply' | 'refused'): Omit<Arrival, 'life'> {
  const { messageId = '', subject = '', text = '', html } = email;
  const plain = html === undefined;
  return { at, channel: 'mail', key: keyIn(messageId), title: subject, text, plain, answered: outcome === 'kept' };
}

/** The key of a message, as a person would read it there. */
export function keyIn(text: string): string {
  return /rw-[0-9a-z]{10}/.exec(text)?.[0] ?? '';
}
