import type { EpochMs } from '../../lib/clock.ts';
import type { Secret } from '../../lib/secret.ts';

/** A key of the API; with a token it is a temporary one. */
export interface Credential {
  readonly secretId: Secret;
  readonly secretKey: Secret;
  readonly token: Secret | null;
  /** null: does not expire, or nobody says when. */
  readonly expiresAt: EpochMs | null;
}

/** Where an account's key comes from. Both calls reject with a CredentialError or the signal's reason. */
export interface CredentialSource {
  /** The key to sign with now, fetched only if there is none or it is about to expire. */
  get(signal: AbortSignal): Promise<Credential>;
  /** A key fetched now, because the API refused the one that `get` gave; one that is newer than `refused` is taken as it is. */
  refresh(signal: AbortSignal, refused?: Credential | null): Promise<Credential>;
  /** The API does not let this key in, and that does not pass: the next `get` looks whether somebody has put in another one. */
  distrust(refused: Credential): void;
  /** Which source the key came from, in words, e.g. `the environment (TENCENTCLOUD_SECRET_ID)`. */
  describe(): string;
}

/** No key: `message` is one sentence that says what was tried and the remedy. */
export class CredentialError extends Error {
  /** `blocked` until someone acts; `unavailable` while a service that gives keys has trouble that may pass. */
  readonly kind: 'blocked' | 'unavailable';

  constructor(kind: 'blocked' | 'unavailable', message: string) {
    super(message);
    this.name = 'CredentialError';
    this.kind = kind;
  }
}
