import type { AccountConfig } from '../config/config.ts';
import type { Credential } from './credentials/credential.ts';
import { createPace, type Pace, type PaceOptions } from './pace.ts';

type FoundKey = Pick<Credential, 'secretId' | 'expiresAt'>;

/** One pace for all that share a limit at the API. */
export interface PaceRegistry {
  /** The same pace for the same key; see `paceKey`. */
  paceFor(key: string): Pace;
}

export function createPaceRegistry(options: PaceOptions): PaceRegistry {
  const paces = new Map<string, Pace>();
  return {
    paceFor(key) {
      const pace = paces.get(key) ?? createPace(options);
      paces.set(key, pace);
      return pace;
    },
  };
}

/**
 * The name of what an account's requests are counted under: its assumed role, or its key (as a fingerprint), that of the configuration or the one that the
 * chain has found. A temporary key of the chain is another one at each renewal, and goes by the chain's name, as does one that is not known yet.
 */
export function paceKey(account: Pick<AccountConfig, 'key' | 'assumeRole'>, found: FoundKey | null = null): string {
  if (account.assumeRole !== null) return `role ${account.assumeRole.roleArn}`;
  const lasting = account.key ?? (found?.expiresAt === null ? found : null);
  return lasting === null ? 'chain' : `key ${lasting.secretId.fingerprint()}`;
}
