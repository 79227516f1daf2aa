import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PollRecord } from '../../src/model/poll.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import type { Arrival } from '../../src/sandbox/sandbox.ts';
import type { SandboxKey } from '../../src/sandbox/signature.ts';
import { captured } from '../support/captured.ts';
import type { LogLine } from '../support/program.ts';
import { type Service, type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

/** What an account suffers, each by a key of its own, and what the ledger says of it. */
interface Trouble extends Pick<Fault<Arrival>, 'kind' | 'code' | 'times'> {
  readonly account: string;
  /** In the reason of a poll that was not whole; left out: the polls overcome it. */
  readonly reason?: RegExp;
  /** The account's key is a temporary one. */
  readonly token?: string;
}

const TROUBLES: readonly Trouble[] = [
  { account: 'throttled', kind: 'throttle', reason: /RequestLimitExceeded: .*poll\.requestsPerSecond/ },
  {
    account: 'throttled-by-uin',
    kind: 'throttle',
    code: 'RequestLimitExceeded.UinLimitExceeded',
    reason: /RequestLimitExceeded\.UinLimitExceeded: .*poll\.requestsPerSecond/,
  },
  { account: 'internal', kind: 'internal-error', reason: /4 requests, InternalError: / },
  {
    account: 'resource',
    kind: 'unavailable',
    code: 'ResourceUnavailable',
    reason: /4 requests, ResourceUnavailable: /,
  },
  { account: 'service', kind: 'unavailable', reason: /4 requests, ServiceUnavailable: / },
  { account: 'gateway', kind: 'http-502-html', reason: /4 requests, HTTP 502: / },
  { account: 'not-json', kind: 'not-json', reason: /4 requests, bad-body: / },
  { account: 'truncated', kind: 'truncated-json', reason: /4 requests, bad-body: / },
  { account: 'wrong-types', kind: 'wrong-types', reason: /4 requests, bad-body: .*TotalCount/ },
  { account: 'huge', kind: 'huge-body', reason: /4 requests, bad-body: more than 8388608 bytes/ },
  { account: 'reset', kind: 'reset', reason: /4 requests, connection: / },
  { account: 'silent', kind: 'hang', reason: /4 requests, timeout: no whole answer within 1000 ms/ },
  { account: 'slow', kind: 'slow-body', reason: /4 requests, timeout: no whole answer within 1000 ms/ },
  { account: 'refused', kind: 'invalid-value', reason: /refused the request, InvalidParameterValue: / },
  {
    account: 'wrong-region',
    kind: 'invalid-value',
    code: 'UnsupportedRegion',
    reason: /refused the request, UnsupportedRegion: .*check the account's endpoint, region and filter/,
  },
  {
    account: 'no-action',
    kind: 'invalid-value',
    code: 'InvalidAction',
    reason: /refused the request, InvalidAction: .*check the account's endpoint, region and filter/,
  },
  // A connection that answers no more is left; the next try takes another one.
  { account: 'half-open', kind: 'hang', times: 2 },
  { account: 'idle-closed', kind: 'closed-when-idle' },
  { account: 'token-ended', kind: 'token-failure', times: 1, token: 'token0of0no0use' },
  { account: 'garbage', kind: 'garbage-row' },
];

const NAMES = ['sound', ...TROUBLES.map(({ account }) => account)];
const LASTING = TROUBLES.flatMap(({ account, reason }) => (reason === undefined ? [] : [{ account, reason }]));

const keyOfAccount = (account: string): SandboxKey => {
  const { token } = TROUBLES.find((each) => each.account === account) ?? {};
  return {
    secretId: `AKID0${account}`,
    secretKey: `secret0key0of0${account}`,
    ...(token !== undefined && { token }),
  };
};

let kit: ServiceKit;
let service: Service;

beforeAll(async () => {
  kit = await startKit({ sandbox: { keys: NAMES.map(keyOfAccount) } });
  kit.configure({
    accounts: NAMES.map((name) => ({ name, endpoint: kit.sandbox.url, ...keyOfAccount(name) })),
    poll: { schedule: '* * * * * *', timezone: 'Asia/Shanghai', requestTimeout: '1s' },
  });
  service = kit.start();
  await Promise.all(NAMES.map((name) => nextPolls(name, 1)));
});

afterAll(() => kit.close());

const worldOf = (account: string) => kit.sandbox.world(keyOfAccount(account).secretId);

/** So many polls of the account that end after now, whatever their result or with that one. */
async function nextPolls(account: string, count: number, result?: string): Promise<void> {
  await service.waitForLog('poll-finished', isPollOf(account, result), pollsOf(account, result) + count);
}

const isPollOf =
  (account: string, result?: string) =>
  (line: LogLine): boolean =>
    line.event === 'poll-finished' &&
    line['account'] === account &&
    (result === undefined || line['result'] === result);

const pollsOf = (account: string, result?: string): number => service.log.filter(isPollOf(account, result)).length;

const tellings = (taskId: string): number =>
  kit.hook.accepted.entries.filter((request) => textOf(request).includes(taskId)).length;

const told = (taskId: string) => kit.hook.accepted.until((request) => textOf(request).includes(taskId));

async function ledger(account: string): Promise<readonly PollRecord[]> {
  const { stdout } = await kit.run(['polls', '--account', account, '--limit', '200', '--json']);
  return JSON.parse(stdout); // the documented form, times aside
}

const mailSays = (...words: readonly string[]) =>
  kit.mail.messages.until(({ email }) => words.every((word) => email.text?.includes(word)));

describe('while each account but one has a trouble of its own', () => {
  it('the sound one is read at each tick and its tasks are told', async () => {
    for (const trouble of TROUBLES) {
      const { account, reason: _reason, token: _token, ...fault } = trouble;
      kit.sandbox.fault({ ...fault, key: keyOfAccount(account).secretId });
      worldOf(account).add({ TaskId: `rep-of-${account}-1` });
    }
    worldOf('garbage').add({ TaskId: 'rep-early-garbage', CreateTime: kit.sandbox.time(Date.now() - 60_000) });
    const before = pollsOf('sound', 'complete');
    worldOf('sound').add({ TaskId: 'rep-of-sound-1' });
    await told('rep-of-sound-1');
    await Promise.all(LASTING.map(({ account }) => nextPolls(account, 1, 'incomplete')));
    expect(pollsOf('sound', 'complete') - before).toBeGreaterThan(2);
    expect(pollsOf('sound', 'incomplete')).toBe(0);
    for (const { account } of LASTING) expect(tellings(`rep-of-${account}-1`), account).toBe(0);
  });

  it.each(LASTING)('the ledger names the reason of $account', async ({ account, reason }) => {
    const incomplete = (await ledger(account)).filter(({ result }) => result === 'incomplete');
    expect(incomplete.length).toBeGreaterThan(0);
    for (const poll of incomplete) expect(poll.reason).toMatch(reason);
  });

  it('a row that cannot be read is set aside and counted, and its neighbours are told', async () => {
    await told('rep-early-garbage');
    const polls = await ledger('garbage');
    expect(polls.flatMap(({ sets }) => sets.map(({ setAside }) => setAside))).toContain(1);
    await mailSays('garbage', '无法解析');
  });

  it.each(['refused', 'no-action', 'silent'])('the operator is told that %s is not being read', async (account) => {
    await mailSays(account, '完整读取', 'repairwatch polls');
  });
});

describe('when the troubles are over', () => {
  it('each task is told exactly once', async () => {
    kit.sandbox.clearFaults();
    await Promise.all(NAMES.map((name) => told(`rep-of-${name}-1`)));
    await Promise.all(NAMES.map((name) => nextPolls(name, 2, 'complete')));
    for (const name of NAMES) expect(tellings(`rep-of-${name}-1`), name).toBe(1);
    expect(tellings('rep-early-garbage')).toBe(1);
  });

  it.each(['half-open', 'idle-closed', 'token-ended'])('every poll of %s was whole', (account) => {
    expect(pollsOf(account, 'incomplete')).toBe(0);
  });
});

it('no secret is in what was printed, sent or stored', async () => {
  const end = await service.stop();
  expect(end.code).toBe(0);
  for (const text of captured(kit, [end])) expect(/secret0key0of0|token0of0no0use/.exec(text)).toBeNull();
});
