import type { EpochMs } from '../lib/clock.ts';
import type { Http, HttpResult } from '../lib/http.ts';
import type { Secret } from '../lib/secret.ts';
import { type ApiProblem, classOfCode, type ErrorClass } from './api-error.ts';
import type { Credential } from './credentials/credential.ts';
import { openEnvelope } from './envelope.ts';
import { hidingSecrets, type Shown } from './hide-secrets.ts';
import type { ServerClock } from './server-clock.ts';
import { sign } from './sign.ts';

/** One action of the vendor's API 3.0. */
export interface ApiAction {
  readonly service: 'cvm' | 'sts';
  readonly action: string;
  readonly version: string;
  readonly region: string;
  readonly endpoint: URL;
  /** What the body holds that must not be shown when an answer repeats it. */
  readonly secretsInBody?: readonly Secret[];
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
const OK = 200;
const TOO_MANY_REQUESTS = 429;
const CODE_LENGTH = 100;
const DETAIL_LENGTH = 300;
const REQUEST_ID_LENGTH = 64;

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
  return read(result, hidingSecrets(credential, headers.Authorization, action.secretsInBody));
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

function read(result: HttpResult, shown: Shown): Attempt<ApiAnswer> {
  const problem = (
    kind: ErrorClass,
    code: string,
    detail: string,
    requestId: string | null = null,
  ): Attempt<never> => ({
    ok: false,
    problem: { class: kind, code: shown(code, CODE_LENGTH), detail: shown(detail, DETAIL_LENGTH), requestId },
  });
  if (!result.ok) return problem('transient', result.code === 'too-large' ? 'bad-body' : result.code, result.detail);
  const { status } = result;
  if (status !== OK) {
    const kind = status === TOO_MANY_REQUESTS ? 'throttled' : 'transient';
    return problem(kind, `HTTP ${status}`, 'the answer came from a gateway, not from the API');
  }
  const envelope = openEnvelope(result.body, shown);
  if (envelope.kind === 'bad') return problem('transient', 'bad-body', envelope.problem);
  const requestId = envelope.requestId === null ? null : shown(envelope.requestId, REQUEST_ID_LENGTH);
  if (envelope.kind === 'answer')
    return { ok: true, value: { fields: envelope.fields, requestId, serverDate: result.date } };
  const { code, message } = envelope;
  return problem(classOfCode(code), code, message, requestId);
}
