import { createHash, createHmac } from 'node:crypto';
import type { SandboxKey } from '../../src/sandbox/signature.ts';

export interface SignedCall {
  readonly url: string;
  readonly key: SandboxKey;
  readonly body: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** What is sent instead of, or beside, the headers that a sound call has; null leaves one out. Not signed. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Signs a body by the vendor's rules, for tests that need what the official SDK will not send. */
export function signedHeaders({ url, key, body, timestamp }: SignedCall): Record<string, string> {
  const { host } = new URL(url);
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${hash(body)}`;
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${date}/cvm/tc3_request\n${hash(canonical)}`;
  const signing = [date, 'cvm', 'tc3_request'].reduce<string | Buffer>(
    (from, part) => createHmac('sha256', from).update(part).digest(),
    `TC3${key.secretKey}`,
  );
  const signature = createHmac('sha256', signing).update(toSign).digest('hex');
  return {
    'content-type': 'application/json',
    authorization: `TC3-HMAC-SHA256 Credential=${key.secretId}/${date}/cvm/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`,
    'x-tc-action': 'DescribeTaskInfo',
    'x-tc-version': '2017-03-12',
    'x-tc-region': 'ap-guangzhou',
    'x-tc-timestamp': String(timestamp),
    ...(key.token === undefined ? {} : { 'x-tc-token': key.token }),
  };
}

/** Sends a signed call, spoiled where `headers` says so. */
export function signedCall(call: SignedCall, signal?: AbortSignal): Promise<Response> {
  const headers = new Headers(signedHeaders(call));
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return fetch(call.url, { method: 'POST', headers, body: call.body, ...(signal === undefined ? {} : { signal }) });
}
