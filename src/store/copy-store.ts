import { existsSync } from 'node:fs';
import type { StoreConfig } from '../config/config.ts';
import { copySqliteFile } from './sqlite.ts';

/** Copies the store as it is at this moment into a new file, also beside a running service. False when there is no store yet. */
export async function copyStore(config: StoreConfig, toPath: string): Promise<boolean> {
  if (!existsSync(config.path)) return false;
  await copySqliteFile(config.path, toPath);
  return true;
}
