import type { Env } from '../dispatcher.ts';
import type { Credential } from './credential.ts';
import { absent, type CredentialFinder } from './credential-finder.ts';
import { keyOfTexts } from './key-of-texts.ts';

const TOKEN_NAMES = ['TENCENTCLOUD_TOKEN', 'TENCENTCLOUD_SESSION_TOKEN', 'TENCENTCLOUD_SECURITY_TOKEN'];

/** TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and a token under any of its three names. */
export function environmentFinder(env: Env): CredentialFinder {
  return {
    name: 'the environment',
    async find() {
      if (!env['TENCENTCLOUD_SECRET_ID']) return absent('TENCENTCLOUD_SECRET_ID is not set');
      if (!env['TENCENTCLOUD_SECRET_KEY'])
        return absent('TENCENTCLOUD_SECRET_ID is set, but TENCENTCLOUD_SECRET_KEY is not');
      const credential = keyOfEnvironment(env);
      return credential === null
        ? absent('TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY have characters that no key has')
        : { kind: 'found', credential, from: 'the environment (TENCENTCLOUD_SECRET_ID)' };
    },
  };
}

/** The key that the official variables hold, which every account without one of its own reads with; null where they hold none. */
export function keyOfEnvironment(env: Env): Credential | null {
  const secretId = env['TENCENTCLOUD_SECRET_ID'];
  const secretKey = env['TENCENTCLOUD_SECRET_KEY'];
  if (!secretId || !secretKey) return null;
  return keyOfTexts(
    secretId,
    secretKey,
    TOKEN_NAMES.map((name) => env[name]).find((value) => value),
  );
}
