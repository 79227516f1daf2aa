import { matchesPattern } from '../model/task-match.ts';
import { unknownName } from './unknown-name.ts';

/** The accounts that are meant by names or patterns with `*`, as routes write them; a sentence where one means none. */
export function accountsNamed(
  patterns: readonly string[],
  accounts: readonly string[],
): readonly string[] | { readonly problem: string } {
  const meant = (pattern: string): readonly string[] => accounts.filter((name) => matchesPattern(pattern, name));
  const stranger = patterns.find((pattern) => meant(pattern).length === 0);
  if (stranger !== undefined) return { problem: unknownName('account', stranger, accounts) };
  return [...new Set(patterns.flatMap(meant))];
}
