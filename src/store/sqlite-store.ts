import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../lib/clock.ts';
import type { Meter } from '../lib/meter.ts';
import { lockStore, type StoreLock } from './lock.ts';
import { migrate, requireCurrent } from './migrate.ts';
import { MIGRATIONS } from './migrations/all.ts';
import { int, only } from './row.ts';
import type { Database, OnWrite } from './sql.ts';
import { sqlStore } from './sql-store.ts';
import { SqliteFile } from './sqlite.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

/**
 * `owner`: takes the lock, makes and migrates the file: `run` and `once`. `guest`: writes single verbs beside an owner.
 * `reader`: writes nothing (SQLite's own `-wal` and `-shm` files beside the store aside). Only an owner makes a store that does not exist.
 */
export type StoreMode = 'owner' | 'guest' | 'reader';

export interface OpenOptions {
  readonly mode: StoreMode;
  readonly clock: Pick<Clock, 'now'>;
  readonly onWrite?: OnWrite;
  readonly meter?: Pick<Meter, 'transaction'>;
}

/** How long a statement waits for another process, e.g. a `requeue` beside the service. */
const BUSY_TIMEOUT_MS = 5000;

/** Of 4 kB in the log: a page of new tasks dirties a hundred pages of an index, and most of them again before 32 MB are full. */
const CHECKPOINT_PAGES = 8000;

/** Opens the store in an SQLite file; rejects with a `StoreError` when a person must do something. */
export async function openSqliteStore(path: string, options: OpenOptions): Promise<Store> {
  return sqlStore(await openSqliteDatabase(path, options));
}

/** The same below its verbs: for what copies a store whole. */
export async function openSqliteDatabase(path: string, options: OpenOptions): Promise<Database> {
  const { mode, clock } = options;
  const lock = mode === 'owner' ? prepareOwner(path, clock) : requireFile(path);
  let file: SqliteFile | null = null;
  try {
    file = connect(path, mode);
    const db = new SqliteDatabase(file, options);
    await prepareSchema(db, file, path, mode, clock);
    return {
      engine: db.engine,
      read: (work) => db.read(work),
      write: (work, patience, condition) => db.write(work, patience, condition),
      close: () => db.close().finally(() => lock?.release()),
    };
  } catch (error) {
    file?.close();
    lock?.release();
    throw error;
  }
}

/** A store in memory, current and empty: for tests and dry runs. */
export async function openMemoryStore(clock: Pick<Clock, 'now'>): Promise<Store> {
  const file = connect(':memory:', 'guest');
  const db = new SqliteDatabase(file, { alone: true });
  await prepareSchema(db, file, ':memory:', 'owner', clock);
  return sqlStore(db);
}

function prepareOwner(path: string, clock: Pick<Clock, 'now'>): StoreLock {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new StoreError(
      `The directory ${dirname(path)} of the store cannot be made; make it writable for this user, or name another file in "store".`,
      { cause: error },
    );
  }
  return lockStore(path, process.pid, clock.now());
}

function requireFile(path: string): null {
  if (existsSync(path)) return null;
  throw new StoreError(
    `The store ${path} does not exist yet; start \`repairwatch run\` or \`repairwatch once\` to make it.`,
  );
}

function connect(path: string, mode: StoreMode): SqliteFile {
  const file = new SqliteFile(path, { readOnly: mode === 'reader', timeoutMs: BUSY_TIMEOUT_MS });
  try {
    if (mode === 'owner') file.all('PRAGMA journal_mode = WAL');
    file.exec(`PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function prepareSchema(
  db: Database,
  file: SqliteFile,
  path: string,
  mode: StoreMode,
  clock: Pick<Clock, 'now'>,
): Promise<void> {
  const tables = `SELECT COUNT(*) AS tables, COUNT(CASE WHEN name = 'migration' THEN 1 END) AS ours
    FROM sqlite_master WHERE type = 'table'`;
  const found = only(file.all(tables));
  if (int(found, 'ours') === 0 && (int(found, 'tables') > 0 || mode !== 'owner')) {
    throw new StoreError(`The file ${path} is not a repairwatch store; name another file in "store".`);
  }
  if (mode !== 'owner') return requireCurrent(db, path, MIGRATIONS);
  await migrate(db, path, MIGRATIONS, clock.now());
  const name = `INSERT INTO meta (name, value) VALUES ('store_id', $1) ON CONFLICT (name) DO NOTHING`;
  await db.write((sql) => sql.run(name, [randomUUID()]));
}
