import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS, wholeSecond } from '../../src/lib/clock.ts';
import type { PollRecord } from '../../src/model/poll.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { SANDBOX_KEY } from '../../src/sandbox/signature.ts';
import { type Service, type ServiceKit, startKit, timesMailed } from '../support/service-kit.ts';

/** Twice what the API bears. */
const OFF_MS = 10 * MINUTE_MS;
/** By how much each account's API is ahead of this host from the start; the last one begins to be while the service runs. */
const OFF = { ahead: OFF_MS, behind: -OFF_MS, drifting: 0 } as const;
type Name = keyof typeof OFF;
const NAMES = ['ahead', 'behind', 'drifting'] as const;
const OFF_AT_FIRST = ['ahead', 'behind'] as const;
const EXPIRED = 'AuthFailure.SignatureExpire';
const RUNG_MS = HOUR_MS;
/** Until the reminder: time enough for the first poll to tell the task. */
const RUNG_AFTER_MS = 15 * SECOND_MS;
const DEADLINE_AFTER_MS = 10 * HOUR_MS;
/** The same in words, on a slow machine too, and on no clock that is off by ten minutes. */
const TIME_LEFT = /in (9 h 5[5-9] min|10 h)(?! \d)/;

const { secretId, secretKey } = SANDBOX_KEY;

let kit: ServiceKit;
let service: Service;
let apis: Readonly<Record<Name, Sandbox>>;
/** Each account's task that was there first, and when by this host it starts. */
let deadline: number;

beforeAll(async () => {
  kit = await startKit({ sandbox: { switches: { clockSkewMs: OFF.ahead } } });
  const [behind, drifting] = await Promise.all([
    startSandbox({ switches: { clockSkewMs: OFF.behind } }),
    startSandbox(),
  ]);
  apis = { ahead: kit.sandbox, behind, drifting };
  kit.configure({
    accounts: NAMES.map((name) => ({ name, endpoint: apis[name].url, secretId, secretKey })),
    reminders: ['1h'],
  });
  deadline = wholeSecond(Date.now() + RUNG_MS + RUNG_AFTER_MS);
  for (const name of NAMES) {
    const { time, world } = open(name);
    world.add({ TaskId: `rep-first-${name}`, CreateTime: time(Date.now() - HOUR_MS), AuthTime: time(deadline) });
  }
  service = kit.start();
  await Promise.all(NAMES.map((name) => service.waitForLog('backfill-finished', ({ account }) => account === name)));
});

afterAll(async () => {
  await kit.close();
  await Promise.all([apis.behind.close(), apis.drifting.close()]);
});

const open = (name: Name) => ({ world: apis[name].world(), time: (at: number) => apis[name].time(at) });

const tellings = (taskId: string, count: number) =>
  kit.hook.accepted.untilCount(count, ({ body }) => body.includes(taskId));

const mailed = (words: string) => kit.mail.messages.until(({ email }) => (email.text ?? '').includes(words));

const expiredAt = (name: Name): number =>
  apis[name].answers.entries.filter(({ outcome }) => outcome === EXPIRED).length;

/** So many polls of the account that end after now. */
async function nextPolls(name: Name, count: number): Promise<void> {
  const isOf = ({ event, account }: { event: string; account?: unknown }): boolean =>
    event === 'poll-finished' && account === name;
  await service.waitForLog('poll-finished', isOf, service.log.filter(isOf).length + count);
}

async function ledger(name: Name): Promise<readonly PollRecord[]> {
  const { stdout } = await kit.run(['polls', '--account', name, '--limit', '200', '--json']);
  return JSON.parse(stdout); // the documented form, times aside
}

const notice = (direction: '快' | '慢'): string =>
  `本机 ${hostname()} 的时钟比腾讯云${direction} 10 分钟（读取的 3 个账号中有 1 个如此）`;
const OVER = '的时钟已不再偏差';

