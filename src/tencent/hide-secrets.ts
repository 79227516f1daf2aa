import { cutText } from '../lib/clean-text.ts';
import type { Secret } from '../lib/secret.ts';
import type { Credential } from './credentials/credential.ts';

/** Text from outside as it may be shown: without secrets, in one line, cut to a length after that, so that no half of a secret is left. */
export type Shown = (text: string, length: number) => string;

const SHOWN_AS = '[secret]';
const SIGNATURE = /Signature=(\w+)/;

/** An API or a proxy may repeat what it was sent; its words go into logs and messages. */
export function hidingSecrets(
  credential: Credential | null,
  authorization: string,
  inBody: readonly Secret[] = [],
): Shown {
  const sent = [credential?.secretId, credential?.secretKey, credential?.token, ...inBody];
  const secrets = [...sent.map((secret) => secret?.reveal() ?? ''), SIGNATURE.exec(authorization)?.[1] ?? ''];
  return (text, length) => {
    const hidden = secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, SHOWN_AS)), text);
    return cutText(hidden.replace(/[\s\p{Cc}]+/gu, ' ').trim(), length);
  };
}
