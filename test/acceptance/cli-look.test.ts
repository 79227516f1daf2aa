import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/lib/text-width.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';

const HOSTILE = '\u001b[31mred\u001b]0;title\u0007 \u202egnp.exe\u2066 line\nbreak \u0085<!channel>';
const CONTROL = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

let stage: CliStage;

/** One store for all: filled by polls of the built program, and only read here. */
beforeAll(async () => {
  stage = await openCliStage({ poll: { schedule: '*/30 * * * *', timezone: 'Asia/Shanghai' } });
  const world = stage.sandbox.world();
  const now = Date.now();
  const at = (ms: number): string => stage.sandbox.time(now + ms);
  world.add({ TaskId: 'rep-late', InstanceId: 'ins-late', Alias: 'shop-web-01', AuthTime: at(30 * 3_600_000) });
  world.add({ TaskId: 'rep-soon', InstanceId: 'ins-soon', Alias: '订单服务-广州-07', AuthTime: at(5 * 3_600_000) });
  world.add({ TaskId: 'rep-risk', InstanceId: 'ins-risk', Alias: HOSTILE, TaskTypeId: 103, AuthType: 8 });
  world.add({ TaskId: 'rep-booked', InstanceId: 'ins-booked', Alias: '很长'.repeat(40), TaskStatus: 4 });
  await stage.run(['once']);
  world.set('rep-late', { AuthTime: at(6 * 3_600_000) });
  world.set('rep-soon', { TaskStatus: 2, AuthSource: 'System_mandatory_auth' });
  await stage.run(['once']);
});

afterAll(() => stage.close());

describe('list', () => {
  it.each([80, 100, 140, 200, 300])('keeps to %i columns, aligned with Chinese text', async (columns) => {
    const { code, stdout } = await stage.run(['list', '--all', '--language', 'zh-CN'], { COLUMNS: String(columns) });
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns);
    const starts = (texts: readonly string[]): readonly number[] =>
      texts.map((text) => {
        const line = lines.find((each) => each.includes(text)) ?? '';
        return displayWidth(line.slice(0, line.indexOf(text)));
      });
    expect(new Set(starts(['ins-late', 'ins-soon', 'ins-risk', 'ins-booked'])).size).toBe(1);
    expect(new Set(starts(['待授权', '处理中', '已预约'])).size).toBe(1);
    expect(stdout).toContain('订单服务-广州-07');
  });

  it('begins with what may lose data, says so in words, and shows time left, zone and place', async () => {
    const { stdout } = await stage.run(['list'], { COLUMNS: '300' });
    const [head, first, second] = stdout.split('\n');
    expect(head).toMatch(
      /^May lose data +Time left +Deadline +Account +Instance id +Alias +Type +Status +Zone +Task +Revision$/,
    );
    expect(first).toMatch(/^MAY LOSE DATA .*ins-risk.*Pending authorization +ap-guangzhou-7 +rep-risk +1$/);
    expect(second).toMatch(/^ +in 5 h 5\d min +\w{3} \d{4}-\d\d-\d\d \d\d:\d\d GMT\+8 +prod +ins-late +shop-web-01/);
    expect(stdout).not.toContain('rep-booked');
    expect(stdout).toMatch(/^prod: read completely .* GMT\+8 \(less than a minute ago\)$/m);
  });

  it.each(['list', 'list --all --json', 'explain rep-risk', 'explain rep-risk --json', 'digest morning --preview'])(
    'lets no escape sequence or mark of text from outside reach the terminal: %s',
    async (command) => {
      const { code, stdout } = await stage.run(command.split(' '), { COLUMNS: '80' });
      expect(code).toBe(0);
      expect(stdout).toContain('gnp.exe');
      expect(stdout).not.toMatch(CONTROL);
    },
  );

  it('colours only where it may', async () => {
    const ESC = '\u001b[';
    expect((await stage.run(['list'])).stdout).not.toContain(ESC);
    expect((await stage.run(['list'], { FORCE_COLOR: '1' })).stdout).toContain(`${ESC}1;31mMAY LOSE DATA`);
    expect((await stage.run(['list'], { FORCE_COLOR: '1', NO_COLOR: '1' })).stdout).not.toContain(ESC);
  });

  it('gives programs the raw values, times in UTC', async () => {
    const { stdout } = await stage.run(['list', '--all', '--json']);
    const { accounts, tasks } = JSON.parse(stdout);
    expect(accounts).toEqual([{ account: 'prod', known: true, lastCompleteAt: expect.stringMatching(/^\d{4}-.*Z$/) }]);
    expect(tasks.map(({ taskId }: { taskId: string }) => taskId)).toEqual([
      'rep-risk',
      'rep-late',
      'rep-soon',
      'rep-booked',
    ]);
    expect(tasks[0]).toMatchObject({ alias: HOSTILE, dataLoss: true, deadline: null, deadlineCertainty: 'none' });
    expect(tasks[1]).toMatchObject({
      account: 'prod',
      taskStatus: 1,
      deadlineCertainty: 'stated',
      zone: 'ap-guangzhou-7',
    });
  });

  it('shows only what passes the filters, and does not say then that nothing is pending', async () => {
    const ids = async (...filters: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await stage.run(['list', '--json', ...filters]);
      return JSON.parse(stdout).tasks.map(({ taskId }: { taskId: string }) => taskId);
    };
    expect(await ids('--task-type', '103')).toEqual(['rep-risk']);
    expect(await ids('--task-status', '2,4')).toEqual(['rep-soon', 'rep-booked']);
    expect(await ids('--alias', 'shop-*', '--zone', 'ap-guangzhou-7', '--account', 'prod')).toEqual(['rep-late']);
    const none = await stage.run(['list', '--text', 'no such text']);
    expect(none.stdout).toMatch(/^No stored task passes these filters\.\nprod: read completely/);
    const remoteOnly = await stage.run(['list', '--limit', '5']);
    expect(remoteOnly).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('add --remote') });
  });

  it('does not say that nothing waits while an account was not read', async () => {
    const other = await openCliStage({ poll: { schedule: '*/30 * * * *', timezone: 'Asia/Shanghai' } });
    other.sandbox.fault({ kind: 'blocked' });
    await other.run(['once']);
    const unread = await other.run(['list']);
    other.sandbox.clearFaults();
    await other.run(['once']);
    const read = await other.run(['list']);
    await other.close();
    expect(unread.stdout).toMatch(/^Whether a task waits is not known\.\nprod: not known, never read/);
    expect(read.stdout).toMatch(/^Nothing is pending: every account was read completely\.\nprod: read completely/);
  });
});

