import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';

const KEY = /rw-[a-z2-7]{10}/;

let stage: CliStage;

beforeEach(async () => {
  stage = await openCliStage();
});

afterEach(() => stage.close());

describe('send-test', () => {
  it('sends one sample of each kind, each called a sample, a line for each outcome', async () => {
    const { code, stdout, stderr } = await stage.run(['send-test', 'mail']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(9);
    for (const line of lines) expect(line).toMatch(/^ok {6}【样例】.*: delivered \(250 .*\)$/);
    const subjects = stage.mail.messages.entries.map(({ email }) => email.subject);
    expect(subjects).toHaveLength(9);
    for (const subject of subjects) expect(subject).toContain('样例');
  });

  it('keeps the pace of the channel, and a signal ends it', async () => {
    const program = stage.start(['send-test', 'slack']);
    const [first, second] = await stage.hook.accepted.untilCount(2);
    program.kill('SIGINT');
    const { code, stderr } = await program.exited;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(950);
    expect([code, stderr]).toEqual([1, 'It was stopped before all samples were sent.\n']);
  });

  it('ends with 1 and the reasons when the channel does not take them', async () => {
    stage.mail.fault({ kind: 'refuse', step: 'sender', code: 550, text: 'who are you' });
    const { code, stdout } = await stage.run(['send-test', 'mail']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAILED .*: \w+, .*550/m);
  });

  it('knows the nearest name', async () => {
    const end = await stage.run(['send-test', 'slak']);
    expect(end).toMatchObject({ code: 2, stdout: '' });
    expect(end.stderr).toBe('There is no channel "slak" in the configuration; did you mean slack?\n');
  });
});

describe('digest --preview', () => {
  it('prints the next digest, or writes the mail, and sends and takes nothing', async () => {
    stage.sandbox.world().add({ Alias: '订单服务-07' });
    await stage.run(['once']);
    const sent = stage.mail.tries.entries.length;
    const text = await stage.run(['digest', 'morning', '--preview', '--language', 'en']);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^Digest morning: 1 pending/);
    expect(text.stdout).toMatch(/^New: 1$/m);
    const path = join(stage.file.directory, 'digest.html');
    const written = await stage.run(['digest', 'morning', '--preview', '--out', path]);
    expect(written).toMatchObject({ code: 0, stdout: `The next digest, as it would be mailed, is in ${path}.\n` });
    const html = readFileSync(path, 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('订单服务-07');
    expect(html).toContain('待授权');
    expect((await stage.run(['digest', 'morning', '--preview', '--language', 'en'])).stdout).toMatch(/^New: 1$/m);
    expect(stage.mail.tries.entries).toHaveLength(sent);
  });

  it('ends with a sentence for an unknown digest, and for a file that cannot be written', async () => {
    await stage.run(['once']);
    const unknown = await stage.run(['digest', 'moning', '--preview']);
    expect(unknown).toMatchObject({
      code: 2,
      stderr: 'There is no digest "moning" in the configuration; did you mean morning?\n',
    });
    const nowhere = join(stage.file.directory, 'no', 'such', 'folder.html');
    const unwritten = await stage.run(['digest', 'morning', '--preview', '--out', nowhere]);
    expect(unwritten.code).toBe(1);
    expect(unwritten.stderr).toMatch(/folder\.html cannot be written \(ENOENT\)/);
  });
});

describe('requeue', () => {
  it('makes a dead message wait again, which the next run sends under the same key', async () => {
    stage.sandbox.world().add();
    stage.hook.fault({ kind: 'status', status: 400, body: 'invalid_blocks' });
    const failed = await stage.run(['once', '--log-level', 'silent']);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/^Next: `repairwatch deliveries --state dead` says why/m);
    const dead = await stage.run(['deliveries', '--state', 'dead'], { COLUMNS: '80' });
    expect(dead.stdout).toMatch(/^rw-\S+ +slack .*\bdead\b.*\n {4}.*invalid_blocks/m);
    const key = KEY.exec(dead.stdout)?.[0] ?? '';

    stage.hook.clearFaults();
    const unknown = await stage.run(['requeue', 'rw-aaaaaaaaaa']);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain('No dead message of a configured channel has the key "rw-aaaaaaaaaa"');
    expect((await stage.run(['requeue', '--channel', 'fax'])).stderr).toContain('There is no channel "fax"');
    expect(await stage.run(['requeue', key])).toMatchObject({ code: 0, stdout: `1 waiting again: ${key}\n` });
    await stage.run(['once']);
    expect(stage.hook.accepted.entries.map(({ body }) => KEY.exec(body)?.[0])).toContain(key);
    expect(await stage.run(['requeue', '--all'])).toMatchObject({ code: 0, stdout: 'No message is dead.\n' });
  });

  it('leaves dead what nobody could send, and says so', async () => {
    stage.sandbox.world().add();
    stage.hook.fault({ kind: 'status', status: 400, body: 'invalid_blocks' });
    await stage.run(['once', '--log-level', 'silent']);
    const mail = { type: 'email', smtp: stage.mail.url, from: 'a@example.com', to: ['b@example.com'] };
    const left = { channels: { mail }, routes: [{ channels: ['mail'] }], operator: { channels: ['mail'] } };
    stage.file.change(left);
    const all = await stage.run(['requeue', '--all']);
    expect(all).toMatchObject({ code: 0, stdout: '' });
    expect(all.stderr).toMatch(/^1 stays dead, since its channel is no longer configured/m);
    expect((await stage.run(['deliveries', '--state', 'dead'])).stdout).toContain(' slack ');
  });
});
