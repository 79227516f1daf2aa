import type { Env } from '../dispatcher.ts';
import type { Credential } from './credential.ts';
import type { CredentialFinder } from './credential-finder.ts';
import { environmentFinder } from './environment.ts';
import { iniFileFinder, type ReadTextFile } from './ini-file.ts';

/** The sources of the official chain that are asked first, whose keys stay as they are. */
export function lastingSources(env: Env, readFile: ReadTextFile): readonly CredentialFinder[] {
  return [environmentFinder(env), iniFileFinder(env, readFile)];
}

/** The key that every account without one of its own reads with, where no service has to be asked for it; null where one has. */
export async function lastingKey(env: Env, readFile: ReadTextFile): Promise<Credential | null> {
  const { signal } = new AbortController();
  for (const source of lastingSources(env, readFile)) {
    const found = await source.find(signal);
    if (found.kind === 'found') return found.credential;
  }
  return null;
}
