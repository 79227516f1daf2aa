import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PollRecord } from '../../src/model/poll.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Arrival } from '../../src/sandbox/sandbox.ts';
import { captured } from '../support/captured.ts';
import { fromTheNextPoll } from '../support/from-the-next-poll.ts';
import type { LogLine } from '../support/program.ts';
import { type Service, type ServiceKit, startKit, timesMailed } from '../support/service-kit.ts';

const DEADLINE_MS = 1_000;
const OWN_KEYS = ['hanging', 'trickling', 'flooding', 'lying', 'garbling', 'novel'] as const;
const KEYS = ['shared', 'for-role', 'falling-silent', ...OWN_KEYS] as const;
const ROLE = { roleArn: 'qcs::cam::uin/100000000002:roleName/reader', sessionName: 'repairwatch' };
const LYING_IDS = Array.from({ length: 8 }, (_, number) => `rep-lying-${number}`);

const keyOf = (name: string) => ({ secretId: `AKID0${name}`, secretKey: `secret0key0of0${name}` });

let kit: ServiceKit;
let service: Service;

beforeAll(async () => {
  kit = await startKit({ sandbox: { keys: KEYS.map(keyOf) } });
  const account = (name: string, key: string, more: object = {}) => {
    return { name, endpoint: kit.sandbox.url, ...keyOf(key), ...more };
  };
  kit.configure({
    accounts: [
      account('sound', 'shared', { product: 'CVM' }),
      account('same-key', 'shared', { product: 'CDH' }),
      account('in-a-role', 'for-role', { assumeRole: ROLE }),
      ...OWN_KEYS.map((name) => account(name, name)),
      // Of an origin of its own: accounts of one share their connections, so another's request would meet the silent one.
      account('falling-silent', 'falling-silent', { endpoint: kit.sandbox.url.replace('127.0.0.1', 'localhost') }),
    ],
    poll: { schedule: '* * * * * *', timezone: 'Asia/Shanghai', requestTimeout: `${DEADLINE_MS / 1000}s` },
  });
  for (const TaskId of LYING_IDS) worldOf('lying').add({ TaskId });
  // STS is asked at the same server: the role's key never comes.
  suffer('for-role', { kind: 'hang' });
  service = kit.start();
  const names = ['sound', 'same-key', 'falling-silent', ...OWN_KEYS];
  await Promise.all(names.map((name) => service.waitForLog('backfill-finished', ({ account }) => account === name)));
});

afterAll(() => kit.close());

const worldOf = (key: string) => kit.sandbox.world(keyOf(key).secretId);
const suffer = (key: string, fault: Fault<Arrival>) => kit.sandbox.fault({ ...fault, key: keyOf(key).secretId });
const isCdh = ({ body }: Arrival): boolean => body.includes('"Product":"CDH"');
const isOf = (key: string) => (arrival: Arrival) => arrival.secretId === keyOf(key).secretId;

/** Polls of the account that ended since that line of the log. */
const ended = (name: string, since: number): readonly LogLine[] =>
  service.log.slice(since).filter(({ event, account }) => event === 'poll-finished' && account === name);

const untilEnded = (name: string, since: number, count: number) => {
  const before = ended(name, 0).length - ended(name, since).length;
  return service.waitForLog('poll-finished', ({ account }) => account === name, before + count);
};

/** Answers that the faults spoilt. */
const spoilt = (count: number, key: string, hit: (arrival: Arrival) => boolean = () => true) =>
  kit.sandbox.answers.untilCount(
    count,
    ({ outcome, arrival }) => outcome.startsWith('fault:') && isOf(key)(arrival) && hit(arrival),
  );

async function ledger(account: string): Promise<readonly PollRecord[]> {
  const { stdout } = await kit.run(['polls', '--account', account, '--limit', '100', '--json']);
  return JSON.parse(stdout); // the documented form, times aside
}

it('accounts that hang, trickle or flood, one of the same key, and one whose key does not come delay nobody', async () => {
  const isNext = fromTheNextPoll();
  suffer('shared', { kind: 'hang', when: (arrival) => isCdh(arrival) && isNext(arrival) });
  suffer('hanging', { kind: 'hang', when: fromTheNextPoll() });
  suffer('trickling', { kind: 'slow-body', when: fromTheNextPoll() });
  suffer('flooding', { kind: 'huge-body' });
  const troubled = [spoilt(1, 'shared', isCdh), spoilt(1, 'hanging'), spoilt(1, 'trickling'), spoilt(1, 'flooding')];
  await Promise.all(troubled);
  const since = service.log.length;
  const { TaskId } = worldOf('shared').add({ Product: 'CVM' });
  await kit.hook.accepted.until(({ body }) => body.includes(TaskId));
  await untilEnded('sound', since, 2);
  expect(ended('sound', 0).filter(({ result }) => result !== 'complete')).toEqual([]);
  // A poll of theirs takes eight deadlines: whoever waited for one would not have come so far.
  for (const name of ['same-key', 'hanging', 'trickling']) expect(ended(name, since), name).toEqual([]);
});

it('what hangs is asked four times for what waits, each for its deadline, and then no more in that poll', async () => {
  const first = await spoilt(5, 'hanging');
  const asked = first.map(({ arrival: { params } }) => Object(params).TaskStatus);
  expect(asked).toEqual([[1, 2, 4], [1, 2, 4], [1, 2, 4], [1, 2, 4], undefined]);
  const starts = first.map(({ arrival }) => arrival.monotonic);
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(DEADLINE_MS * 0.9);
});

