import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, requireCurrent } from '../../src/store/migrate.ts';
import { MIGRATIONS, SCHEMA } from '../../src/store/migrations/all.ts';
import { openStore } from '../../src/store/registry.ts';
import { schemaOf } from '../../src/store/schema.ts';
import { SqliteFile } from '../../src/store/sqlite.ts';
import { SqliteDatabase } from '../../src/store/sqlite-database.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { ADDING, BREAKING } from '../support/next-schema.ts';
import { UP_TO_DATE_LISTS, upToDateLists } from '../support/older-store.ts';
import { claimedOf, LANE, LEASE_MS, oneEach, pollThatFinds, T0 } from '../support/store-world.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repairwatch-'));
  path = join(directory, 'deep', 'er', 'store.db');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

type Mode = 'owner' | 'guest' | 'reader';
const open = (mode: Mode, at = path) => openStore({ engine: 'sqlite', path: at }, { mode, clock: { now: () => T0 } });
const refused = async (mode: Mode, at = path): Promise<string> => {
  const error: unknown = await open(mode, at).catch((reason: unknown) => reason);
  if (!(error instanceof StoreError)) throw new Error(`Not a StoreError: ${String(error)}`);
  return error.message;
};
const raw = (at = path) => new SqliteFile(at, { readOnly: false, timeoutMs: 0 });

async function makeStore(): Promise<void> {
  const store = await open('owner');
  await store.syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
  await pollThatFinds(store, ['rep-a']);
  await store.close();
}

