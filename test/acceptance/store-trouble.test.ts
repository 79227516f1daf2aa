import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

let kit: ServiceKit;

beforeEach(async () => {
  kit = await startKit();
});

afterEach(() => kit.close());

/** Another process that keeps the store from being written, as a full disk does. */
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

it('sends nothing that it cannot record, says why in one sentence, and loses nothing', async () => {
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
