import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backUp } from '../../src/store/back-up.ts';
import { SqliteFile } from '../../src/store/sqlite.ts';
import { openSqliteStore } from '../../src/store/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { pollThatFinds, T0 } from '../support/store-world.ts';

const clock = { now: () => T0 };

let directory: string;
let path: string;
let copy: string;
let store: Store;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'repairwatch-backup-'));
  path = join(directory, 'store.db');
  copy = join(directory, 'backup.db');
  store = await openSqliteStore(path, { mode: 'owner', clock });
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, ['rep-a']);
});
afterEach(async () => {
  await store.close().catch(() => undefined); // one test closes it
  rmSync(directory, { recursive: true });
});

const ids = async (at: string): Promise<string[]> => {
  const opened = await openSqliteStore(at, { mode: 'owner', clock });
  const found = await opened.openTasks({ pendingOnly: true });
  await opened.close();
  return found.map(({ task }) => task.taskId);
};

test('a backup beside its owner is one file with the rights of the store, and holds what was committed', async () => {
  chmodSync(path, 0o600);
  expect(await backUp(path, copy)).toBe(statSync(copy).size);
  await pollThatFinds(store, ['rep-b']);
  expect(readdirSync(directory).filter((name) => name.startsWith('backup'))).toEqual(['backup.db']);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(await ids(copy)).toEqual(['rep-a']);
});

test('a later backup takes the place of the earlier one', async () => {
  await backUp(path, copy);
  await pollThatFinds(store, ['rep-b']);
  await backUp(path, copy);
  expect(await ids(copy)).toEqual(['rep-a', 'rep-b']);
});

test('a damaged store leaves the last good backup where it is', async () => {
  await backUp(path, copy);
  const before = readFileSync(copy);
  await store.close();
  const file = readFileSync(path);
  writeFileSync(path, Buffer.concat([file.subarray(0, 8_192), Buffer.alloc(file.length - 8_192, 7)]));
  await expect(backUp(path, copy)).rejects.toThrow(`The store ${path} is damaged`);
  expect(readFileSync(copy).equals(before)).toBe(true);
  expect(readdirSync(directory).filter((name) => name.includes('.new'))).toEqual([]);
});

test('neither the store itself nor what is no store is backed up, and a place that cannot be written is named', async () => {
  const link = join(directory, 'link.db');
  symlinkSync(path, link);
  await expect(backUp(path, link)).rejects.toThrow(`--to is the store itself, ${path}; name another file.`);
  const other = join(directory, 'other.db');
  const file = new SqliteFile(other, { readOnly: false, timeoutMs: 0 });
  file.exec('CREATE TABLE customers (name TEXT)');
  file.close();
  await expect(backUp(other, copy)).rejects.toThrow(`The file ${other} is not a repairwatch store; nothing was`);
  await expect(backUp(join(directory, 'none.db'), copy)).rejects.toThrow('does not exist; there is nothing to back up');
  const nowhere = join(directory, 'nowhere', 'backup.db');
  await expect(backUp(path, nowhere)).rejects.toThrow(`The backup ${nowhere} cannot be written`);
});
