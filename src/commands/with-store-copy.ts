import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { systemClock } from '../lib/clock.ts';
import { copyStore } from '../store/copy-store.ts';

/** Works with a copy of the store in a temporary folder, which is always removed; a store that does not exist yet begins empty there. */
export async function withStoreCopy<T>(config: Config, work: (config: Config) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'repairwatch-dry-run-'));
  try {
    const path = join(directory, 'repairwatch.db');
    await copyStore(config.store, path, systemClock);
    return await work({ ...config, store: { engine: 'sqlite', path } });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
