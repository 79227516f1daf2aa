import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { PostgresStoreConfig, SqliteStoreConfig, StoreConfig } from '../config/config.ts';
import type { Clock } from '../lib/clock.ts';
import { schemaOf } from './schema.ts';
import { openSqliteDatabase } from './sqlite-store.ts';
import { StoreError } from './store-error.ts';

/** What can be said of a store without changing it. */
export interface StoreReport {
  readonly exists: boolean;
  /** One sentence; null when it can be used. */
  readonly problem: string | null;
  /** Without its password. */
  readonly place: string;
  /** The file and its log together, or the tables with their indexes. */
  readonly bytes: number;
  /** Of the schema; null where there is no store yet or it cannot be read. */
  readonly version: number | null;
}

/** Tries to read the store and asks whether this user may write it, also beside a running service. */
export async function inspectStore(config: StoreConfig, clock: Clock): Promise<StoreReport> {
  return config.engine === 'sqlite' ? inspectFile(config, clock) : inspectDatabase(config, clock);
}

async function inspectDatabase({ address }: PostgresStoreConfig, clock: Clock): Promise<StoreReport> {
  const { inspectPostgres } = await import('./inspect-postgres.ts');
  return { place: address.place, ...(await inspectPostgres(address, clock)) };
}

async function inspectFile(config: SqliteStoreConfig, clock: Clock): Promise<StoreReport> {
  const { path } = config;
  const place = path;
  const problem = writeProblem(path);
  if (!existsSync(path)) return { place, exists: false, problem, bytes: 0, version: null };
  const bytes = [path, `${path}-wal`].reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  try {
    const db = await openSqliteDatabase(path, { mode: 'reader', clock });
    const { version } = await db.read(schemaOf).finally(() => db.close());
    return { place, exists: true, problem, bytes, version };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { place, exists: true, problem: error.message, bytes, version: null };
  }
}

/** SQLite writes beside its file too, so the directory must be writable, or one that it can be made in. */
function writeProblem(path: string): string | null {
  let directory = dirname(resolve(path));
  while (!existsSync(directory) && dirname(directory) !== directory) directory = dirname(directory);
  if (existsSync(directory) && !statSync(directory).isDirectory())
    return `The store ${path} cannot be made: ${directory} is not a directory; name another file in "store".`;
  for (const place of [directory, ...(existsSync(path) ? [path] : [])]) {
    try {
      accessSync(place, constants.W_OK);
    } catch {
      return `The store ${path} cannot be written: ${place} is not writable for this user; change its rights, or name another file in "store".`;
    }
  }
  return null;
}
