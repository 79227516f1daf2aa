import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../src/lib/clock.ts';
import type { World } from '../../src/sandbox/world.ts';
import { ageStore } from '../support/age-store.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';

let stage: CliStage;
let world: World;

beforeEach(async () => {
  stage = await openCliStage({ poll: { schedule: '*/30 * * * *', timezone: 'Asia/Shanghai' } });
  world = stage.sandbox.world();
  await stage.run(['once']);
});

afterEach(() => stage.close());

const inHours = (hours: number): string => stage.sandbox.time(Date.now() + hours * HOUR_MS);
const slack = (text: string) => stage.hook.accepted.entries.filter(({ body }) => body.includes(text));
const mail = (text: string) => stage.mail.messages.entries.filter(({ email }) => (email.text ?? '').includes(text));
describe('ack', () => {
  it('is refused with the new state when that has moved since it was seen, and taken for the new one', async () => {
    const { TaskId } = world.add({ AuthTime: inHours(30) });
    await stage.run(['once']);
    const [told] = slack(`repairwatch ack ${TaskId} --revision 1 --by NAME`);
    expect(told).toBeDefined();
    world.set(TaskId, { AuthTime: inHours(3) });
    await stage.run(['once']);
    const refused = await stage.run(['ack', TaskId, '--revision', '1', '--by', 'ann']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/has changed since revision 1, so nothing was acknowledged: .* --revision 2 /);
    expect(refused.stdout).toMatch(/Pending authorization · starts by itself .* · revision 2$/m);
    const ahead = await stage.run(['ack', TaskId, '--revision', '9', '--by', 'ann']);
    expect(ahead.stderr).toMatch(/is at revision 2 and has had no revision 9, so nothing was acknowledged/);
    expect((await stage.run(['list', '--json'])).stdout).toMatch(/"ack": null/);
    const taken = await stage.run(['ack', TaskId, '--revision', '2', '--by', 'ann']);
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    expect(taken.stdout).toContain(`${TaskId} is acknowledged by ann until it changes`);
    expect((await stage.run(['list'], { COLUMNS: '400' })).stdout).toMatch(
      / +2 +Acknowledged by ann less than a minute/,
    );
    world.set(TaskId, { TaskStatus: 2 });
    await stage.run(['once']);
    const late = await stage.run(['ack', TaskId, '--by', 'bob']);
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('no longer waits') });
    expect(late.stdout).toMatch(/Processing/);
  });

  it('stops the reminders of its task, is shown in the digest, and is in the story of the task', async () => {
    const [mine, other] = [world.add({ AuthTime: inHours(3.5) }), world.add({ AuthTime: inHours(3.5) })];
    await stage.run(['once']);
    await stage.run(['ack', mine.TaskId, '--by', '<!here> ann', '--until', '8h']);
    ageStore(stage.file.storePath, 2);
    await stage.run(['once']);
    expect(slack('left to authorize').map(({ body }) => body.includes(other.TaskId))).toEqual([true]);
    expect(mail('距默认开始')).toHaveLength(1);
    const digest = await stage.run(['digest', 'morning', '--preview']);
    expect(digest.stdout).toMatch(/<!here> ann 已于 .* 认领/);
    const story = await stage.run(['explain', mine.TaskId]);
    expect(story.stdout.replaceAll(/\n +/g, ' ')).toMatch(
      /History\n(?:• .*\n)*• .*: acknowledged by <!here> ann at revision 1, until .*\n(?:• .*\n)*• .*: "reminder" not sent to slack: acknowledged/,
    );
    await stage.run(['ack', mine.TaskId, '--by', 'ann', '--withdraw']);
    await stage.run(['once']);
    expect(slack('Its acknowledgement is over')).toHaveLength(1);
    await stage.run(['once']);
    expect(slack('Its acknowledgement is over')).toHaveLength(1);
  });
});

