import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/registry.ts';
import { pollThatFinds, T0 } from '../support/store-world.ts';

const CHILD = fileURLToPath(new URL('../support/store-child.ts', import.meta.url));

let directory: string;
let path: string;
const children: ChildProcessByStdio<null, Readable, Readable>[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repairwatch-'));
  path = join(directory, 'store.db');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

const open = (mode: 'owner' | 'guest' | 'reader') =>
  openStore({ engine: 'sqlite', path }, { mode, clock: systemClock });

/** Starts an owner in another process, waits for `count` acknowledged commits and gives all that were acknowledged until it was killed. */
async function commitUntilKilled(prefix: string, count: number, beside?: () => Promise<void>) {
  // Others beside it are let in between commits without a wait only when it commits no more.
  const limit = beside === undefined ? [] : [String(count)];
  const child = spawn(process.execPath, [CHILD, path, prefix, ...limit], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const acknowledged: string[] = [];
  const closed = once(child, 'close');
  let killed = false;
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(line);
    if (acknowledged.length < count || killed) continue;
    await beside?.();
    killed = child.kill('SIGKILL');
  }
  await closed;
  return { acknowledged, pid: child.pid };
}

test('every acknowledged commit is there after SIGKILL, and the store goes on', async () => {
  const acknowledged: string[] = [];
  for (const [round, count] of [1, 40, 90].entries()) {
    const killed = await commitUntilKilled(`rep-${round}`, count);
    expect(killed.acknowledged.length).toBeGreaterThanOrEqual(count);
    acknowledged.push(...killed.acknowledged);
  }
  const store = await open('owner');
  const known = new Set((await store.openTasks({ pendingOnly: true })).map(({ task }) => task.taskId));
  expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
  // The polls of the first two rounds were closed by the one that began after them.
  expect(await store.recoverPolls(T0)).toBe(1);
  expect(await store.backlog()).toMatchObject({ waiting: known.size });
  await store.close();
});

test('a second owner is refused by name while the first lives, others work beside it, and SIGKILL frees the lock', async () => {
  let refusal = '';
  const { pid } = await commitUntilKilled('rep', 1, async () => {
    refusal = await open('owner').then(
      () => 'not refused',
      (error: unknown) => String(error),
    );
    const reader = await open('reader');
    expect((await reader.openTasks({ pendingOnly: true })).length).toBeGreaterThanOrEqual(1);
    await reader.close();
    const guest = await open('guest');
    await guest.beat({ loop: 'guest', at: T0, withinMs: 1 });
    await guest.close();
  });
  expect(refusal).toMatch(
    new RegExp(
      `^StoreError: The store \\S+store\\.db is in use by process ${pid} since \\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z; stop it first, or use a command that works beside it\\.$`,
    ),
  );
  const store = await open('owner');
  expect(await store.beats()).toEqual([{ loop: 'guest', at: T0, withinMs: 1 }]);
  await pollThatFinds(store, ['rep-after']);
  await store.close();
  await (await open('owner')).close();
});
