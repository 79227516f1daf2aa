import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type EpochMs, SECOND_MS } from '../lib/clock.ts';
import { type ApiError, apiError } from './api-error.ts';

/** A key pair that the sandbox knows; each has its own world. */
export interface SandboxKey {
  readonly secretId: string;
  readonly secretKey: string;
  /** Demanded in X-TC-Token where the key is a temporary one. */
  readonly token?: string;
  /** From this moment of the server's clock on it is refused. */
  readonly expiresAt?: EpochMs;
}

/** The key pair of a sandbox that was given none; made up, of no use anywhere else. */
export const SANDBOX_KEY: SandboxKey = {
  secretId: 'AKIDsandbox00000000000000000000000000',
  secretKey: 'sandbox0key0of0no0use0elsewhere0',
};

/** What of an HTTP request the signature covers, or is judged with it. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const FORM =
  /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{4}-\d{2}-\d{2})\/([a-z]+)\/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const LONGEST_AGE_SECONDS = 300;

/** The secret id that the request claims; null where there is no Authorization in the vendor's form. */
export function claimedSecretId(headers: IncomingHttpHeaders): string | null {
  return FORM.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** Judges TC3-HMAC-SHA256 for one service as the vendor's page on signature v3 describes it; null: the request is what the key's owner signed. */
export function signatureProblem(
  request: SignedRequest,
  keys: readonly SandboxKey[],
  serverSeconds: number,
  wanted: 'cvm' | 'sts' = 'cvm',
): ApiError | null {
  const { headers } = request;
  const match = FORM.exec(headers.authorization ?? '');
  if (match === null) return failure('InvalidAuthorization', 'The Authorization header is not a TC3-HMAC-SHA256 one.');
  const [secretId = '', date = '', service = '', signedHeaders = '', signature = ''] = match.slice(1);
  const timestamp = String(headers['x-tc-timestamp'] ?? '');
  const time = timestampProblem(timestamp, date, serverSeconds);
  if (time !== null) return time;
  const key = keys.find((known) => known.secretId === secretId);
  if (key === undefined) return failure('SecretIdNotFound', 'The SecretId is not found.');
  if (headers['x-tc-token'] !== key.token) return failure('TokenFailure', 'The token is not valid for this SecretId.');
  if (key.expiresAt !== undefined && serverSeconds * SECOND_MS >= key.expiresAt)
    return failure('TokenFailure', 'The token has expired.');
  const names = signedHeaders.split(';');
  if (service !== wanted || !['content-type', 'host'].every((name) => names.includes(name))) {
    return failure(
      'SignatureFailure',
      `The credential scope must name ${wanted}; content-type and host must be signed.`,
    );
  }
  const expected = sign(request, names, { timestamp, date, service, secretKey: key.secretKey });
  const same = timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(signature, 'hex'));
  return same ? null : failure('SignatureFailure', 'The provided credentials could not be validated.');
}

function timestampProblem(timestamp: string, date: string, serverSeconds: number): ApiError | null {
  if (!/^\d{1,11}$/.test(timestamp)) return apiError('MissingParameter', 'X-TC-Timestamp must be seconds since 1970.');
  const seconds = Number(timestamp);
  if (Math.abs(seconds - serverSeconds) > LONGEST_AGE_SECONDS) {
    return failure('SignatureExpire', 'The request is more than 5 minutes away from the time of the server.');
  }
  const dateOfTimestamp = new Date(seconds * 1000).toISOString().slice(0, 10);
  return dateOfTimestamp === date
    ? null
    : failure('SignatureFailure', 'The date of the credential scope is not the UTC date of X-TC-Timestamp.');
}

function sign(
  { method, path, headers, body }: SignedRequest,
  names: readonly string[],
  { timestamp, date, service, secretKey }: { timestamp: string; date: string; service: string; secretKey: string },
): string {
  const canonicalHeaders = names.map((name) => {
    const value = String(headers[name] ?? '');
    return `${name}:${value.trim().toLowerCase()}\n`;
  });
  const canonical = [method, path, '', canonicalHeaders.join(''), names.join(';'), sha256(body)].join('\n');
  const toSign = ['TC3-HMAC-SHA256', timestamp, `${date}/${service}/tc3_request`, sha256(canonical)].join('\n');
  const signing = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  return hmac(signing, toSign).toString('hex');
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function failure(kind: string, message: string): ApiError {
  return apiError(`AuthFailure.${kind}`, message);
}
