import { copyFileSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/lib/clock.ts';
import { type Service, type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

/** Another process that keeps the store from being written. */
function occupy(path: string): { free(): void } {
  const file = new DatabaseSync(path, { timeout: 5_000 });
  file.exec('BEGIN IMMEDIATE');
  return {
    free() {
      file.exec('ROLLBACK');
      file.close();
    },
  };
}

/** A test with a service of its own; most of its time it waits, so that all of them run side by side. */
const scene = (name: string, play: (kit: ServiceKit) => Promise<void>) =>
  it.concurrent(
    name,
    async () => {
      const kit = await startKit();
      await play(kit).finally(() => kit.close());
    },
    3 * MINUTE_MS,
  );

/** A service whose store's trouble the test sets: SQLite's own errors, by a module that is loaded before the program. */
async function startTroubled(kit: ServiceKit): Promise<{ service: Service; suffer(fault: string): void }> {
  const file = join(kit.file.directory, 'store-fault');
  const suffer = (fault: string): void => {
    writeFileSync(`${file}.new`, fault);
    renameSync(`${file}.new`, file); // so that nobody reads half of it
  };
  suffer('none');
  const preload = new URL('../support/store-fault-preload.ts', import.meta.url).href;
  const service = kit.start({ NODE_OPTIONS: `--import=${preload}`, STORE_FAULT_FILE: file });
  await service.polls(1);
  return { service, suffer };
}

/** `health` as someone asks it so much later. */
async function healthIn({ file, run }: ServiceKit, laterMs: number) {
  const ahead = join(file.directory, 'clock-ahead');
  writeFileSync(ahead, String(laterMs));
  const preload = new URL('../support/clock-preload.ts', import.meta.url).href;
  return run(['health'], { NODE_OPTIONS: `--import=${preload}`, CLOCK_AHEAD_FILE: ahead });
}

/** A task that does not fit into what the file has already. */
const LARGE = { TaskDetail: '隐患'.repeat(20_000) };

scene('sends nothing that it cannot record, says why in one sentence, and loses nothing', async (kit) => {
  const service = kit.start();
  await service.polls(1);
  const store = occupy(kit.file.storePath);
  kit.sandbox.world().add({ TaskId: 'rep-unstored1' });
  const line = await service.waitForLog('poll-failed');
  expect(JSON.stringify(line)).toMatch(/was locked by another process for too long; end the other process/);
  expect(kit.hook.accepted.entries).toEqual([]);
  store.free();
  await kit.hook.accepted.until((request) => textOf(request).includes('rep-unstored1'));
  await service.polls(2);
  expect(kit.hook.accepted.entries).toHaveLength(1);
});

scene(
  'a full disk is told to the operator once, fails `health`, and loses nothing; its end is told once',
  async (kit) => {
    const { service, suffer } = await startTroubled(kit);
    expect(await healthIn(kit, 0)).toMatchObject({ code: 0 });
    suffer('full');
    kit.sandbox.world().add({ TaskId: 'rep-large001', ...LARGE });
    const line = await service.waitForLog('poll-failed');
    expect(JSON.stringify(line)).toMatch(
      /The disk of the store \S+ is full; free some space: nothing that was recorded is lost\./,
    );
    const told = await kit.mail.messages.until(({ email }) => email.subject === '数据库无法写入');
    expect((told.email.text ?? '').replaceAll(/\s/g, '')).toMatch(
      /自.+起repairwatch无法写入数据库（Thediskofthestore.+isfull;.+），修复之前不再发送其他消息/,
    );
    const health = await healthIn(kit, 0);
    expect(health.code).toBe(1);
    expect(health.stdout).toMatch(
      /^not alive: writing the store fails, .*`repairwatch run` says why \(store-unwritable\)\n$/,
    );
    expect((await healthIn(kit, 3 * MINUTE_MS)).code).toBe(1);
    expect(kit.hook.requests.entries).toEqual([]);
    suffer('none');
    await kit.hook.accepted.until((request) => textOf(request).includes('rep-large001'));
    await kit.mail.messages.until(({ email }) => email.subject === '【已恢复】数据库无法写入');
    expect(await healthIn(kit, 0)).toMatchObject({ code: 0 });
    const subjects = kit.mail.messages.entries
      .map(({ email }) => email.subject)
      .filter((subject) => /数据库/.test(subject ?? ''));
    expect(subjects).toEqual(['数据库无法写入', '【已恢复】数据库无法写入']);
    expect(kit.hook.accepted.entries).toHaveLength(1);
  },
);

scene(
  'a store that became read-only says so in one sentence, and is caught up with once it can be written',
  async (kit) => {
    const { service, suffer } = await startTroubled(kit);
    suffer('read-only');
    kit.sandbox.world().add({ TaskId: 'rep-readonly' });
    const line = await service.waitForLog('poll-failed');
    expect(JSON.stringify(line)).toMatch(
      /The store \S+ is read-only; give this user the right to write the file and its directory\./,
    );
    expect(kit.hook.requests.entries).toEqual([]);
    suffer('none');
    await kit.hook.accepted.until((request) => textOf(request).includes('rep-readonly'));
    await service.polls(1);
    expect(kit.hook.accepted.entries).toHaveLength(1);
  },
);

scene(
  'a damaged store is refused in one sentence, and with its backup put back nothing is lost or told twice',
  async (kit) => {
    const { storePath } = kit.file;
    const first = kit.start();
    kit.sandbox.world().add({ TaskId: 'rep-before01' });
    await kit.hook.accepted.until((request) => textOf(request).includes('rep-before01'));
    await first.polls(1);
    await first.stop();
    copyFileSync(storePath, `${storePath}.backup`);
    writeSync(openSync(storePath, 'r+'), Buffer.alloc(40_000, 'damaged'), 0, 40_000, 200);
    const sentence = /^The store \S+ is (damaged; restore a backup|not an SQLite database; name another)[^\n]*\.\n$/;
    const refused = await kit.run(['run']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(sentence)]);
    const health = await kit.run(['health']);
    expect([health.code, health.stderr]).toEqual([1, expect.stringMatching(sentence)]);
    kit.sandbox.world().add({ TaskId: 'rep-meanwhil' });
    copyFileSync(`${storePath}.backup`, storePath);
    const second = kit.start();
    await kit.hook.accepted.until((request) => textOf(request).includes('rep-meanwhil'));
    await second.polls(1);
    expect(kit.hook.accepted.entries.map((request) => textOf(request).includes('rep-before01'))).toEqual([true, false]);
  },
);
