import { StoreError } from './store-error.ts';

/** SQLite's primary result codes that a user can do something about. Source: sqlite.org/rescode.html. */
const SENTENCES: Readonly<Record<number, (path: string) => string>> = {
  5: (path) => `The store ${path} was locked by another process for too long; end the other process or try again.`,
  8: (path) => `The store ${path} is read-only; give this user the right to write the file and its directory.`,
  10: (path) => `The store ${path} could not be read or written by the disk; check the disk, then start again.`,
  11: (path) => `The store ${path} is damaged; restore a backup, or move the file away to begin anew.`,
  13: (path) => `The disk of the store ${path} is full; free some space: nothing that was recorded is lost.`,
  14: (path) => `The store ${path} cannot be opened; it must be a file in a directory that this user may write.`,
  26: (path) => `The store ${path} is not an SQLite database; name another file in "store", or move this one away.`,
};

/** The engine's error as a `StoreError` where a user can help, else the error itself: a bug. */
export function sqliteTrouble(path: string, error: unknown): unknown {
  const code = resultCode(error);
  const sentence = code === null ? null : sentenceOf(code, path);
  return sentence === null ? error : new StoreError(sentence, { cause: error });
}

/** What a primary result code means to a user; null for one that only a bug can bring. */
export function sentenceOf(code: number, path: string): string | null {
  return SENTENCES[code]?.(path) ?? null;
}

/** The primary result code, or null for an error that is not SQLite's. */
export function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}
