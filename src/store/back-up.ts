import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { only, text } from './row.ts';
import { copySqliteFile, SqliteFile } from './sqlite.ts';
import { resultCode } from './sqlite-trouble.ts';
import { StoreError } from './store-error.ts';

/** Suffixes of what SQLite may leave beside a file. */
const BESIDE = ['', '-wal', '-shm', '-journal'];

/**
 * Copies the store of an SQLite file, as it is at this moment, into one file, also beside a running service. The copy is checked, and takes the place
 * of an earlier one only when it is whole. Resolves to its size in bytes.
 */
export async function backUp(path: string, toPath: string): Promise<number> {
  if (!existsSync(path)) throw new StoreError(`The store ${path} does not exist; there is nothing to back up yet.`);
  if (existsSync(toPath) && realpathSync(toPath) === realpathSync(path))
    throw new StoreError(`--to is the store itself, ${path}; name another file.`);
  const fresh = `${toPath}.new`;
  const clear = (): void => {
    for (const suffix of BESIDE) rmSync(`${fresh}${suffix}`, { force: true });
  };
  try {
    clear();
    writeFileSync(fresh, ''); // so that what is wrong with its place is not said of the store
    await copySqliteFile(path, fresh);
    chmodSync(fresh, statSync(path).mode & 0o777);
    requireWhole(fresh, path);
    renameSync(fresh, toPath);
    return statSync(toPath).size;
  } catch (error) {
    clear();
    // The store is only read, so the disk that is full is the other one.
    const isFull = error instanceof StoreError && resultCode(error.cause) === FULL;
    if (error instanceof StoreError && !isFull) throw error;
    const reason = isFull ? 'the disk is full' : error instanceof Error ? error.message : String(error);
    throw new StoreError(
      `The backup ${toPath} cannot be written (${reason}); name a file in a directory with room that this user may write.`,
      { cause: error },
    );
  }
}

/** SQLite's codes for a damaged file and a full disk. */
const DAMAGED = 11;
const FULL = 13;

/** Leaves one file that needs no other beside it, so that it can be read where nothing can be written. */
function requireWhole(copy: string, path: string): void {
  const file = new SqliteFile(copy, { readOnly: false, timeoutMs: 0 });
  try {
    file.all('PRAGMA journal_mode = DELETE');
    const found = text(only(file.all('PRAGMA quick_check(1)')), 'quick_check');
    if (found !== 'ok') throw damaged(path);
    const [ours] = file.all(`SELECT name FROM sqlite_master WHERE name = 'migration'`);
    if (ours === undefined) throw new StoreError(`The file ${path} is not a repairwatch store; nothing was backed up.`);
  } catch (error) {
    throw error instanceof StoreError && resultCode(error.cause) === DAMAGED ? damaged(path) : error;
  } finally {
    file.close();
  }
}

function damaged(path: string): StoreError {
  return new StoreError(`The store ${path} is damaged, so nothing was backed up; the backup before is left as it is.`);
}