it('a flood is stopped at 8 MB each time: memory stays flat', async () => {
  const sizes: number[] = [];
  for (let floods = 6; floods <= 12; floods += 2) {
    await spoilt(floods, 'flooding');
    sizes.push(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(service.pid)], { encoding: 'utf8' })) / 1024);
  }
  expect(Math.max(...sizes)).toBeLessThan(250);
});

it('a connection that fell silent while it was idle costs a deadline, and not the poll', async () => {
  const since = service.log.length;
  suffer('falling-silent', { kind: 'deaf-when-idle', times: 1 });
  await service.waitForLog('api-retried', ({ account, code }) => account === 'falling-silent' && code === 'timeout');
  await untilEnded('falling-silent', since, 3);
  expect(ended('falling-silent', since).filter(({ result }) => result !== 'complete')).toEqual([]);
  expect((await ledger('falling-silent')).some(({ retries }) => (retries ?? 0) > 0)).toBe(true);
});

it('an API that says there is nothing, of an account that had eight tasks, is not believed', async () => {
  const since = service.log.length;
  suffer('lying', { kind: 'empty-page' });
  await kit.mail.messages.until(({ email }) => /账号 lying 的 8 个未完结任务中有 8 个同时消失/.test(email.text ?? ''));
  await untilEnded('lying', since, 4);
  const polls = (await ledger('lying')).filter(({ result }) => result === 'incomplete');
  expect(polls.length).toBeGreaterThan(0);
  for (const { reason } of polls) expect(reason).toMatch(/8 of 8 open tasks are not listed any more all at once/);
  kit.sandbox.clearFaults();
  await kit.mail.messages.until(({ email }) => (email.text ?? '').includes('账号 lying 的未完结任务已恢复正常判断'));
  const aboutThem = kit.hook.accepted.entries.filter(({ body }) => LYING_IDS.some((id) => body.includes(id)));
  expect(aboutThem.map(({ body }) => /no longer listed/i.test(body))).not.toContain(true);
});

it('an account whose role’s key did not come says so in the ledger', async () => {
  const [oldest] = (await ledger('in-a-role')).filter(({ result }) => result === 'incomplete').toReversed();
  expect(oldest?.reason).toMatch(/^account "in-a-role": no key for the API \(role qcs::cam::.*timeout/);
  expect(oldest?.requests).toBe(0);
});

it('a row that cannot be read is set aside with its text, and told once, and once when it is over', async () => {
  const since = service.log.length;
  const row = { TaskId: 'rep-garbled', TaskStatus: 'soon' };
  suffer('garbling', { kind: 'garbage-row', row, when: ({ body }) => !body.includes('TaskIds') });
  for (const TaskId of ['rep-beside-1', 'rep-beside-2']) worldOf('garbling').add({ TaskId });
  await kit.hook.accepted.until(({ body }) => body.includes('rep-beside-1'));
  await untilEnded('garbling', since, 4);
  kit.sandbox.clearFaults();
  const over = '账号 garbling 的数据已全部可以解析';
  await kit.mail.messages.until(({ email }) => (email.text ?? '').includes(over));
  await kit.hook.accepted.until(({ body }) => body.includes('rep-beside-2'));
  for (const words of ['账号 garbling 有 1 条数据无法解析', over]) expect(timesMailed(kit, words), words).toBe(1);
  const polls = (await ledger('garbling')).filter(({ sets }) => sets.some(({ setAside }) => setAside > 0));
  expect(polls.length).toBeGreaterThan(2);
  // One row of one poll, however many of its sets showed it; the poll read everything else.
  for (const { sets, result } of polls) {
    expect(sets.reduce((sum, { setAside }) => sum + setAside, 0)).toBe(1);
    expect(result).toBe('complete');
  }
  const shown = await kit.run(['polls', String(polls[0]?.id), '--json']);
  expect(JSON.parse(JSON.parse(shown.stdout).setAsideRows[0].raw)).toEqual(row);
});

it('values that no page of the vendor lists are passed on as they came, and told once, together', async () => {
  worldOf('novel').add({ TaskId: 'rep-novel', AuthType: 9, TaskTypeId: 199, Product: 'XPU' });
  const message = await kit.hook.accepted.until(({ body }) => body.includes('rep-novel'));
  for (const value of ['199', 'XPU']) expect(message.body).toContain(value);
  const values = ['AuthType 9', 'TaskTypeId 199', 'Product XPU'];
  const mail = await kit.mail.messages.until(({ email }) => (email.text ?? '').includes('AuthType 9'));
  for (const value of values) expect(mail.email.text).toContain(value);
  await untilEnded('novel', service.log.length, 2);
  for (const value of values) expect(timesMailed(kit, value), value).toBe(1);
});

it('a stop does not wait for what hangs, and no secret came out', async () => {
  suffer('shared', { kind: 'hang' });
  await spoilt(1, 'shared', (arrival) => !isCdh(arrival));
  const end = await service.stop();
  expect(end.code).toBe(0);
  expect(end.tookMs).toBeLessThan(8_000);
  for (const text of captured(kit, [end])) expect(text).not.toContain('secret0key0of0');
});
