import { SECOND_MS } from '../../lib/clock.ts';
import { isRecord } from '../../lib/is-record.ts';
import { Secret } from '../../lib/secret.ts';
import type { Credential } from './credential.ts';

/** The metadata service's JSON → a key; null for any other form. */
export function keyFromMetadata(json: unknown): Credential | null {
  return isRecord(json) && json['Code'] === 'Success' ? temporary(json, json['ExpiredTime']) : null;
}

/** The Response object of STS's two AssumeRole actions → a key; null for any other form. */
export function keyFromSts(fields: unknown): Credential | null {
  return isRecord(fields) ? temporary(fields['Credentials'], fields['ExpiredTime']) : null;
}

/** All three texts and a moment after 1970 in seconds, or no key. */
function temporary(key: unknown, expiredTime: unknown): Credential | null {
  if (!isRecord(key) || typeof expiredTime !== 'number' || !(expiredTime > 0)) return null;
  const [secretId, secretKey, token] = [key['TmpSecretId'], key['TmpSecretKey'], key['Token']].map(secret);
  if (!secretId || !secretKey || !token) return null;
  return { secretId, secretKey, token, expiresAt: expiredTime * SECOND_MS };
}

function secret(text: unknown): Secret | null {
  return typeof text === 'string' && text !== '' ? new Secret(text) : null;
}
