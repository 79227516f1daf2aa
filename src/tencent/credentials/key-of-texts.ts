import { Secret } from '../../lib/secret.ts';
import type { Credential } from './credential.ts';

/** What a key is made of; anything else cannot even be sent, as a part of a header. */
const KEY = /^[!-~]+$/;

/**
 * A key that stays as it is, from texts of a file or the environment, without the newline that a Kubernetes secret made by `echo` ends with; null
 * where a text is no part of a key.
 */
export function keyOfTexts(...texts: readonly [string, string, string | undefined]): Credential | null {
  const [id, key, token] = texts.map((text) => text?.trim() ?? '');
  const isKey = [id, key].every((text) => KEY.test(text ?? '')) && (!token || KEY.test(token));
  if (!id || !key || !isKey) return null;
  return {
    secretId: new Secret(id),
    secretKey: new Secret(key),
    token: token ? new Secret(token) : null,
    expiresAt: null,
  };
}
