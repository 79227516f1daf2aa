import type { AccountConfig } from '../../config/config.ts';
import type { CredentialSource } from './credential.ts';
import type { CredentialFinder } from './credential-finder.ts';
import { SESSION_SECONDS } from './pod-identity.ts';
import { askSts, type Sts } from './sts-call.ts';

/** The key of another role, asked for with the key of `base`. */
export function assumeRoleFinder(
  role: NonNullable<AccountConfig['assumeRole']>,
  region: string,
  base: CredentialSource,
  sts: Sts,
): CredentialFinder {
  const body = {
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName,
    DurationSeconds: SESSION_SECONDS,
    ...(role.externalId === null ? {} : { ExternalId: role.externalId }),
  };
  return {
    name: `role ${role.roleArn}`,
    async find(signal) {
      // The base's source is known only after its first key, so the words are put together at the end.
      const found = await askSts(sts, { action: 'AssumeRole', region, body, from: '', signer: base }, signal);
      return found.kind === 'found'
        ? { ...found, from: `role ${role.roleArn}, assumed with ${base.describe()}` }
        : found;
    },
  };
}
