import { Secret } from '../../src/lib/secret.ts';
import { accountsUnitName } from '../../src/replica/make-units.ts';

/** The unit that replicas lease to poll the accounts of a key, by its secret id. */
export function unitOfKey(secretId: string): string {
  return accountsUnitName(`key ${new Secret(secretId).fingerprint()}`);
}
