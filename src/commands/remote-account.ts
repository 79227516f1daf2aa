import type { AccountConfig } from '../config/config.ts';
import { unknownName } from './unknown-name.ts';

/** The one account that is asked, or why none is, as a sentence. */
export function remoteAccount(
  named: readonly string[] | undefined,
  accounts: readonly AccountConfig[],
): AccountConfig | { readonly problem: string } {
  const names = accounts.map(({ name }) => name);
  const [name, ...others] = [...new Set(named)];
  if (others.length > 0)
    return { problem: `--account has ${[name, ...others].join(', ')}; --remote asks one account at a time.` };
  if (name === undefined && accounts.length > 1)
    return { problem: `There are several accounts; say with --account which to ask: ${names.join(', ')}.` };
  const account = name === undefined ? accounts[0] : accounts.find((each) => each.name === name);
  return account ?? { problem: unknownName('account', name ?? '', names) };
}
