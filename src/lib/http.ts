import { Agent, type Dispatcher, request } from 'undici';
import type { EpochMs } from './clock.ts';

/** One exchange over HTTP, bounded in time and size. */
export interface Http {
  /** Rejects only with the signal's reason; a redirect is an answer, not followed. */
  send(call: HttpCall, signal: AbortSignal): Promise<HttpResult>;
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** From the first byte out to the last byte in. */
  readonly timeoutMs: number;
}

export type HttpResult =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly date: EpochMs | null }
  | { readonly ok: false; readonly code: 'timeout' | 'connection' | 'too-large'; readonly detail: string };

const LONGEST_BODY_BYTES = 8 * 1024 * 1024;

/** Connections that never take a proxy, whatever the environment says: one at a time. */
export function createDirectDispatcher(): Dispatcher {
  return new Agent({ connections: 1 });
}

export function createHttp(dispatcher: Dispatcher): Http {
  return { send: (call, signal) => withDeadline(call, signal, (limited) => exchange(call, dispatcher, limited)) };
}

/** A timer that is cleared, and not AbortSignal.timeout with AbortSignal.any: those stay behind for each of a million requests. */
async function withDeadline(
  call: HttpCall,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<HttpResult>,
): Promise<HttpResult> {
  signal.throwIfAborted();
  const limit = new AbortController();
  // undici looks at a signal only once it has a connection; a connection that is never made must not outlive the deadline.
  const ended = Promise.withResolvers<never>();
  limit.signal.addEventListener('abort', () => ended.reject(limit.signal.reason), { once: true });
  const onAbort = () => limit.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    limit.abort();
  }, call.timeoutMs);
  try {
    return await Promise.race([work(limit.signal), ended.promise]);
  } catch (error) {
    signal.throwIfAborted();
    if (late) return { ok: false, code: 'timeout', detail: `no whole answer within ${call.timeoutMs} ms` };
    return { ok: false, code: 'connection', detail: causeOf(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    // Only the race hears it, and lets go of the answer: Node chains a signal's listeners, also those that were removed, so one kept the next one's body.
    ended.reject(new Error('it is over'));
  }
}

async function exchange(call: HttpCall, dispatcher: Dispatcher, signal: AbortSignal): Promise<HttpResult> {
  const { method, url, headers, body } = call;
  const answer = await request(url, { method, headers, body, signal, dispatcher });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    // Without setEncoding a body stream yields buffers.
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    // Leaving the loop destroys the stream and with it the connection.
    if (bytes > LONGEST_BODY_BYTES)
      return { ok: false, code: 'too-large', detail: `more than ${LONGEST_BODY_BYTES} bytes` };
  }
  const text = Buffer.concat(chunks, bytes).toString('utf8');
  return { ok: true, status: answer.statusCode, body: text, date: dateOf(answer.headers['date']) };
}

/** Before this it is no clock, as of a gateway that was just switched on; what would be reckoned with it was never to be read. */
const EARLIEST_DATE = Date.UTC(2015, 0);
/** Beyond this it is no clock, and reckoning with it leads out of the years of four digits, which no API can be asked about. */
const LATEST_DATE = Date.UTC(9000, 0);

function dateOf(header: string | string[] | undefined): EpochMs | null {
  const at = typeof header === 'string' ? Date.parse(header) : Number.NaN;
  return at >= EARLIEST_DATE && at < LATEST_DATE ? at : null; // not so for NaN
}

/** The reason at the bottom, with a remedy where it is a certificate: a dual-stack connection failure hides it in `errors`, undici in `cause`. */
function causeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return causeOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return causeOf(error.cause);
  const remedy = 'code' in error ? CERTIFICATE_REMEDIES[String(error.code)] : undefined;
  return remedy === undefined ? error.message : `${error.message} (${remedy})`;
}

const UNKNOWN_AUTHORITY = 'if a proxy of yours ends TLS, name its authority in NODE_EXTRA_CA_CERTS';
const WRONG_TIME = "check this host's clock";
/** By OpenSSL's names for what is wrong with a certificate. */
const CERTIFICATE_REMEDIES: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: WRONG_TIME,
  CERT_NOT_YET_VALID: WRONG_TIME,
};
