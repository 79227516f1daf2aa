import { z } from 'zod';
import { SECOND_MS } from '../../lib/clock.ts';
import { Secret } from '../../lib/secret.ts';
import type { Credential } from './credential.ts';

const text = z.string().min(1);
const seconds = z.number().positive();

const metadataKey = z.object({
  Code: z.literal('Success'),
  TmpSecretId: text,
  TmpSecretKey: text,
  Token: text,
  ExpiredTime: seconds,
});

const stsKey = z.object({
  ExpiredTime: seconds,
  Credentials: z.object({ TmpSecretId: text, TmpSecretKey: text, Token: text }),
});

/** The metadata service's JSON → a key; null for any other form. */
export function keyFromMetadata(json: unknown): Credential | null {
  const read = metadataKey.safeParse(json);
  return read.success ? temporary(read.data, read.data.ExpiredTime) : null;
}

/** The Response object of STS's two AssumeRole actions → a key; null for any other form. */
export function keyFromSts(fields: unknown): Credential | null {
  const read = stsKey.safeParse(fields);
  return read.success ? temporary(read.data.Credentials, read.data.ExpiredTime) : null;
}

function temporary(key: { TmpSecretId: string; TmpSecretKey: string; Token: string }, expiredTime: number): Credential {
  return {
    secretId: new Secret(key.TmpSecretId),
    secretKey: new Secret(key.TmpSecretKey),
    token: new Secret(key.Token),
    expiresAt: expiredTime * SECOND_MS,
  };
}
