import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sql } from '../../src/store/sql.ts';
import { SqliteFile } from '../../src/store/sqlite.ts';
import { SqliteDatabase } from '../../src/store/sqlite-database.ts';
import { StoreError } from '../../src/store/store-error.ts';

const INSERT = 'INSERT INTO note (id, text) VALUES ($1, $2)';
const REFER = 'INSERT INTO reference (id) VALUES ($1)';

let file: SqliteFile;
let db: SqliteDatabase;
let commits: number;
let heard: (string | null)[];

beforeEach(() => {
  file = new SqliteFile(':memory:', { readOnly: false, timeoutMs: 0 });
  file.exec('PRAGMA foreign_keys = ON; CREATE TABLE note (id BIGINT NOT NULL PRIMARY KEY, text TEXT NOT NULL)');
  file.exec('CREATE TABLE reference (id BIGINT NOT NULL REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)');
  commits = 0;
  heard = [];
  const meter = { transaction: (kind: string) => () => (commits += kind === 'write' ? 1 : 0) };
  db = new SqliteDatabase(file, { onWrite: (failure) => heard.push(failure?.message ?? null), meter });
});
afterEach(() => db.close());

const ids = (): Promise<unknown> =>
  db.read(async (sql) => (await sql.all('SELECT id FROM note ORDER BY id')).map(({ id }) => id));
const insert = (id: number): Promise<string> =>
  db.write(async (sql) => {
    await sql.run(INSERT, [id, 'x']);
    return `result of ${id}`;
  });
const failing = (id: number, fails: (sql: Sql) => unknown): Promise<unknown> =>
  db.write(async (sql) => {
    await sql.run(INSERT, [id, 'x']);
    await fails(sql);
  });
const resultsOf = async (writes: readonly Promise<unknown>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(writes)).map((end) => String(end.status === 'fulfilled' ? end.value : end.reason));

test('writes that are asked for at the same moment share a commit, eight at most, and each has its own result', async () => {
  const nine = Array.from({ length: 9 }, (_, id) => insert(id));
  expect(await resultsOf(nine)).toEqual(Array.from({ length: 9 }, (_, id) => `result of ${id}`));
  expect(commits).toBe(2);
  expect(await ids()).toHaveLength(9);
});

test('one that fails is undone alone, and what the others wrote stands', async () => {
  const failed = failing(2, () => {
    throw new Error('not this one');
  });
  expect(await resultsOf([insert(1), failed, insert(3)])).toEqual([
    'result of 1',
    'Error: not this one',
    'result of 3',
  ]);
  expect([await ids(), commits]).toEqual([[1, 3], 1]);
});

test('a statement that SQLite refuses undoes what its own write did before', async () => {
  const twice = failing(2, (sql) => sql.run(INSERT, [2, 'again']));
  expect(await resultsOf([twice, insert(3)])).toEqual([expect.stringContaining('UNIQUE'), 'result of 3']);
  expect(await ids()).toEqual([3]);
});

test('what cannot be committed is told to each of its writes, and the next ones are made', async () => {
  const dangling = db.write((sql) => sql.run(REFER, [7]));
  expect(await resultsOf([insert(1), dangling, insert(3)])).toEqual(
    Array.from({ length: 3 }, () => expect.stringContaining('FOREIGN KEY')),
  );
  expect(await ids()).toEqual([]);
  expect(await insert(4)).toBe('result of 4');
});

test('where SQLite undoes the whole transaction, all of them are told why', async () => {
  const undone = failing(2, async (sql) => {
    await sql.run('ROLLBACK');
    throw new Error('undone');
  });
  expect(await resultsOf([insert(1), undone, insert(3)])).toEqual(['Error: undone', 'Error: undone', 'Error: undone']);
  expect(await ids()).toEqual([]);
});

test('what a failed write asks for after its end is refused, and stands in nobody else’s', async () => {
  const later = Promise.withResolvers<unknown>();
  const failed = failing(1, async (sql) => {
    setImmediate(() => later.resolve(sql.run(INSERT, [2, 'stray']).catch(String)));
    throw new Error('not this one');
  });
  expect(await resultsOf([failed, insert(3)])).toEqual(['Error: not this one', 'result of 3']);
  expect(await later.promise).toContain('after the end of its transaction');
  expect(await ids()).toEqual([3]);
});

test('a disk that is full for one write is told as such, leaves nothing of it, and passes', async () => {
  await insert(1);
  file.all('PRAGMA max_page_count = 5');
  const large = db.write((sql) => sql.run(INSERT, [2, 'x'.repeat(100_000)]));
  await expect(large).rejects.toThrow(StoreError);
  expect(heard).toEqual([null, expect.stringContaining('is full')]);
  const together = [db.write((sql) => sql.run(INSERT, [3, 'x'.repeat(100_000)])), insert(4)];
  const [full, small] = await Promise.allSettled(together);
  expect(full).toMatchObject({ status: 'rejected', reason: expect.any(StoreError) });
  // SQLite may undo the statement or all of it; whoever is told that it was done has it.
  expect(await ids()).toEqual(small?.status === 'fulfilled' ? [1, 4] : [1]);
  file.all('PRAGMA max_page_count = 100000');
  expect(await insert(5)).toBe('result of 5');
});

test('a write waits for those that were asked for before, and a read sees all of a write or nothing', async () => {
  const seen: unknown[] = [];
  const slow = db.write(async (sql) => {
    await sql.run(INSERT, [1, 'x']);
    await new Promise((resolve) => setImmediate(resolve));
    await sql.run(INSERT, [2, 'x']);
  });
  await Promise.all([slow, ids().then((found) => seen.push(found)), insert(3)]);
  expect(seen).toEqual([[1, 2, 3]]);
});
