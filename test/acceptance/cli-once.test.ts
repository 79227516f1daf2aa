import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/clock.ts';
import type { Arrival } from '../../src/sandbox/sandbox.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';

let stage: CliStage;

beforeEach(async () => {
  stage = await openCliStage();
});

afterEach(() => stage.close());

describe('once', () => {
  it('reads, sends and says so; a second one has nothing to send', async () => {
    stage.sandbox.world().add({ Alias: 'shop-web-01' });
    const first = await stage.run(['once']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toBe(
      'account prod: complete, 1 task read, 1 open\nmessages: 2 delivered, 0 waiting, 0 dead\n',
    );
    const second = await stage.run(['once', '--json']);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ dryRun: false, well: true, delivered: 0, waiting: 0, dead: 0 });
    expect([stage.hook.accepted.entries.length, stage.mail.messages.entries.length]).toEqual([1, 1]);
  });

  it('ends with 1 and the next step when an account may not be read', async () => {
    stage.sandbox.fault({ kind: 'blocked' });
    const { code, stdout } = await stage.run(['once', '--log-level', 'error']);
    expect(stdout).toMatch(
      /^account prod: incomplete, nothing could be read: .*UnauthorizedOperation.*cvm:DescribeTaskInfo/m,
    );
    expect(stdout).toMatch(/^Next: `repairwatch check --online`/m);
    expect(code).toBe(1);
  });

  it('ends with 1 while a message waits, and says what happens next', async () => {
    stage.sandbox.world().add();
    stage.hook.fault({ kind: 'status', status: 503 });
    const first = await stage.run(['once', '--log-level', 'error']);
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/ 1 waiting, 0 dead$/m);
    expect(first.stdout).toMatch(/^waiting: rw-\w{10} for slack, \d+ tries: Slack answered 503: trouble at Slack$/m);
    expect(first.stdout).toMatch(/^Next: what waits is tried again/m);
    const { stdout } = await stage.run(['deliveries', '--state', 'waiting']);
    expect(stdout).toMatch(/\bslack\b.*\bwaiting\b[^\n]*\n {4}.*503/);
  });

  it('names what may have been accepted, too, which waits for its lease', async () => {
    stage.sandbox.world().add();
    stage.hook.fault({ kind: 'accept-then-reset' });
    const { code, stdout } = await stage.run(['once', '--log-level', 'error']);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^waiting: rw-\w{10} for slack, 1 try: no answer/m)]);
  });

  it('tries once more what failed, and so delivers in spite of a short disturbance', async () => {
    stage.sandbox.world().add();
    stage.hook.fault({ kind: 'status', status: 503, times: 1 });
    const { code, stdout } = await stage.run(['once', '--log-level', 'error']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('messages: 2 delivered, 0 waiting, 0 dead')]);
  });

  it('sends also what only the history brings to light', async () => {
    stage.sandbox.world().add({ TaskStatus: 3, CreateTime: stage.sandbox.time(Date.now() - 3 * DAY_MS) });
    const ofHistory = ({ params }: Arrival): boolean => JSON.stringify(params).includes('"EndDate"');
    stage.sandbox.fault({ kind: 'garbage-row', when: ofHistory });
    const { code, stdout } = await stage.run(['once', '--log-level', 'error']);
    expect(stdout).toMatch(/^messages: [1-9]\d* delivered, 0 waiting, 0 dead$/m);
    expect(code).toBe(0);
  });

  it('stops at a signal with a sentence, and the next one goes on from there', async () => {
    stage.sandbox.world().add();
    stage.sandbox.fault({ kind: 'hang', times: 1 });
    const program = stage.start(['once', '--log-level', 'silent']);
    await stage.sandbox.arrivals.untilCount(1);
    program.kill('SIGTERM');
    const end = await program.exited;
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toBe('It was stopped before its end; the next run goes on from there.\n');
    expect((await stage.run(['once'])).stdout).toMatch(/^account prod: complete, 1 task read, 1 open$/m);
  });

  it('ends with 2 on a wrong configuration, every problem on stderr', async () => {
    stage.file.change({
      poll: { schedule: 'never' },
      digests: [{ name: 'x', schedule: '* * * * *', channels: ['fax'] }],
    });
    const { code, stdout, stderr } = await stage.run(['once']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(stderr).toContain('poll.schedule');
    expect(stderr).toContain('fax');
  });
});

describe('once --dry-run', () => {
  const EMPTY = createHash('sha256').digest('hex');

  /** Every file of the store with its contents' hash; an empty log of SQLite's and its index are not the store's. */
  const files = (): Record<string, string> => {
    const directory = dirname(stage.file.storePath);
    const names = existsSync(directory) ? readdirSync(directory) : [];
    const hash = (name: string): string =>
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex');
    const all = names.filter((name) => !name.endsWith('-shm')).map((name) => [name, hash(name)] as const);
    return Object.fromEntries(all.filter(([name, hashed]) => !(name.endsWith('-wal') && hashed === EMPTY)));
  };

  async function dryRun() {
    const TMPDIR = join(stage.file.directory, 'tmp');
    mkdirSync(TMPDIR, { recursive: true });
    const end = await stage.run(['once', '--dry-run'], { TMPDIR });
    expect(readdirSync(TMPDIR)).toEqual([]);
    return end;
  }

  it('prints what would be sent without a store, and makes none', async () => {
    stage.sandbox.world().add({ Alias: '归档数据库-02' });
    const { code, stdout, stderr } = await dryRun();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^── would be sent to slack \(slack\) ──$/m);
    expect(stdout).toMatch(/^── would be sent to mail \(email\) ──$/m);
    expect(stdout).toContain('归档数据库-02');
    expect(stdout).toMatch(/^messages: 2 would be sent, 0 waiting, 0 dead\nThis was a dry run: /m);
    expect(files()).toEqual({});
    expect([stage.hook.requests.entries.length, stage.mail.tries.entries.length]).toEqual([0, 0]);
  });

  it('leaves a store as it is, knows what is in it, and leaves the news for the real run', async () => {
    const world = stage.sandbox.world();
    world.add({ Alias: 'known' });
    await stage.run(['once']);
    const before = files();
    const sent = stage.hook.requests.entries.length;
    world.add({ Alias: 'fresh' });
    const { code, stdout } = await dryRun();
    expect(code).toBe(0);
    expect(stdout).toContain('fresh');
    expect(stdout).not.toContain('known');
    expect(files()).toEqual(before);
    expect(stage.hook.requests.entries).toHaveLength(sent);
    await stage.run(['once']);
    expect(stage.hook.accepted.entries.at(-1)?.body).toContain('fresh');
  });

  it('works beside a running service', async () => {
    stage.file.change({ poll: { schedule: '0 0 1 1 *', timezone: 'Asia/Shanghai' } });
    const service = stage.start(['run']);
    await service.waitForLog('backfill-finished');
    stage.sandbox.world().add({ Alias: 'between two polls' });
    const { code, stdout } = await dryRun();
    expect(code).toBe(0);
    expect(stdout).toContain('between two polls');
    expect(stage.hook.requests.entries).toHaveLength(0);
  });
});