describe('mute', () => {
  it('holds through restarts, and at its end what still waits is told once', async () => {
    const made = await stage.run([
      'mute',
      '--match',
      'account=prod',
      '--until',
      '3d',
      '--reason',
      'drill',
      '--by',
      'ann',
    ]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [stays, goes] = [world.add(), world.add()];
    await stage.run(['once']);
    world.set(goes.TaskId, { TaskStatus: 3, AuthSource: 'Customer_auth' });
    for (let restart = 0; restart < 2; restart += 1) expect((await stage.run(['once'])).code).toBe(0);
    expect(stage.hook.accepted.entries).toEqual([]);
    expect((await stage.run(['digest', 'morning', '--preview'])).stdout).toMatch(/静默至 .*（ann）：drill/);
    const story = await stage.run(['explain', stays.TaskId, '--json']);
    expect(JSON.parse(story.stdout)).toMatchObject([
      {
        mute: { id: 1, by: 'ann', reason: 'drill', match: { account: ['prod'] } },
        heldBack: [
          { channel: 'mail', event: 'pending', why: 'muted' },
          { channel: 'slack', event: 'pending', why: 'muted' },
        ],
      },
    ]);
    expect((await stage.run(['deliveries'])).stdout).toContain('3 alerts are held back by mutes');
    expect((await stage.run(['mute', '--list'])).stdout).toMatch(/\n1 +account=prod +no .* ann .* drill\n$/);
    expect(await stage.run(['unmute', '1', '--by', 'bob'])).toMatchObject({
      code: 0,
      stdout: 'No longer muted: mute 1.\n',
    });
    await stage.run(['once']);
    await stage.run(['once']);
    expect(stage.hook.accepted.entries).toHaveLength(1);
    expect(slack('Still pending')[0]?.body).toContain(stays.TaskId);
    expect(mail('静默已结束')).toHaveLength(1);
    expect((await stage.run(['explain', stays.TaskId])).stdout).toMatch(/mute 1 .* ended by bob/);
    expect((await stage.run(['mute', '--list'])).stdout).toBe('Nothing is muted.\n');
  });

  it('by a match never covers what may lose data unless it says so', async () => {
    await stage.run(['mute', '--match', 'alias=web-*', '--until', '1h', '--reason', 'drill']);
    const risky = world.add({ Alias: 'web-1', AuthType: 8 });
    world.add({ Alias: 'web-2' });
    await stage.run(['once']);
    expect(stage.hook.accepted.entries.map(({ body }) => body.includes(risky.TaskId))).toEqual([true]);
    const again = await stage.run(['mute', '--match', 'alias=web-*', '--until', '1h', '--reason', 'drill']);
    expect(again.stdout).toMatch(/covers 1\. .*\n1 more may lose data and is not covered without --data-loss\.\n$/);
    const all = await stage.run([
      'mute',
      '--match',
      'alias=web-*',
      '--until',
      '1h',
      '--reason',
      'drill',
      '--data-loss',
    ]);
    expect(all.stdout).toMatch(/covers 2\. /);
  });

  it('works beside the running service', async () => {
    stage.file.change({ poll: { schedule: '* * * * * *', timezone: 'Asia/Shanghai' } });
    const service = stage.start(['run']);
    await service.waitForLog('poll-finished');
    await stage.run(['mute', '--match', 'alias=web-*', '--until', '1h', '--reason', 'drill']);
    const muted = world.add({ Alias: 'web-1' });
    const told = world.add({ Alias: 'db-1' });
    await stage.hook.accepted.until(({ body }) => body.includes(told.TaskId));
    expect(slack(muted.TaskId)).toEqual([]);
    expect((await stage.run(['unmute', '--all'])).code).toBe(0);
    await stage.hook.accepted.until(({ body }) => body.includes(muted.TaskId));
    expect(slack('Still pending')).toHaveLength(1);
  });

  it.each([
    [['rep-1', '--reason', 'x'], /A mute has an end: say --until/],
    [['rep-1', '--until', '8h'], /Say why with --reason/],
    [['--until', '8h', '--reason', 'x'], /Say what to mute/],
    [[], /^Say what to mute: the ID of a task, as in `repairwatch mute rep-xxxxxxx1 --until 8h .*--match account=test/],
    [['rep-1', '--match', 'account=prod'], /the ID of a task, or --match, not both/],
    [['rep-1', '--until', '2026-12-01T09:00', '--reason', 'x'], /with its zone such as/],
    [['rep-1', '--until', '1999-12-01T09:00Z', '--reason', 'x'], /has passed/],
    [['rep-1', '--until', '91d', '--reason', 'x'], /within 90 days/],
    [['--match', 'acount=prod', '--until', '8h', '--reason', 'x'], /did you mean account\?/],
    [['rep-1', '--until', '8h', '--reason', ' '], /--reason is empty/],
  ])('says what is wrong with %j', async (args, says) => {
    const end = await stage.run(['mute', ...args]);
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toMatch(says);
  });

  it('and ack end with 1 for what nobody knows', async () => {
    for (const args of [
      ['mute', 'rep-nobody', '--until', '8h', '--reason', 'x'],
      ['ack', 'rep-nobody', '--by', 'ann'],
      ['unmute', 'rep-nobody'],
    ]) {
      const end = await stage.run(args);
      expect(end).toMatchObject({ code: 1, stdout: '' });
      expect(end.stderr).toContain('"rep-nobody"');
    }
  });
});
