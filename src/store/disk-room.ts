import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreConfig } from '../config/config.ts';
import { sentenceOf } from './sqlite-trouble.ts';

/** Less than this cannot take the log of one page of tasks. */
const LEAST_BYTES = 1024 * 1024;
const FULL = 13;

/** Why nothing more can be written beside the store, in one sentence; null where there is room, or where nobody can say. */
export function diskTrouble(store: StoreConfig, statfs: Statfs = statfsSync): string | null {
  if (store.engine !== 'sqlite') return null; // The server's disk is its own affair.
  const { path } = store;
  try {
    const { bavail, bsize } = statfs(dirname(path));
    return bavail * bsize < LEAST_BYTES ? sentenceOf(FULL, path) : null;
  } catch {
    return null; // Some file systems do not tell; then the service's own beats must.
  }
}

type Statfs = (path: string) => { readonly bavail: number; readonly bsize: number };
