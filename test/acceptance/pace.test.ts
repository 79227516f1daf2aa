import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../src/lib/clock.ts';
import type { PollRecord } from '../../src/model/poll.ts';
import type { Answer, Arrival } from '../../src/sandbox/sandbox.ts';
import { fromTheNextPoll } from '../support/from-the-next-poll.ts';
import type { LogLine } from '../support/program.ts';
import { type Service, type ServiceKit, startKit } from '../support/service-kit.ts';

/** Starts a second as they are configured, and as the API allows them for a while. */
const PACE = 12;
const LIMIT = 5;
/** Of each account of the shared key: its history lasts until the pace has recovered. */
const CLOSED_TASKS = 7_500;
/** Two accounts of one key, one of its own. */
const SHARED = { one: 'CVM', two: 'CDH' } as const;
type SharedName = keyof typeof SHARED;
const SHARED_NAMES = ['one', 'two'] as const;
const THROTTLED = 'RequestLimitExceeded';

const keyOf = (name: string) => ({ secretId: `AKID0${name}`, secretKey: `secret0key0of0${name}` });

let kit: ServiceKit;
let service: Service;
beforeAll(async () => {
  const switches = { requestsPerSecond: Number.POSITIVE_INFINITY };
  kit = await startKit({ sandbox: { keys: [keyOf('shared'), keyOf('alone')], switches } });
  const account = (name: string, key: string, more: object = {}) => {
    return { name, endpoint: kit.sandbox.url, ...keyOf(key), ...more };
  };
  kit.configure({
    accounts: [
      ...SHARED_NAMES.map((name) => account(name, 'shared', { product: SHARED[name] })),
      account('alone', 'alone'),
    ],
    poll: { schedule: '*/3 * * * * *', timezone: 'Asia/Shanghai', requestsPerSecond: PACE },
  });
  const stepMs = (25 * DAY_MS) / CLOSED_TASKS;
  for (const Product of Object.values(SHARED)) {
    const createdAt = (i: number): string => kit.sandbox.time(Date.now() - DAY_MS - i * stepMs);
    const rows = Array.from({ length: CLOSED_TASKS }, (_, i) => ({ Product, TaskStatus: 3, CreateTime: createdAt(i) }));
    kit.sandbox.world(keyOf('shared').secretId).load(rows);
  }
  service = kit.start();
});

afterAll(() => kit.close());

const isShared = ({ secretId }: Arrival): boolean => secretId === keyOf('shared').secretId;
const isOf = (name: SharedName, { body }: Arrival): boolean => body.includes(`"Product":"${SHARED[name]}"`);
const isThrottled = ({ outcome }: Answer): boolean => outcome === THROTTLED || outcome === 'fault:throttle';
/** Of the shared key, from that request of all on. */
const answersSince = (from: number): readonly Answer[] =>
  kit.sandbox.answers.entries.slice(from).filter(({ arrival }) => isShared(arrival));
const answered = (): number => kit.sandbox.answers.entries.length;

type RequestKind = 'live' | 'new' | 'history';

function kindOf({ body }: Arrival): RequestKind {
  if (body.includes('"TaskStatus":[1,2,4]')) return 'live';
  return body.includes('"EndDate"') ? 'history' : 'new';
}

const isPollOf =
  (name: string, result: string) =>
  ({ event, account, ...line }: LogLine): boolean =>
    event === 'poll-finished' && account === name && line['result'] === result;

/** So many whole polls of the account that begin and end after now. */
function nextPolls(name: string, count: number): Promise<LogLine> {
  const isWhole = isPollOf(name, 'complete');
  return service.waitForLog('poll-finished', isWhole, service.log.filter(isWhole).length + count + 1);
}

async function ledger(account: string): Promise<readonly PollRecord[]> {
  const { stdout } = await kit.run(['polls', '--account', account, '--limit', '200', '--json']);
  return JSON.parse(stdout); // the documented form, times aside
}

function sumOf(polls: readonly PollRecord[], field: 'throttles' | 'retries' | 'requests'): number {
  return polls.reduce((sum, poll) => sum + (poll[field] ?? 0), 0);
}

/** How many requests of a history came between what waits and what is new, which follow each other in a poll: for each poll. */
function historyWithinPolls(answers: readonly Answer[]): readonly number[] {
  const within: number[] = [];
  const open = new Map<SharedName, number>();
  for (const { arrival, outcome } of answers) {
    const kind = kindOf(arrival);
    if (kind === 'history') for (const [name, count] of open) open.set(name, count + 1);
    const name = SHARED_NAMES.find((each) => isOf(each, arrival));
    if (name === undefined || kind === 'history') continue;
    if (kind === 'live' && outcome === 'ok') open.set(name, 0);
    const count = open.get(name);
    if (kind === 'new' && count !== undefined) {
      within.push(count);
      open.delete(name);
    }
  }
  return within;
}

