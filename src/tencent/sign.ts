import { createHash, createHmac } from 'node:crypto';

/** The bytes and names that a TC3-HMAC-SHA256 signature covers: always a POST to `/` without a query. */
export interface Signable {
  /** The name in the credential scope: "cvm" or "sts", whatever the endpoint is called. */
  readonly service: 'cvm' | 'sts';
  /** As the Host header says it, a port that is not the scheme's own included. */
  readonly host: string;
  /** As the Content-Type header says it. */
  readonly contentType: string;
  readonly body: string | Uint8Array;
  /** Whole seconds since 1970: the X-TC-Timestamp header. */
  readonly timestamp: number;
  readonly secretId: string;
  readonly secretKey: string;
}

const ALGORITHM = 'TC3-HMAC-SHA256';
const SIGNED_HEADERS = 'content-type;host';
const DATE_LENGTH = 'yyyy-mm-dd'.length;

/** The Authorization header's value. Source: the vendor's page of signature v3. */
export function sign(request: Signable): string {
  const { service, host, contentType, body, timestamp, secretId, secretKey } = request;
  const date = new Date(timestamp * 1000).toISOString().slice(0, DATE_LENGTH);
  const scope = `${date}/${service}/tc3_request`;
  const canonical = `POST\n/\n\ncontent-type:${contentType}\nhost:${host}\n\n${SIGNED_HEADERS}\n${sha256Hex(body)}`;
  const toSign = `${ALGORITHM}\n${timestamp}\n${scope}\n${sha256Hex(canonical)}`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  const signature = hmac(key, toSign).toString('hex');
  return `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}`;
}

function sha256Hex(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hmac(key: string | Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
