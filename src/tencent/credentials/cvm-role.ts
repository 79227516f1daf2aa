import { type Clock, MINUTE_MS } from '../../lib/clock.ts';
import type { Http, HttpResult } from '../../lib/http.ts';
import { absent, type CredentialFinder, type Found, trouble } from './credential-finder.ts';
import { keyFromMetadata } from './temporary-key.ts';

export const METADATA_URL = 'http://metadata.tencentyun.com';

const PATH = '/latest/meta-data/cam/security-credentials/';
/** The service answers within milliseconds where it exists; elsewhere nobody may answer at all. */
const TIMEOUT_MS = 2_000;
/** A host where nobody ever answered is no CVM, most likely: it is not waited for at each request. */
const SILENCE_KEPT_MS = MINUTE_MS;
const ROLE_NAME = /^[\w.@+=,-]+$/;

/** The key of the role that is bound to this CVM instance. `http` must not take a proxy. */
export function cvmRoleFinder(
  http: Http,
  clock: Pick<Clock, 'monotonic'>,
  baseUrl: string = METADATA_URL,
): CredentialFinder {
  const get = (path: string, signal: AbortSignal) =>
    http.send({ method: 'GET', url: baseUrl + path, headers: {}, body: null, timeoutMs: TIMEOUT_MS }, signal);
  let answered = false;
  let silentUntil = Number.NEGATIVE_INFINITY;
  return {
    name: 'the role of this CVM',
    async find(signal) {
      if (clock.monotonic() < silentUntil) return trouble('the metadata service did not answer a moment ago');
      const named = await get(PATH, signal);
      answered ||= named.ok;
      if (!answered && !named.ok && named.code === 'timeout') silentUntil = clock.monotonic() + SILENCE_KEPT_MS;
      if (!named.ok) return unreached(named);
      if (named.status === 404) return absent('no role is bound to it');
      if (named.status !== 200) return trouble(`the metadata service answered HTTP ${named.status}`);
      const role = named.body.trim();
      if (!ROLE_NAME.test(role)) return absent('the metadata service names no role');
      const answer = await get(PATH + encodeURIComponent(role), signal);
      if (!answer.ok) return trouble(`the metadata service did not give the key of role ${role} (${answer.detail})`);
      return fromAnswer(role, answer);
    },
  };
}

/** Off Tencent's machines the name does not exist; anything else may be a metadata service in trouble. */
function unreached(result: Extract<HttpResult, { ok: false }>): Found {
  const why = `the metadata service is not reached (${result.detail})`;
  return /ENOTFOUND/.test(result.detail) ? absent(why) : trouble(why);
}

function fromAnswer(role: string, { status, body, date }: Extract<HttpResult, { ok: true }>): Found {
  const credential = status === 200 ? keyFromMetadata(parseJson(body)) : null;
  if (credential !== null) return { kind: 'found', credential, from: `the role ${role} of this CVM`, givenAt: date };
  return trouble(`the metadata service gave no key for role ${role} (HTTP ${status})`);
}

/** null for text that is no JSON: it is no key either. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
