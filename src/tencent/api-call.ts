import type { EpochMs } from '../lib/clock.ts';
import type { Http, HttpResult } from '../lib/http.ts';
import { type ApiProblem, classOfCode } from './api-error.ts';
import type { Credential } from './credentials/credential.ts';
import { openEnvelope } from './envelope.ts';
import type { ServerClock } from './server-clock.ts';
import { sign } from './sign.ts';

/** One action of the vendor's API 3.0. */
export interface ApiAction {
  readonly service: 'cvm' | 'sts';
  readonly action: string;
  readonly version: string;
  readonly region: string;
  readonly endpoint: URL;
}

export interface ApiCaller {
  readonly http: Http;
  readonly serverClock: ServerClock;
  readonly timeoutMs: number;
}

/** A step that either has its value or a problem whose class says what to do. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ApiProblem };

export interface ApiAnswer {
  /** The Response object. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
  readonly serverDate: EpochMs | null;
}

const CONTENT_TYPE = 'application/json';
const SECRETS_SHOWN_AS = '[secret]';
const DETAIL_LENGTH = 300;

/** One request, signed at this moment (or with `Authorization: SKIP` where there is no key yet), and its answer out of the envelope. */
export async function callApi(
  caller: ApiCaller,
  action: ApiAction,
  body: string,
  credential: Credential | null,
  signal: AbortSignal,
): Promise<Attempt<ApiAnswer>> {
  const headers = headersFor(action, body, credential, Math.floor(caller.serverClock.signingTime() / 1000));
  const call = { method: 'POST', url: action.endpoint.href, headers, body, timeoutMs: caller.timeoutMs } as const;
  const result = await caller.http.send(call, signal);
  if (result.ok) caller.serverClock.observe(result.date);
  const attempt = read(result);
  return attempt.ok ? attempt : { ok: false, problem: withoutSecrets(attempt.problem, credential) };
}

function headersFor(action: ApiAction, body: string, credential: Credential | null, timestamp: number) {
  const { service, endpoint } = action;
  const { host } = endpoint;
  const secretId = credential?.secretId.reveal();
  const secretKey = credential?.secretKey.reveal();
  const signed = secretId !== undefined && secretKey !== undefined;
  return {
    Host: host,
    'Content-Type': CONTENT_TYPE,
    Authorization: signed
      ? sign({ service, host, contentType: CONTENT_TYPE, body, timestamp, secretId, secretKey })
      : 'SKIP',
    'X-TC-Action': action.action,
    'X-TC-Version': action.version,
    'X-TC-Region': action.region,
    'X-TC-Timestamp': String(timestamp),
    ...(credential?.token ? { 'X-TC-Token': credential.token.reveal() } : {}),
  };
}

function read(result: HttpResult): Attempt<ApiAnswer> {
  if (!result.ok) return transient(result.code === 'too-large' ? 'bad-body' : result.code, result.detail);
  if (result.status !== 200)
    return transient(`HTTP ${result.status}`, 'the answer came from a gateway, not from the API');
  const envelope = openEnvelope(result.body);
  if (envelope.kind === 'bad') return transient('bad-body', envelope.problem);
  const { requestId } = envelope;
  if (envelope.kind === 'answer') {
    return { ok: true, value: { fields: envelope.fields, requestId, serverDate: result.date } };
  }
  const { code, message } = envelope;
  return { ok: false, problem: { class: classOfCode(code), code, detail: message, requestId } };
}

function transient(code: string, detail: string): Attempt<never> {
  return { ok: false, problem: { class: 'transient', code, detail, requestId: null } };
}

/** An API or a proxy may echo what it was sent; its words go into logs and messages. */
function withoutSecrets(problem: ApiProblem, credential: Credential | null): ApiProblem {
  const secrets = [credential?.secretId, credential?.secretKey, credential?.token];
  const hide = (text: string) =>
    secrets.reduce((shown, secret) => (secret ? shown.replaceAll(secret.reveal(), SECRETS_SHOWN_AS) : shown), text);
  const clean = (text: string) => hide(text).replace(/\s+/g, ' ').trim().slice(0, DETAIL_LENGTH);
  return { ...problem, code: clean(problem.code), detail: clean(problem.detail) };
}
