import type { EpochMs } from '../lib/clock.ts';
import { int } from './row.ts';
import { SqliteFile } from './sqlite.ts';
import { resultCode } from './sqlite-trouble.ts';
import { StoreError } from './store-error.ts';

/** Lets another process hold the lock again. */
export interface StoreLock {
  release(): void;
}

/**
 * Takes the store's lock: a write transaction held on `<path>.lock`, which the system ends with the process, also on SIGKILL.
 * Others can still read who holds it. Throws a `StoreError` that names the holder when the lock is taken.
 */
export function lockStore(path: string, pid: number, now: EpochMs): StoreLock {
  const file = new SqliteFile(`${path}.lock`, { readOnly: false, timeoutMs: 0 });
  try {
    hold(file, path);
    file.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER NOT NULL, since INTEGER NOT NULL); DELETE FROM holder');
    file.run('INSERT INTO holder (pid, since) VALUES ($1, $2)', [pid, now]);
    file.exec('COMMIT'); // So that others can read it; a rival that slips in here takes the lock, and this process is refused.
    hold(file, path);
  } catch (error) {
    file.close();
    throw error;
  }
  return { release: () => file.close() };
}

function hold(file: SqliteFile, path: string): void {
  try {
    file.exec('BEGIN IMMEDIATE');
  } catch (error) {
    throw isBusy(error) ? refusal(file, path) : error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof StoreError && resultCode(error.cause) === 5;
}

function refusal(file: SqliteFile, path: string): StoreError {
  const remedy = 'stop it first, or use a command that works beside it';
  const holder = readHolder(file);
  return new StoreError(
    holder === null
      ? `The store ${path} is in use by another process; ${remedy}.`
      : `The store ${path} is in use by process ${holder.pid} since ${new Date(holder.since).toISOString()}; ${remedy}.`,
  );
}

function readHolder(file: SqliteFile): { readonly pid: number; readonly since: EpochMs } | null {
  try {
    const [row] = file.all('SELECT pid, since FROM holder');
    return row === undefined ? null : { pid: int(row, 'pid'), since: int(row, 'since') };
  } catch {
    return null; // The holder is just writing its name: the refusal does without it.
  }
}
