import type { AccountConfig } from '../config/config.ts';
import { createPace, type Pace, type PaceOptions } from './pace.ts';

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

/** The name of what an account's requests are counted under: its assumed role, its own key (as a fingerprint), or the key that the chain finds. */
export function paceKey(account: Pick<AccountConfig, 'key' | 'assumeRole'>): string {
  if (account.assumeRole !== null) return `role ${account.assumeRole.roleArn}`;
  return account.key === null ? 'chain' : `key ${account.key.secretId.fingerprint()}`;
}
