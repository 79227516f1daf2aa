import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/registry.ts';
import { type CliStage, openCliStage } from '../support/cli-stage.ts';
import { startProgram } from '../support/program.ts';

let stage: CliStage;

beforeEach(async () => {
  stage = await openCliStage();
});

afterEach(() => stage.close());

describe('run', () => {
  it('logs JSON lines with the warnings of the configuration, and ends cleanly at SIGTERM', async () => {
    const service = stage.start(['run']);
    const warning = await service.waitForLog('configuration-warning');
    expect(warning).toMatchObject({ level: 'warn', warning: expect.stringContaining('heartbeat') });
    const started = await service.waitForLog('service-started');
    expect(started).toMatchObject({ level: 'info', accounts: ['prod'], time: expect.stringMatching(/Z$/) });
    await service.waitForLog('poll-finished');
    service.kill('SIGTERM');
    expect(await service.exited).toMatchObject({ code: 0, stderr: '' });
    expect(service.log.map(({ event }) => event).slice(-2)).toEqual(['stopping', 'service-stopped']);
    expect(service.log.filter(({ level }) => level === 'not-json')).toEqual([]);
  });

  it('ends within 8 s when it is told to while a delivery hangs, at once when it is told twice', async () => {
    stage.sandbox.world().add();
    stage.hook.fault({ kind: 'hang' });
    const patient = stage.start(['run']);
    await stage.hook.requests.untilCount(1);
    const since = performance.now();
    patient.kill('SIGTERM');
    expect((await patient.exited).code).toBe(0);
    expect(performance.now() - since).toBeLessThan(8 * SECOND_MS);

    const hurried = stage.start(['run']);
    await stage.hook.requests.untilCount(2);
    hurried.kill('SIGTERM');
    await hurried.waitForLog('stopping');
    hurried.kill('SIGTERM');
    expect((await hurried.exited).code).toBe(128 + 15);
    expect(hurried.log.map(({ event }) => event)).not.toContain('service-stopped');
  });

  it('is refused beside another one, which goes on; what only looks is not', async () => {
    const first = stage.start(['run']);
    await first.waitForLog('poll-finished');
    for (const command of ['run', 'once']) {
      const { code, stderr } = await stage.run([command]);
      expect(stderr).toMatch(
        new RegExp(`^The store \\S+ is in use by process ${first.pid} since .+; stop it first.*\\n$`),
      );
      expect(code).toBe(1);
    }
    for (const command of ['list', 'polls', 'deliveries', 'requeue --all', 'check --online']) {
      expect(await stage.run(command.split(' '))).toMatchObject({ code: 0, stderr: '' });
    }
    const polls = first.log.length;
    await first.waitForLog('poll-finished', (line) => first.log.indexOf(line) >= polls);
    first.kill('SIGKILL');
    await first.exited;
    expect((await stage.run(['once'])).code).toBe(0);
  });

  it('ends quietly when nobody reads its log any more', async () => {
    const service = stage.start(['run']);
    await service.waitForLog('service-started');
    service.closeOutput();
    expect(await service.exited).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('health', () => {
  /** Writes beside whoever owns the store. */
  async function beat(loop: string, at: number): Promise<void> {
    const store = await openStore(
      { engine: 'sqlite', path: stage.file.storePath },
      { mode: 'guest', clock: systemClock },
    );
    await store.beat({ loop, at, withinMs: 90 * SECOND_MS });
    await store.close();
  }

  it('is good while every loop beats, and names the one that is silent', async () => {
    const service = stage.start(['run']);
    await service.waitForLog('poll-finished');
    const good = await stage.run(['health']);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toMatch(/^alive: 4 loops beat, the last one \d+ s ago\n$/);
    service.kill('SIGKILL');
    await service.exited;
    const at = systemClock.now() - 91 * SECOND_MS;
    await beat('clock', at);
    const silent = await stage.run(['health']);
    expect(silent.code).toBe(1);
    const since = new Date(at).toISOString();
    expect(silent.stdout).toMatch(
      new RegExp(`^not alive: loop "clock" is silent since ${since} \\(9\\d s ago\\); it should beat within 90s\\n$`),
    );
    expect(JSON.parse((await stage.run(['health', '--json'])).stdout)).toMatchObject({ alive: false });
  });

  it('is bad while none has ever beaten, and judges no loop of an earlier process', async () => {
    await stage.run(['once']);
    const none = await stage.run(['health']);
    expect([none.code, none.stdout]).toEqual([1, 'not alive: no loop has ever beaten; start `repairwatch run`\n']);
    await beat('polls of an account that is gone', 0);
    const service = stage.start(['run']);
    await service.waitForLog('poll-finished');
    expect((await stage.run(['health'])).code).toBe(0);
  });
});

describe('sandbox', () => {
  it('serves alone until the signal, and says how to point an account at it', async () => {
    const sandbox = startProgram(['sandbox', '--port', '0']);
    const { event } = await sandbox.waitForLine((line) => line.startsWith('The sandbox listens on'));
    expect(event).toMatch(/http:\/\/127\.0\.0\.1:\d+;/);
    sandbox.kill('SIGINT');
    expect(await sandbox.exited).toMatchObject({ code: 0, stderr: '' });
  });
});