/** A task that is created at this moment by the API's clock is told with the time that is left by this host's; so is its end. */
async function expectToldWithItsEnd(name: Name, taskId: string): Promise<void> {
  const { world, time } = open(name);
  world.add({ TaskId: taskId, AuthTime: time(Date.now() + DEADLINE_AFTER_MS) });
  const [pending] = await tellings(taskId, 1);
  expect(pending?.body).toMatch(TIME_LEFT);
  // An API whose clock is set back does not list what it has from its future: nobody may wait for that.
  world.set(taskId, { TaskStatus: 5 });
  await tellings(taskId, 2);
}

describe('an API whose clock is ten minutes ahead, and one that is as much behind', () => {
  it('refuse one request, and are read and told of as any other', async () => {
    await Promise.all(OFF_AT_FIRST.map((name) => tellings(`rep-first-${name}`, 1)));
    await Promise.all(OFF_AT_FIRST.map((name) => expectToldWithItsEnd(name, `rep-second-${name}`)));
    for (const name of OFF_AT_FIRST) {
      expect(apis[name].answers.entries[0]?.outcome).toBe(EXPIRED);
      expect(expiredAt(name)).toBe(1);
    }
  });

  it('are told to the operator once for each direction, with the amount', async () => {
    const notices = [notice('慢'), notice('快')];
    await Promise.all(notices.map(mailed));
    await Promise.all(OFF_AT_FIRST.map((name) => nextPolls(name, 2)));
    for (const words of notices) expect(timesMailed(kit, words), words).toBe(1);
  });

  it.each(OFF_AT_FIRST)(
    'cost one retry, leave all polls whole, and are in each row of the ledger: %s',
    async (name) => {
      const polls = (await ledger(name)).filter(({ result }) => result !== null);
      expect(polls.every(({ result }) => result === 'complete')).toBe(true);
      expect(polls.map(({ retries }) => retries)).toEqual([...polls.slice(1).map(() => 0), 1]);
      // A Date header says whole seconds, and was written a while before it is read.
      for (const { clockOffsetMs } of polls)
        expect(Math.abs((clockOffsetMs ?? Number.NaN) - OFF[name])).toBeLessThan(10 * SECOND_MS);
    },
  );
});

it('an API whose clock begins to be off as another one’s is corrected at once, and not told again', async () => {
  await nextPolls('drifting', 1);
  expect(expiredAt('drifting')).toBe(0);
  apis.drifting.configure({ clockSkewMs: OFF_MS });
  await expectToldWithItsEnd('drifting', 'rep-second-drifting');
  expect(expiredAt('drifting')).toBe(1);
});

it('when the clocks agree again each account is corrected back, and that is told once for each direction', async () => {
  for (const name of NAMES) apis[name].configure({ clockSkewMs: 0 });
  await Promise.all(NAMES.map((name) => expectToldWithItsEnd(name, `rep-third-${name}`)));
  await Promise.all(NAMES.map((name) => nextPolls(name, 2)));
  await kit.mail.messages.until(() => timesMailed(kit, OVER) === 2);
  expect(NAMES.map(expiredAt)).toEqual([2, 2, 2]);
});

it('deadlines are what the API said, and reminders come by the clock of this host', async () => {
  const { stdout } = await kit.run(['list', '--json']);
  const { tasks } = JSON.parse(stdout);
  for (const name of NAMES) {
    const { taskId, deadline: shown } = tasks.find((task: { taskId: string }) => task.taskId === `rep-first-${name}`);
    expect({ taskId, shown }).toEqual({ taskId: `rep-first-${name}`, shown: new Date(deadline).toISOString() });
    const made = await service.waitForLog('reminder-made', ({ task }) => task === taskId);
    expect(made).toMatchObject({ account: name, rungMs: RUNG_MS });
  }
});

it('nothing else was told to the operator, no task was told twice, and no poll was incomplete', async () => {
  await service.stop();
  expect(timesMailed(kit, '的时钟')).toBe(4);
  expect(timesMailed(kit, '账号 ')).toBe(0);
  for (const name of NAMES) {
    for (const which of ['second', 'third'])
      expect(kit.hook.accepted.entries.filter(({ body }) => body.includes(`rep-${which}-${name}`))).toHaveLength(2);
    expect((await ledger(name)).map(({ result }) => result)).not.toContain('incomplete');
  }
});
