import type { Fetched } from './caching-source.ts';
import { CredentialError } from './credential.ts';
import type { CredentialFinder, Found } from './credential-finder.ts';

export const CHAIN_REMEDY = 'set secretId and secretKey of the account, or make one of these sources give a key';

/**
 * Asks the finders in their order and takes the first key; then stays with that source, so that trouble there never changes who we are.
 * Only when that source says that it has no key any more, the next fetch asks all of them again. The error says what each of them answered.
 */
export function createChain(
  finders: readonly CredentialFinder[],
  remedy: string,
): (signal: AbortSignal) => Promise<Fetched> {
  let chosen: CredentialFinder | null = null;
  return async (signal) => {
    const answers: string[] = [];
    let passing = false;
    for (const finder of chosen === null ? finders : [chosen]) {
      const found: Found = await finder.find(signal);
      if (found.kind === 'found') {
        chosen = finder;
        return found;
      }
      passing ||= found.kind === 'trouble';
      answers.push(`${finder.name}: ${found.why}`);
    }
    if (!passing) chosen = null;
    throw new CredentialError(
      passing ? 'unavailable' : 'blocked',
      `no key for the API (${answers.join('; ')}); ${remedy}`,
    );
  };
}