describe('the file of the store', () => {
  test('an owner makes it with its directories; who only reads or visits makes nothing', async () => {
    const absent = `The store ${path} does not exist yet; start \`repairwatch run\` or \`repairwatch once\` to make it.`;
    expect(await refused('reader')).toBe(absent);
    expect(await refused('guest')).toBe(absent);
    expect(await readdir(directory)).toEqual([]);
    await makeStore();
    expect(existsSync(path)).toBe(true);
  });

  test('what was written is there after closing, and a reader cannot write', async () => {
    await makeStore();
    const reader = await open('reader');
    expect(await reader.task('rep-a')).toHaveLength(1);
    await expect(reader.beat({ loop: 'x', at: T0, withinMs: 1 })).rejects.toThrow(`The store ${path} is read-only`);
    await reader.close();
  });

  test('a guest sends dead messages again beside the owner', async () => {
    await makeStore();
    const owner = await open('owner');
    await owner.settle(claimedOf(await owner.claim(LANE, T0, LEASE_MS, oneEach)), {
      state: 'dead',
      at: T0,
      reason: 'x',
    });
    const guest = await open('guest');
    expect(await guest.requeue({}, T0 + 1)).toHaveLength(1);
    await guest.close();
    expect(claimedOf(await owner.claim(LANE, T0 + 1, LEASE_MS, oneEach)).attempt).toBe(2);
    expect(await refused('owner')).toContain(`in use by process ${process.pid} since 2026-11-24T04:00:00.000Z`);
    await owner.close();
  });

  test('something else under its name is refused and left alone', async () => {
    const text = join(directory, 'notes.txt');
    await writeFile(text, 'not a database, but long enough to be taken for one\n'.repeat(40));
    const sentence = `The store ${text} is not an SQLite database; name another file in "store", or move this one away.`;
    for (const mode of ['owner', 'guest', 'reader'] as const) expect(await refused(mode, text)).toBe(sentence);
    expect(await readFile(text, 'utf8')).toMatch(/^not a database/);

    const other = join(directory, 'other.db');
    const file = raw(other);
    file.exec('CREATE TABLE customers (name TEXT)');
    file.close();
    expect(await refused('owner', other)).toBe(
      `The file ${other} is not a repairwatch store; name another file in "store".`,
    );
  });

  test('a directory that cannot be made and a path that is a directory are refused in one sentence', async () => {
    const text = join(directory, 'file');
    await writeFile(text, '');
    expect(await refused('owner', join(text, 'store.db'))).toBe(
      `The directory ${text} of the store cannot be made; make it writable for this user, or name another file in "store".`,
    );
    expect(await refused('guest', directory)).toMatch(
      /^The store \S+ cannot be opened; it must be a file in a directory/,
    );
  });

  test('a damaged file is named as that', async () => {
    await makeStore();
    const bytes = await readFile(path);
    await writeFile(path, Buffer.concat([bytes.subarray(0, 100), Buffer.alloc(bytes.length - 100, 7)]));
    expect(await refused('owner')).toBe(
      `The store ${path} is damaged; restore a backup, or move the file away to begin anew.`,
    );
  });

  test('a store newer than the program is refused, an older one is for an owner to bring up to date', async () => {
    await makeStore();
    const file = raw();
    const db = new SqliteDatabase(file);
    const current = MIGRATIONS.length;
    const next = { version: current + 1, name: 'next', statements: ['CREATE TABLE novelty (name TEXT)'] };
    await expect(requireCurrent(db, path, [...MIGRATIONS, next])).rejects.toThrow(
      `The store ${path} has schema ${current}, this program needs ${current + 1}; start \`repairwatch run\` or \`repairwatch once\` to bring it up to date.`,
    );
    await migrate(db, path, [...MIGRATIONS, next], T0);
    await migrate(db, path, [...MIGRATIONS, next], T0);
    await db.close();
    const sentence = `The store ${path} has schema ${current + 1}, newer than this program's ${current}; start the newer repairwatch that wrote it, or restore a backup.`;
    for (const mode of ['owner', 'guest', 'reader'] as const) expect(await refused(mode)).toBe(sentence);
  });

  test('a newer schema that this program can work with is worked on and left as it is, also by who starts anew', async () => {
    await makeStore();
    const db = new SqliteDatabase(raw());
    await migrate(db, path, [...MIGRATIONS, ADDING], T0);
    const owner = await open('owner');
    await pollThatFinds(owner, ['rep-b']);
    for (const mode of ['guest', 'reader'] as const) {
      const store = await open(mode);
      expect(await store.openTaskCount('prod')).toBe(2);
      await store.close();
    }
    await owner.close();
    expect(await db.read(schemaOf)).toEqual({ version: SCHEMA + 1, compatibleFrom: SCHEMA });
    await migrate(db, path, [...MIGRATIONS, ADDING, BREAKING], T0);
    await db.close();
    expect(await refused('owner')).toContain(`has schema ${SCHEMA + 2}, newer than this program's ${SCHEMA};`);
  });

  test('an older store is given what lists are read by', async () => {
    const db = new SqliteDatabase(new SqliteFile(join(directory, 'older.db'), { readOnly: false, timeoutMs: 0 }));
    expect(await upToDateLists(db)).toMatchObject(UP_TO_DATE_LISTS);
    await db.close();
  });

  test('a migration that fails leaves the store as it was', async () => {
    await makeStore();
    const db = new SqliteDatabase(raw());
    const statements = ['CREATE TABLE novelty (name TEXT)', 'CREATE TABEL x'];
    const broken = { version: MIGRATIONS.length + 1, name: 'broken', statements };
    await expect(migrate(db, path, [...MIGRATIONS, broken], T0)).rejects.toThrow('syntax error');
    await db.close();
    const store = await open('owner');
    expect(await store.task('rep-a')).toHaveLength(1);
    await store.close();
  });

  test('a full disk undoes what was under way, says so, and ends when there is room', async () => {
    await makeStore();
    const file = raw();
    const db = new SqliteDatabase(file);
    const fill = () =>
      db.write(async (sql) => {
        for (let row = 0; row < 200; row += 1) {
          await sql.run('INSERT INTO meta (name, value) VALUES ($1, $2)', [`row ${row}`, 'x'.repeat(4000)]);
        }
      });
    file.all('PRAGMA max_page_count = 60');
    await expect(fill()).rejects.toThrow(
      new StoreError(`The disk of the store ${path} is full; free some space: nothing that was recorded is lost.`),
    );
    expect(file.all(`SELECT COUNT(*) AS n FROM meta WHERE name LIKE 'row %'`)).toMatchObject([{ n: 0 }]);
    file.all('PRAGMA max_page_count = 100000');
    await fill();
    expect(file.all(`SELECT COUNT(*) AS n FROM meta WHERE name LIKE 'row %'`)).toMatchObject([{ n: 200 }]);
    await db.close();
  });

  test('of the rows set aside the newest thousand of an account stay, cut and storable', async () => {
    await makeStore();
    const store = await open('owner');
    const { poll } = await store.beginPoll('prod', 'poll', T0);
    const row = { taskId: 'rep-x', raw: `\u0000${'x'.repeat(3998)}😀${'y'.repeat(999)}`, problem: 'no CreateTime' };
    await store.setAside(poll, Array(700).fill({ ...row, problem: 'old' }), T0);
    await store.setAside(poll, Array(700).fill(row), T0 + 1);
    await store.close();
    const file = raw();
    expect(
      file.all('SELECT problem, COUNT(*) AS n, MIN(raw) AS raw FROM set_aside GROUP BY problem ORDER BY problem'),
    ).toMatchObject([
      { problem: 'no CreateTime', n: 700, raw: `\ufffd${'x'.repeat(3998)}\ufffd` },
      { problem: 'old', n: 300 },
    ]);
    file.close();
  });
});
