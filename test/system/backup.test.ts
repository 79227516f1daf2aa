import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { HookRequest } from '../../src/sandbox/slack-hook.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';
import { postgresFolder, startPostgres } from '../support/postgres-server.ts';
import { TO_SLACK } from '../support/service-kit.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The commands of the chapter as they stand there: a backup and a restore of SQLite, then of PostgreSQL. */
const [sqliteBackup = '', sqliteRestore = '', postgresBackup = '', postgresRestore = ''] =
  commandsOf('Back up and restore');

function commandsOf(chapter: string): string[] {
  const [, rest = ''] = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8').split(`\n## ${chapter}\n`);
  const [text = ''] = rest.split('\n## ');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands);
}

/** A shell in the folder of the configuration, in which `repairwatch` is the built program. */
function shellIn({ file }: CliStage, env: Readonly<Record<string, string>> = {}): (commands: string) => string {
  const bin = join(file.directory, 'bin');
  for (const folder of [bin, join(file.directory, 'backup')]) mkdirSync(folder);
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'dist/bin.js')}' "$@"\n`;
  writeFileSync(join(bin, 'repairwatch'), program, { mode: 0o755 });
  const path = `${bin}:${postgresFolder()}:${process.env['PATH']}`;
  return (commands) =>
    execFileSync('sh', ['-euc', commands], { cwd: file.directory, env: { PATH: path, ...env }, encoding: 'utf8' });
}

interface Engine {
  readonly stage: CliStage;
  backUp(): void;
  /** The store is gone, and the backup is put into an empty place. */
  restore(): void;
}

/** Everything to Slack. One task is told, one waits, and the backup is taken; both and a third are told after it, and a fourth comes when nobody runs. */
async function play({ stage, backUp, restore }: Engine): Promise<void> {
  const { sandbox, hook } = stage;
  const [told, waits, after, meanwhile] = ['rep-told00001', 'rep-waits0001', 'rep-after0001', 'rep-nobody001'];
  const tells = (taskId: string) => (request: HookRequest) => request.body.includes(taskId);
  const arrives = (taskId: string, times = 1) => hook.accepted.untilCount(times, tells(taskId));
  const first = stage.start(['run']);
  sandbox.world().add({ TaskId: told });
  await arrives(told);
  hook.fault({ kind: 'status', status: 503 });
  sandbox.world().add({ TaskId: waits });
  await first.waitForLog('message-not-delivered');
  backUp();
  hook.clearFaults();
  sandbox.world().add({ TaskId: after });
  await Promise.all([arrives(waits), arrives(after)]);
  first.kill('SIGKILL');
  await first.exited;
  restore();
  sandbox.world().add({ TaskId: meanwhile });
  const second = stage.start(['run']);
  await Promise.all([arrives(waits, 2), arrives(after, 2), arrives(meanwhile)]);
  second.kill();
  expect(await second.exited).toMatchObject({ code: 0, stderr: '' });
  expect([told, waits, after, meanwhile].map((taskId) => hook.accepted.entries.filter(tells(taskId)).length)).toEqual([
    1, 2, 2, 1,
  ]);
  const { stdout } = await stage.run(['list']);
  for (const taskId of [told, waits, after, meanwhile]) expect(stdout).toContain(taskId);
}

it('a backup of an SQLite store that is taken beside the service, and put into an empty place, loses nothing', async () => {
  const stage = await openCliStage({ ...TO_SLACK, store: 'sqlite:data/repairwatch.db' });
  try {
    const shell = shellIn(stage);
    const backUp = () =>
      expect(shell(sqliteBackup)).toMatch(/ is backed up to backup\/repairwatch\.db, \d+\.\d MB\.\n$/);
    const restore = () => {
      rmSync(join(stage.file.directory, 'data'), { recursive: true });
      mkdirSync(join(stage.file.directory, 'data'));
      shell(sqliteRestore);
    };
    await play({ stage, backUp, restore });
  } finally {
    await stage.close();
  }
});

it('a dump of a PostgreSQL store that is taken beside the service, and put into an empty database, loses nothing', async () => {
  const server = await startPostgres();
  const databaseOf = (name: string) => `postgres://repairwatch@127.0.0.1:${server.port}/${name}`;
  for (const name of ['old', 'new']) await server.ask(`CREATE DATABASE ${name}`);
  const stage = await openCliStage({ ...TO_SLACK, store: databaseOf('old') });
  try {
    const shell = shellIn(stage, { DATABASE: databaseOf('old'), EMPTY_DATABASE: databaseOf('new') });
    const restore = () => {
      shell(postgresRestore);
      stage.file.change({ store: databaseOf('new') });
    };
    await play({ stage, backUp: () => void shell(postgresBackup), restore });
  } finally {
    await stage.close();
    await server.close();
  }
});