describe('explain', () => {
  it('tells each change, old → new, with its time, and the next step while the task waits', async () => {
    const { code, stdout } = await stage.run(['explain', 'rep-late']);
    expect(code).toBe(0);
    const time = String.raw`\w{3} \d{4}-\d\d-\d\d \d\d:\d\d GMT\+8`;
    expect(stdout).toMatch(new RegExp(`^First seen +${time}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^• ${time}: First seen: Pending authorization$`, 'm'));
    expect(stdout.replaceAll('\n  ', ' ')).toMatch(new RegExp(`^• ${time}: Changed: .*${time} → ${time}`, 'm'));
    expect(stdout).toContain(
      `tccli cvm RepairTaskControl --Product CVM --InstanceIds '["ins-late"]' --TaskId rep-late`,
    );
  });

  it('takes an instance, and gives no command for a task that no longer waits', async () => {
    const { code, stdout } = await stage.run(['explain', 'ins-soon', '--language', 'zh-CN']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/待授权 → 处理中/);
    expect(stdout).not.toContain('tccli');
  });

  it('ends with 1 and a sentence for an id that nobody knows', async () => {
    const end = await stage.run(['explain', 'rep-nobody']);
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toMatch(/^No task .* "rep-nobody"; .*\n$/);
  });
});

describe('what was read and sent', () => {
  it('is in polls and deliveries, for people and programs', async () => {
    const polls = await stage.run(['polls', '--account', 'prod', '--limit', '1']);
    expect(polls.stdout).toMatch(/^Poll +Account .*\n\d+ +prod +poll .* complete +\d+ +4\n$/);
    for (const more of [[], ['--json']])
      expect(await stage.run(['polls', '--account', 'pord', ...more])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: 'There is no account "pord" in the configuration; did you mean prod?\n',
      });
    const [newest] = JSON.parse((await stage.run(['polls', '--account', 'prod', '--limit', '1', '--json'])).stdout);
    expect(await stage.run(['polls', String(newest.id), '--account', 'prod'])).toMatchObject({ code: 0 });
    expect(await stage.run(['polls', String(newest.id), '--account', 'games'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `Poll ${newest.id} is one of account prod, not of "games"; leave --account out.\n`,
    });
    const { stdout } = await stage.run(['polls', '--json']);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ kind: 'poll', result: 'complete', account: 'prod' }),
    );
    const deliveries = await stage.run(['deliveries'], { COLUMNS: '80' });
    expect(deliveries.stdout).toMatch(/^rw-[a-z2-7]{10} +slack +\S+ +delivered +1 /m);
    const json = await stage.run(['deliveries', '--json', '--limit', '1']);
    expect(JSON.parse(json.stdout)).toHaveLength(1);
    expect((await stage.run(['deliveries', '--state', 'dead'])).stdout).toBe('No message is dead.\n');
  });
});