it('two accounts of one key take their requests from one pace', async () => {
  const arrivals = await kit.sandbox.arrivals.untilCount(4 * PACE, isShared);
  // A host that is busy holds some back for half a second, and they come with the next ones. Two paces would be twice as fast.
  expect(kit.sandbox.greatestInASecond(keyOf('shared').secretId)).toBeLessThanOrEqual(1.5 * PACE);
  const tookMs = (arrivals.at(-1)?.monotonic ?? 0) - (arrivals[0]?.monotonic ?? 0);
  expect(tookMs).toBeGreaterThan((SECOND_MS * (arrivals.length - 1)) / (1.5 * PACE));
  for (const name of SHARED_NAMES)
    expect(arrivals.filter((arrival) => isOf(name, arrival)).length, name).toBeGreaterThan(PACE / 2);
});

it('where the API allows less, the pace slows down, and polls are whole and in time while two histories are read', async () => {
  const since = answered();
  kit.sandbox.configure({ requestsPerSecond: LIMIT });
  await kit.sandbox.answers.until(({ arrival, outcome }) => isShared(arrival) && outcome === THROTTLED);
  const { TaskId } = kit.sandbox.world(keyOf('shared').secretId).add({ Product: SHARED.one });
  await kit.hook.accepted.until(({ body }) => body.includes(TaskId));
  await Promise.all(SHARED_NAMES.map((name) => nextPolls(name, 2)));
  kit.sandbox.configure({ requestsPerSecond: Number.POSITIVE_INFINITY });
  expect(service.log.filter(({ event }) => event === 'backfill-finished').map(({ account }) => account)).toEqual([
    'alone',
  ]);
  const answers = answersSince(since);
  // One that went on as fast would have each refused: those that are count as well.
  expect(answers.filter(isThrottled).length).toBeLessThan(answers.length / 2);
  const within = historyWithinPolls(answers);
  expect(within.length).toBeGreaterThanOrEqual(4);
  // Dozens wait at any time; whoever queued behind them would come after as many.
  expect(within.reduce((sum, count) => sum + count, 0)).toBeLessThan(4 * within.length);
});

it('once the API allows more again the pace recovers, and nothing is refused any more', {
  timeout: 120_000,
}, async () => {
  const since = answered();
  const recent: number[] = [];
  await kit.sandbox.arrivals.until((arrival) => {
    if (!isShared(arrival) || kit.sandbox.arrivals.entries.indexOf(arrival) < since) return false;
    recent.push(arrival.monotonic);
    return arrival.monotonic - (recent.at(-2 * LIMIT) ?? Number.NEGATIVE_INFINITY) < SECOND_MS;
  });
  await Promise.all(
    SHARED_NAMES.map((name) =>
      service.waitForLog('backfill-finished', ({ account, complete }) => account === name && complete === true),
    ),
  );
  expect(answersSince(since).filter(isThrottled)).toEqual([]);
  for (const name of SHARED_NAMES) {
    const parts = service.log.filter(({ event, account }) => event === 'backfill-finished' && account === name);
    expect(
      parts.reduce((sum, { tasks }) => sum + Number(tasks), 0),
      name,
    ).toBe(CLOSED_TASKS);
  }
});

it('an account of another key was refused nothing, and a poll that is throttled twice says so in the ledger', async () => {
  const own = kit.sandbox.answers.entries.filter(({ arrival }) => !isShared(arrival));
  expect(own.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  kit.sandbox.fault({ kind: 'throttle', times: 2, key: keyOf('alone').secretId, when: fromTheNextPoll() });
  await kit.sandbox.answers.untilCount(2, ({ outcome }) => outcome === 'fault:throttle');
  await nextPolls('alone', 0);
  const [poll] = (await ledger('alone')).filter(({ throttles }) => (throttles ?? 0) > 0);
  expect(poll).toMatchObject({ kind: 'poll', result: 'complete', requests: 4, retries: 2, throttles: 2 });
  expect(poll?.sets[0]).toMatchObject({ set: 'live', requests: 3, complete: true });
});

it('the ledger counts each refusal where it happened, and the try that followed it', async () => {
  await service.stop();
  let retries = 0;
  for (const name of SHARED_NAMES) {
    const polls = await ledger(name);
    const refused = kit.sandbox.answers.entries.filter(
      (answer) => isShared(answer.arrival) && isOf(name, answer.arrival) && isThrottled(answer),
    );
    expect(sumOf(polls, 'throttles'), name).toBe(refused.length);
    // A fourth try that is refused has none after it.
    expect(sumOf(polls, 'retries'), name).toBeLessThanOrEqual(refused.length);
    retries += sumOf(polls, 'retries');
    const ofHistory = refused.filter(({ arrival }) => kindOf(arrival) === 'history').length;
    const history = polls.filter(({ kind }) => kind === 'backfill');
    expect(sumOf(history, 'throttles'), name).toBe(ofHistory);
  }
  expect(retries).toBeGreaterThan(0);
});
