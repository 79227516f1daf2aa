import { createHash } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const KEY_CHARACTERS = 10;

/** A message's key: `rw-` and ten base32 characters of the SHA-256 of what the message is made of, in that order. */
export function messageKey(parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  let key = 'rw-';
  for (let index = 0; index < KEY_CHARACTERS; index += 1) key += ALPHABET.charAt((digest[index] ?? 0) & 31);
  return key;
}
