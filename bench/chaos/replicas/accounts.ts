import type { Random } from '../../../src/sandbox/seeded-random.ts';
import type { SandboxKey } from '../../../src/sandbox/signature.ts';

/** One account of a run. */
export interface ChaosAccount {
  readonly name: string;
  readonly key: SandboxKey;
  /** Which tasks of the key's world are its own. */
  readonly product: string;
  /** It is read as often as the pace of its key lets it, and has the pages for that. */
  readonly busy: boolean;
}

/** Three accounts can share a key and see different tasks. */
const PRODUCTS = ['CVM', 'CDH', 'CPM2.0'];
const ACCOUNTS_TO_A_BUSY_KEY = 100;

/** So many accounts: some keys are busy, a third of the rest of the keys are shared, too; the others have one account each. */
export function chaosAccounts(count: number): readonly ChaosAccount[] {
  const busyKeys = Math.max(1, Math.floor(count / ACCOUNTS_TO_A_BUSY_KEY));
  const accounts: ChaosAccount[] = [];
  for (let number = 0; accounts.length < count; number += 1) {
    const busy = number < busyKeys;
    const key = keyOf(number);
    for (const product of busy || number % 3 === 0 ? PRODUCTS : PRODUCTS.slice(0, 1)) {
      if (accounts.length < count)
        accounts.push({ name: `a${number}-${product.slice(0, 3).toLowerCase()}`, key, product, busy });
    }
  }
  return accounts;
}

function keyOf(number: number): SandboxKey {
  const digits = String(number).padStart(4, '0');
  return { secretId: `AKIDchaos${digits}`, secretKey: `of0no0use0elsewhere${digits}` };
}

/** The keys, each once. */
export function keysOf(accounts: readonly ChaosAccount[]): readonly SandboxKey[] {
  return [...new Set(accounts.map(({ key }) => key))];
}

/** Any of them; a busy one as often as not. */
export function anyOf(accounts: readonly ChaosAccount[], random: Random): ChaosAccount {
  const some = random() < 0.5 ? accounts.filter(({ busy }) => busy) : accounts;
  const found = some[Math.floor(random() * some.length)];
  if (found === undefined) throw new Error('a run has at least one account');
  return found;
}
