import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountConfig } from '../../../src/config/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import type { OperatorNotice } from '../../../src/model/alert.ts';
import { audit } from '../../../src/poll/audit.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { poll } from '../../../src/poll/poll.ts';
import { createRoute } from '../../../src/poll/route.ts';
import type { TaskReader } from '../../../src/poll/task-reader.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { ACCOUNT, NOW, type PollKit, pollKit } from '../../support/poll-kit.ts';
import { waitingAlerts } from '../../support/store-world.ts';

const never = new AbortController().signal;

let world: ModelWorld;
let kit: PollKit;
/** What every page says of values that the vendor's page does not list. */
let unknownValues: readonly string[];

const reader: TaskReader = {
  async read(query) {
    const answer = await world.read(query);
    return answer.ok ? { ...answer, page: { ...answer.page, unknownValues } } : answer;
  },
};

async function begin(account: AccountConfig = ACCOUNT): Promise<void> {
  world = new ModelWorld(NOW);
  world.birth(NOW - HOUR_MS);
  unknownValues = [];
  kit = await pollKit(reader, account);
}

beforeEach(() => begin());

const see = () => poll(kit.account, kit.deps, never);
const readAll = async () => {
  await see();
  await backfill(kit.account, kit.deps, never);
};

async function notices(): Promise<OperatorNotice[]> {
  const waiting = await waitingAlerts(kit.store, 'ops', NOW);
  return waiting.flatMap(({ subject }) => (subject.kind === 'operator' ? [subject.notice] : []));
}

describe('a task in a second that was proven before', () => {
  it('is told as a sign of a wrong offset or of a late row, once for all of them', async () => {
    await readAll();
    const late = world.birth(NOW - 2 * DAY_MS);
    await see();
    world.birth(NOW - 3 * DAY_MS);
    await see();
    expect(await notices()).toMatchObject([
      { code: 'late-task', over: false, facts: { account: 'prod', taskId: late, kind: 'proven-second' } },
    ]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the first run', async () => undefined],
    ['the first backfill', see],
  ])('says nothing before the end of %s', async (_name, prepare) => {
    await prepare();
    world.birth(NOW - 2 * DAY_MS);
    await see();
    expect(await notices()).toEqual([]);
  });

  it('is told of a zone that is set too far east, whose every new task seems older than the last poll', async () => {
    await readAll();
    await kit.clock.advance(5 * MINUTE_MS);
    const fresh = world.birth(NOW + MINUTE_MS - HOUR_MS);
    await see();
    expect(await notices()).toMatchObject([{ code: 'late-task', facts: { taskId: fresh, kind: 'proven-second' } }]);
  });

  it('says nothing after a change of the filter, which shows other tasks', async () => {
    await readAll();
    await kit.store.syncAccounts([{ name: 'prod', filterKey: 'another' }], NOW);
    world.birth(NOW - 2 * DAY_MS);
    await see();
    expect(await notices()).toEqual([]);
  });

  it('says nothing within the overlap, nor before the lookback, where nothing was proven', async () => {
    await readAll();
    world.birth(NOW - 9 * MINUTE_MS);
    world.birth(NOW - 40 * DAY_MS);
    await see();
    expect(await notices()).toEqual([]);
  });

  it('says nothing where renaming an instance moves old tasks into the filter', async () => {
    await begin({ ...ACCOUNT, filter: { ...ACCOUNT.filter, aliases: ['web-1'] } });
    await readAll();
    world.birth(NOW - 2 * DAY_MS);
    await see();
    expect(await notices()).toEqual([]);
  });
});

it('a CreateTime in the future is told with how far, since everything may be shifted by it', async () => {
  // The model lists only what is created by now; a real API whose zone is read wrongly does not.
  const ahead = new ModelWorld(NOW + HOUR_MS);
  ahead.birth(NOW + 30 * MINUTE_MS);
  const newest = ahead.birth(NOW + 55 * MINUTE_MS);
  const account = { ...kit.account, reader: { ...kit.account.reader, read: ahead.read.bind(ahead) } };
  await poll(account, kit.deps, never);
  await poll(account, kit.deps, never);
  expect(await notices()).toMatchObject([
    { code: 'late-task', facts: { taskId: newest, kind: 'future', offsetMs: 55 * MINUTE_MS } },
  ]);
});

describe('signs that nobody ends', () => {
  it('are over after two days of polls without one, and not while they are still seen', async () => {
    await readAll();
    world.birth(NOW - 2 * DAY_MS);
    unknownValues = ['AuthType 9'];
    await see();
    const codes = async () => (await kit.store.episodes()).map(({ code, subject }) => `${code}: ${subject}`);
    expect(await codes()).toEqual(['late-task: prod proven-second', 'unknown-value: prod AuthType 9']);
    await kit.clock.advance(DAY_MS);
    await see();
    unknownValues = [];
    await kit.clock.advance(DAY_MS - 1);
    await see();
    expect(await codes()).toHaveLength(2);
    await kit.clock.advance(1);
    await see();
    expect(await codes()).toEqual(['unknown-value: prod AuthType 9']);
    await kit.clock.advance(DAY_MS);
    await see();
    expect(await codes()).toEqual([]);
    expect((await notices()).map(({ code, over }) => [code, over])).toEqual([
      ['unknown-value', false],
      ['late-task', false],
      ['late-task', true],
      ['unknown-value', true],
    ]);
  });

  it('go on for a value that only the daily audit still shows', async () => {
    await readAll();
    for (let day = 0; day < 4; day += 1) {
      unknownValues = ['AuthType 9'];
      await audit(kit.account, kit.deps, never);
      unknownValues = [];
      await kit.clock.advance(DAY_MS);
      await see();
    }
    expect(await kit.store.episodes()).toMatchObject([{ code: 'unknown-value' }]);
    expect(await notices()).toHaveLength(1);
  });

  it('end for alerts without a route too, but never by a poll that was not whole', async () => {
    const deps = { ...kit.deps, route: createRoute([], ['ops']) };
    await poll(kit.account, deps, never);
    await kit.clock.advance(3 * DAY_MS);
    const read: TaskReader['read'] = async (query, priority, signal) => {
      const answer = await reader.read(query, priority, signal);
      return answer.ok && priority === 'new' ? { ...answer, page: { ...answer.page, totalCount: 99 } } : answer;
    };
    const spoilt = { ...kit.account, reader: { ...kit.account.reader, read } };
    expect((await poll(spoilt, deps, never)).result).toBe('incomplete');
    expect(await kit.store.episodes()).toMatchObject([{ code: 'unrouted' }]);
    await poll(kit.account, deps, never);
    expect(await kit.store.episodes()).toEqual([]);
  });
});
