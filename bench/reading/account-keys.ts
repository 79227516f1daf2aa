import type { SandboxKey } from '../../src/sandbox/signature.ts';

/** A key for each of so many accounts, the same in the stand-in and in the configuration. */
export function accountKeys(accounts: number): readonly SandboxKey[] {
  return Array.from({ length: accounts }, (_, index) => ({
    secretId: `AKID0bench${index}`,
    secretKey: `bench0key0of0no0use${index}`,
  }));
}
