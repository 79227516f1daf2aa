import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

let server: PostgresServer;
let stage: CliStage;
beforeAll(async () => {
  [server, stage] = await Promise.all([startPostgres(), openCliStage()]);
});
afterAll(() => Promise.all([server.close(), stage.close()]));

it('a store that moves to PostgreSQL tells nothing twice and goes on with what waits', async () => {
  const store = await server.newStore();
  stage.sandbox.world().add({ TaskId: 'rep-told00001' });
  expect(await stage.run(['once'])).toMatchObject({ code: 0 });
  stage.sandbox.world().add({ TaskId: 'rep-waits0001' });
  stage.hook.fault({ kind: 'status', status: 503 });
  expect(await stage.run(['once', '--log-level', 'error'])).toMatchObject({ code: 1 });
  stage.hook.clearFaults();

  const copied = await stage.run(['store', 'copy', '--to', store]);
  expect(copied).toMatchObject({ code: 0, stderr: '' });
  expect(copied.stdout).toMatch(/^task +2 rows, as many as before$/m);
  expect(copied.stdout).toMatch(/ is copied to postgres:\/\/127\.0\.0\.1:\d+\/postgres; name that in "store"/);
  expect(await stage.run(['store', 'copy', '--to', store])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The database holds a store already;'),
  });

  stage.file.change({ store });
  const checked = await stage.run(['check', '--online']);
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.stdout).toMatch(/^ok +store: postgres:\/\/\S+, readable and writable, \d+\.\d MB, schema \d+$/m);
  expect(await stage.run(['store', 'backup', '--to', 'backup.db'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('back that up with pg_dump'),
  });
  const once = await stage.run(['once']);
  expect([once.code, once.stdout]).toEqual([0, expect.stringContaining('messages: 1 delivered, 0 waiting, 0 dead')]);
  const told = (taskId: string) => stage.hook.accepted.entries.filter(({ body }) => body.includes(taskId)).length;
  expect([told('rep-told00001'), told('rep-waits0001')]).toEqual([1, 1]);
  expect((await stage.run(['list'])).stdout).toContain('rep-waits0001');
});

it('an address that cannot be one is refused without being shown, and so is a copy of what is no file', async () => {
  const bad = await stage.run(['store', 'copy', '--to', 'postgres://rw:hush@/x']);
  expect(bad).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^--to is not a PostgreSQL address \(the value is hidden\)/),
  });
  expect(await stage.run(['store', 'move', '--to', 'postgres://rw@db/x'])).toMatchObject({
    code: 2,
    stderr: 'The action is "move"; it must be backup or copy.\n',
  });
});
