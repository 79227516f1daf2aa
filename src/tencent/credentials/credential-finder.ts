import type { Fetched } from './caching-source.ts';

/** What a source of keys has at this moment. It rejects with the signal's reason only. */
export type Found =
  | ({ readonly kind: 'found' } & Fetched)
  /** Nothing here, and why, in a few words: the next source is asked. */
  | { readonly kind: 'absent'; readonly why: string }
  /** There should be a key, but the service that gives it has trouble that may pass. */
  | { readonly kind: 'trouble'; readonly why: string };

/** One source of the official chain. */
export interface CredentialFinder {
  /** What is asked, e.g. `the environment`. */
  readonly name: string;
  find(signal: AbortSignal): Promise<Found>;
}

export function absent(why: string): Found {
  return { kind: 'absent', why };
}

export function trouble(why: string): Found {
  return { kind: 'trouble', why };
}
