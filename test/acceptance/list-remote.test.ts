import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';
import { runProgram } from '../support/program.ts';

const CONTROL = /(?!\n)[\p{Cc}\u202e]/u;

let stage: CliStage;

beforeAll(async () => {
  stage = await openCliStage();
  const world = stage.sandbox.world();
  const hoursAgo = (hours: number): string => stage.sandbox.time(Date.now() - hours * 3_600_000);
  const rows = Array.from({ length: 150 }, (_, i) => ({
    TaskId: `rep-${String(i).padStart(4, '0')}`,
    InstanceId: `ins-${i}`,
    Alias: `web-${i}`,
    TaskStatus: 1 + (i % 6),
    TaskTypeId: 101 + (i % 7),
    CreateTime: hoursAgo(200 - i),
  }));
  world.load(rows);
  world.add({ TaskId: 'rep-old', Alias: '\u001b[31mold\u202e', CreateTime: hoursAgo(24 * 60) });
});

afterAll(() => stage.close());

/** The parameters of the newest call that the sandbox saw. */
const lastCall = (): unknown => stage.sandbox.arrivals.entries.at(-1)?.params;

describe('list --remote', () => {
  it('shows one page of the API as a table with its place, its RequestId and the next page, without a store', async () => {
    const before = stage.sandbox.arrivals.entries.length;
    const { code, stdout, stderr } = await stage.run(['list', '--remote'], { COLUMNS: '300' });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^.*Time left +Deadline +Account +Instance id +Alias +Type +Status +Zone +Task$/m);
    expect(stdout).toMatch(/^.*prod +ins-0 +web-0 .*Pending authorization +ap-guangzhou-7 +rep-0000$/m);
    expect(stdout.match(/^.*\brep-\d{4}$/gm)).toHaveLength(100);
    expect(stdout).toMatch(/^rows 1–100 of 150, asked at .* GMT\+8, RequestId [0-9a-f-]{36}, next: --offset 100$/m);
    expect(stdout).toMatch(/^sent: Limit 100, Offset 0, StartDate \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, OrderField /m);
    expect(stage.sandbox.arrivals.entries).toHaveLength(before + 1);
    const last = await stage.run(['list', '--remote', '--offset', '100']);
    expect(last.stdout).toMatch(/^rows 101–150 of 150, asked at [^,]*, RequestId [0-9a-f-]{36}$/m);
    expect(existsSync(stage.file.storePath)).toBe(false);
  });

  it('sends every parameter as it was typed, and prints the page for programs', async () => {
    const args = '--limit 2 --offset 1 --product CVM --task-status 1,3 --task-status 5 --task-type 101,103,105,107';
    const lists = ['--instance-id', 'ins-0,ins-2,ins-4,ins-6', '--alias', 'web-0,web-2', '--alias', 'web-4,web-6'];
    const order = '--order-field CreateTime --order desc --start-date 30d --json';
    const ids = '--task-id rep-0000,rep-0002 --task-id rep-0004,rep-0006';
    const { code, stdout } = await stage.run(['list', '--remote', ...`${args} ${order} ${ids}`.split(' '), ...lists]);
    expect(code).toBe(0);
    const printed = JSON.parse(stdout);
    const request = {
      Limit: 2,
      Offset: 1,
      Product: 'CVM',
      TaskStatus: [1, 3, 5],
      TaskTypeIds: [101, 103, 105, 107],
      TaskIds: ['rep-0000', 'rep-0002', 'rep-0004', 'rep-0006'],
      InstanceIds: ['ins-0', 'ins-2', 'ins-4', 'ins-6'],
      Aliases: ['web-0', 'web-2', 'web-4', 'web-6'],
      StartDate: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      OrderField: 'CreateTime',
      Order: 1,
    };
    expect(lastCall()).toEqual(request);
    expect(Object.keys(printed)).toEqual(
      'at account request requestId totalCount nextOffset unknownValues unreadable tasks'.split(' '),
    );
    expect(printed).toMatchObject({ account: 'prod', request, totalCount: 4, nextOffset: 3, unreadable: [] });
    expect(printed.tasks.map(({ taskId }: { taskId: string }) => taskId)).toEqual(['rep-0004', 'rep-0002']);
    expect(printed.tasks[1]).toMatchObject({ taskStatus: 3, status: 'Ended', taskType: 'Instance disk exception' });
  });

  it('asks for names that hold a comma, and shows which they are', async () => {
    const { code, stdout } = await stage.run([
      'list',
      '--remote',
      '--alias',
      String.raw`web\,old`,
      '--alias',
      'web-0,web-2',
    ]);
    expect(code).toBe(0);
    expect(lastCall()).toMatchObject({ Aliases: ['web,old', 'web-0', 'web-2'] });
    expect(stdout).toContain(String.raw`Aliases [web\,old, web-0, web-2]`);
  });

  it('finds what is older than the lookback, harmless on a terminal', async () => {
    const { stdout } = await stage.run(['list', '--remote', '--start-date', '90d', '--end-date', '31d']);
    expect(stdout).toContain('rep-old');
    expect(stdout).not.toMatch(CONTROL);
    expect(lastCall()).toMatchObject({ EndDate: expect.any(String) });
  });

  it.each([
    ['--limit 0', /^--limit is "0"; it must be a whole number from 1 to 100\.\n$/],
    ['--limit 101', /^--limit is "101"; /],
    ['--task-status waiting', /^--task-status has "waiting"; it must have numbers: 1 Pending authorization, /],
    ['--start-date 1d --end-date 2d', /^--start-date is .* lies after --end-date, /],
    ['--account pord', /^There is no account "pord" in the configuration; /],
  ])('refuses %s before it asks', async (args, sentence) => {
    const before = stage.sandbox.arrivals.entries.length;
    const end = await stage.run(['list', '--remote', ...args.split(' ')]);
    expect(end.stderr).toMatch(sentence);
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(stage.sandbox.arrivals.entries).toHaveLength(before);
  });

  it('asks for a value that it does not know with a warning, and ends with 1 where the API refuses it', async () => {
    const end = await stage.run(['list', '--remote', '--task-type', '108']);
    expect(lastCall()).toMatchObject({ TaskTypeIds: [108] });
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toMatch(
      /^--task-type has 108, which this version does not know .*\n.*InvalidParameterValue.*\n$/,
    );
  });

  it('says in one sentence what failed, with the RequestId, and ends with 1', async () => {
    stage.sandbox.fault({ kind: 'blocked' });
    const end = await stage.run(['list', '--remote']);
    stage.sandbox.clearFaults();
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toMatch(
      /^account "prod" may not call DescribeTaskInfo, UnauthorizedOperation.*cvm:DescribeTaskInfo.*RequestId \S+\)\n$/,
    );
  });

  it('ends with 1 where a row could not be read or the page is short, and shows the rest', async () => {
    stage.sandbox.fault({ kind: 'garbage-row', times: 1, row: { TaskId: 'rep-bad', TaskStatus: 'x' } });
    const garbage = await stage.run(['list', '--remote', '--limit', '3', '--json']);
    expect(garbage.code).toBe(1);
    expect(garbage.stderr).toMatch(/^Rows that could not be read: 1, the first one rep-bad because .*\n$/);
    const printed = JSON.parse(garbage.stdout);
    expect(printed).toMatchObject({ tasks: [{}, {}], unreadable: [{ taskId: 'rep-bad' }], nextOffset: 3 });
    stage.sandbox.fault({ kind: 'null-page', times: 1 });
    const none = await stage.run(['list', '--remote', '--limit', '3']);
    expect(none.code).toBe(1);
    expect(none.stderr).toBe('The API said TotalCount 150, but answered 0 rows where 3 were due.\n');
  });

  it('needs nothing but the official variables', async () => {
    const env = {
      TENCENTCLOUD_SECRET_ID: SANDBOX_KEY.secretId,
      TENCENTCLOUD_SECRET_KEY: SANDBOX_KEY.secretKey,
      TENCENTCLOUD_ENDPOINT: stage.sandbox.url,
      SMTP_URL: 'of no matter here',
    };
    const cwd = mkdtempSync(join(tmpdir(), 'repairwatch-env-'));
    const end = await runProgram(['list', '--remote', '--limit', '1'], { env, cwd });
    const none = await runProgram(['list', '--remote'], { env: {}, cwd });
    rmSync(cwd, { recursive: true });
    expect([end.code, end.stderr]).toEqual([0, '']);
    expect(end.stdout).toMatch(/^rows 1–1 of 150, /m);
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toMatch(/^TENCENTCLOUD_SECRET_ID is not set; .*\nNo configuration file was named: .*\n$/);
  });

  it('says only at the end, and in words, that an API is dead', async () => {
    stage.sandbox.fault({ kind: 'http-502-html' });
    const end = await stage.run(['list', '--remote']);
    const told = await stage.run(['list', '--remote', '--log-level', 'warn']);
    stage.sandbox.clearFaults();
    expect(end).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^account "prod"[^\n]*HTTP 502[^\n]*\n$/),
    });
    expect(told.stderr).toMatch(/^\S+ warn api-retried account='prod' .*\n/);
  });

  it('asks the account that is named, and no other', async () => {
    const { secretId, secretKey } = SANDBOX_KEY;
    const account = { endpoint: stage.sandbox.url, secretId, secretKey };
    stage.file.change({ accounts: ['prod', 'games'].map((name) => ({ name, ...account, product: 'CDH' })) });
    const unnamed = await stage.run(['list', '--remote']);
    expect(unnamed).toMatchObject({
      code: 2,
      stderr: 'There are several accounts; say with --account which to ask: prod, games.\n',
    });
    const named = await stage.run(['list', '--remote', '--account', 'games', '--language', 'zh-CN']);
    expect(named.stdout).toMatch(/^第 1–100 行，共 150 行，查询于 .*，下一页：--offset 100$/m);
    expect(lastCall()).not.toHaveProperty('Product');
  });
});
