import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { tasksSeen } from '../../../src/model/poll.ts';
import { audit, isAuditDue } from '../../../src/poll/audit.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { poll } from '../../../src/poll/poll.ts';
import { createPoller } from '../../../src/poll/poller.ts';
import type { PageQuery, Priority, ReadResult, TaskReader } from '../../../src/poll/task-reader.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, type PollKit, pollKit } from '../../support/poll-kit.ts';
import { waitingAlerts } from '../../support/store-world.ts';

const never = new AbortController().signal;

let world: ModelWorld;
let kit: PollKit;
/** What happens before the answer to a request of this priority. */
let before: (priority: Priority, query: PageQuery) => Promise<void> | void;
let hidden: ReadonlySet<string>;

/** The world, but some tasks are hidden from the polls, as an API that lags or loses rows would. */
const reader: TaskReader = {
  async read(query, priority): Promise<ReadResult> {
    await before(priority, query);
    const answer = await world.read(query);
    if (!answer.ok || priority === 'audit') return answer;
    const rows = answer.page.rows.filter(({ taskId }) => !hidden.has(taskId));
    const totalCount = answer.page.totalCount - (answer.page.rows.length - rows.length);
    return { ...answer, page: { ...answer.page, rows, totalCount } };
  },
};

beforeEach(async () => {
  world = new ModelWorld(NOW);
  hidden = new Set();
  before = () => undefined;
  kit = await pollKit(reader);
});

const see = () => poll(kit.account, kit.deps, never);
const check = () => audit(kit.account, kit.deps, never);
const readAll = async () => {
  await see();
  await backfill(kit.account, kit.deps, never);
};

async function waitingEvents(): Promise<string[]> {
  return (await waitingAlerts(kit.store, 'ops', NOW)).map(({ subject }) =>
    subject.kind === 'task'
      ? `${subject.event.event} ${subject.task.taskId}`
      : `${subject.notice.over ? 'over' : 'operator'} ${subject.notice.code}`,
  );
}

describe('an audit', () => {
  it('of what the polls know finds nothing, reads the whole lookback and writes no task', async () => {
    for (let made = 0; made < 300; made += 1) world.birth(NOW - 20 * DAY_MS + made * HOUR_MS, made % 2 === 0 ? 1 : 3);
    const old = world.birth(NOW - 40 * DAY_MS);
    await readAll();
    const told = await waitingEvents();
    const taskBefore = await kit.store.task(old);
    const summary = await check();
    expect(summary).toMatchObject({ complete: true, tasks: 300, found: { pending: 0, open: 0, closed: 0 } });
    expect(await kit.store.polls({ limit: 1 })).toMatchObject([
      { kind: 'audit', result: 'complete', sets: [{ set: 'audit', distinct: 300, found: { pending: 0 } }] },
    ]);
    expect(await waitingEvents()).toEqual(told);
    expect(await kit.store.task(old)).toEqual(taskBefore);
  });

  it('counts what the polls had not found by status, and tells what is pending as any pending task', async () => {
    world.birth(NOW - HOUR_MS);
    await readAll();
    await kit.store.syncDigests([{ name: 'morning', scheduleKey: 'daily', nextAt: NOW + DAY_MS }], NOW);
    const [pending, booked, closed] = [1, 4, 3].map((status) => world.birth(NOW - 3 * DAY_MS, status));
    hidden = new Set([pending ?? '', booked ?? '']);
    await see();
    const told = await waitingEvents();
    const summary = await check();
    expect(summary.found).toEqual({ pending: 1, open: 1, closed: 1 });
    expect((await waitingEvents()).slice(told.length)).toEqual([`pending ${pending}`, 'operator audit-found']);
    const news = (await kit.store.previewDigest('morning', NOW)).changes.map(({ change }) => change.taskId);
    expect(news.toSorted()).toEqual([pending, booked]);
    expect(await kit.store.task(closed ?? '')).toHaveLength(1);
    hidden = new Set();
    expect((await check()).found).toEqual({ pending: 0, open: 0, closed: 0 });
    expect((await waitingEvents()).slice(told.length + 2)).toEqual(['over audit-found']);
  });

  it('does not count what came into the API within the overlap, which the next poll reads', async () => {
    await readAll();
    const fresh = world.birth(NOW - 9 * MINUTE_MS);
    expect((await check()).found).toEqual({ pending: 0, open: 0, closed: 0 });
    expect(await kit.store.task(fresh)).toHaveLength(1);
  });

  it('that could not be read whole says so, and ends no warning', async () => {
    world.birth(NOW - HOUR_MS);
    await readAll();
    const late = world.birth(NOW - 3 * DAY_MS);
    await check();
    expect(await kit.store.episodes()).toMatchObject([{ code: 'audit-found' }]);
    expect(await kit.store.task(late)).toHaveLength(1);
    const failure = { kind: 'unavailable', code: 'HTTP 502', message: 'HTTP 502', requestId: null } as const;
    const broken: TaskReader = {
      read: async () => ({ ok: false, failure, cost: { requests: 4, throttles: 0 } }),
    };
    const account = { ...kit.account, reader: { ...kit.account.reader, ...broken } };
    expect(await audit(account, kit.deps, never)).toMatchObject({ complete: false, reason: 'HTTP 502' });
    expect(await kit.store.episodes()).toMatchObject([{ code: 'audit-found' }]);
  });

  it('that is stopped tells what it had found by then, and counts it in the ledger', async () => {
    world.birth(NOW - HOUR_MS);
    await readAll();
    for (let made = 0; made < 150; made += 1) world.birth(NOW - 20 * DAY_MS + made * MINUTE_MS, made === 0 ? 1 : 3);
    const stop = new AbortController();
    let pages = 0;
    before = (priority) => {
      if (priority !== 'audit') return;
      pages += 1;
      if (pages > 1) stop.abort(new Error('stopped'));
      stop.signal.throwIfAborted();
    };
    await expect(audit(kit.account, kit.deps, stop.signal)).rejects.toThrow('stopped');
    expect((await waitingEvents()).slice(1)).toEqual([expect.stringMatching('^pending '), 'operator audit-found']);
    const [row] = await kit.store.polls({ limit: 1 });
    expect(row).toMatchObject({ kind: 'audit', result: 'interrupted', sets: [{ found: { pending: 1 } }] });
    before = () => undefined;
    await check();
    expect((await waitingEvents()).slice(3)).toEqual(['over audit-found']);
  });

  it('reads a second of more than a page, and a task that it sees in two states once more', async () => {
    world.birth(NOW - HOUR_MS, 3);
    await readAll();
    for (let made = 0; made < 150; made += 1) world.birth(NOW - 3 * DAY_MS, 3);
    expect(await check()).toMatchObject({ complete: true, tasks: 151, found: { closed: 150 } });
    expect(await check()).toMatchObject({ complete: true, tasks: 151, found: { closed: 0 } });
  });

  it('keeps a warning of its own for rows that only it reads', async () => {
    world.birth(NOW - HOUR_MS);
    await readAll();
    const bad = { taskId: 'rep-bad', raw: '{"TaskId":"rep-bad"}', problem: 'TaskStatus is missing' };
    let spoilt = true;
    const read: TaskReader['read'] = async (query, priority, signal) => {
      const answer = await reader.read(query, priority, signal);
      if (!answer.ok || priority !== 'audit' || !spoilt) return answer;
      return { ...answer, page: { ...answer.page, totalCount: answer.page.totalCount + 1, bad: [bad] } };
    };
    const account = { ...kit.account, reader: { ...kit.account.reader, read } };
    await audit(account, kit.deps, never);
    await poll(account, kit.deps, never);
    expect(await kit.store.episodes()).toMatchObject([{ code: 'rows-set-aside', subject: 'prod audit' }]);
    spoilt = false;
    await audit(account, kit.deps, never);
    expect(await kit.store.episodes()).toEqual([]);
  });

  it('lets longer lists and wider windows be tried again', async () => {
    await readAll();
    kit.account.limits.taskIdsMax = 1;
    kit.account.limits.spanMs = DAY_MS;
    await see();
    expect(await kit.store.accounts()).toMatchObject([{ taskIdsMax: 1 }]);
    await check();
    expect(await kit.store.accounts()).toMatchObject([{ taskIdsMax: 100 }]);
    await see();
    expect(kit.account.limits).toMatchObject({ taskIdsMax: 100, spanMs: Number.POSITIVE_INFINITY });
  });
});

describe('an audit beside a poll', () => {
  beforeEach(async () => {
    world.birth(NOW - HOUR_MS);
    await readAll();
    await kit.clock.advance(MINUTE_MS);
  });

  it('says nothing about a task that the poll came to know first, whatever it saw itself', async () => {
    const taskId = world.birth(NOW - 3 * DAY_MS);
    const told = await waitingEvents();
    // The audit's answer is the older one: its page is committed after the poll has seen the task move on.
    let passed = false;
    const read: TaskReader['read'] = async (query, priority, signal) => {
      const answer = await reader.read(query, priority, signal);
      if (priority === 'audit' && !passed) {
        passed = true;
        world.move(taskId, 2);
        await see();
      }
      return answer;
    };
    const account = { ...kit.account, reader: { ...kit.account.reader, read } };
    expect((await audit(account, kit.deps, never)).found).toEqual({ pending: 0, open: 0, closed: 0 });
    expect(await kit.store.task(taskId)).toMatchObject([{ task: { taskStatus: 2 } }]);
    expect((await waitingEvents()).slice(told.length)).toEqual(['operator late-task']);
  });

  it('never has a poll take back with an older answer what the audit saw', async () => {
    const taskId = world.birth(NOW - 3 * DAY_MS);
    const told = await waitingEvents();
    let passed = false;
    const read: TaskReader['read'] = async (query, priority, signal) => {
      const answer = await reader.read(query, priority, signal);
      if (priority === 'live' && !passed) {
        passed = true;
        world.move(taskId, 4);
        await kit.clock.advance(SECOND_MS);
        await check();
      }
      return answer;
    };
    const account = { ...kit.account, reader: { ...kit.account.reader, read } };
    expect(await poll(account, kit.deps, never)).toMatchObject({ result: 'complete' });
    expect(await kit.store.task(taskId)).toMatchObject([{ task: { taskStatus: 4 } }]);
    expect((await waitingEvents()).slice(told.length)).toEqual([]);
  });

  it('makes no task count twice that both saw, in whichever state', async () => {
    const [moved, same] = [world.birth(NOW - 3 * DAY_MS), world.birth(NOW - 3 * DAY_MS)];
    const fresh = world.birth(NOW - MINUTE_MS);
    let passed = false;
    const read: TaskReader['read'] = async (query, priority, signal) => {
      const answer = await reader.read(query, priority, signal);
      if (priority === 'live' && !passed) {
        passed = true;
        world.move(moved, 4);
        await kit.clock.advance(SECOND_MS);
        await check();
      }
      return answer;
    };
    const account = { ...kit.account, reader: { ...kit.account.reader, read } };
    const { sets } = await poll(account, kit.deps, never);
    // With the one that was there before. The fresh one is in `live` and in `new`, the moved one is asked for again.
    expect(tasksSeen(sets)).toBe([moved, same, fresh].length + 1);
  });

  it('has what it found asked for by id when the poll’s live did not show it', async () => {
    const taskId = world.birth(NOW - 3 * DAY_MS);
    let passed = false;
    before = async (priority) => {
      if (priority !== 'new' || passed) return;
      passed = true;
      await check();
      world.move(taskId, 3);
    };
    hidden = new Set([taskId]);
    const told = await waitingEvents();
    await see();
    hidden = new Set();
    await see();
    expect((await waitingEvents()).slice(told.length)).toEqual([
      `pending ${taskId}`,
      'operator audit-found',
      `left ${taskId}`,
    ]);
  });

  it('never asks before it: every request of the audit is of the lowest priority of the service', async () => {
    const priorities = new Set<Priority>();
    before = (priority) => {
      priorities.add(priority);
    };
    for (let made = 0; made < 150; made += 1) world.birth(NOW - 3 * DAY_MS, 3);
    await check();
    expect([...priorities]).toEqual(['audit']);
  });
});

describe('the day of an audit', () => {
  const due = () => isAuditDue('prod', kit.store, kit.clock.now());

  it('begins with the end of the first backfill, and again with each complete audit', async () => {
    world.birth(NOW - HOUR_MS, 3);
    await see();
    await kit.clock.advance(2 * DAY_MS);
    expect(await due()).toBe(false);
    await backfill(kit.account, kit.deps, never);
    expect(await due()).toBe(false);
    await kit.clock.advance(DAY_MS - 1);
    expect(await due()).toBe(false);
    await kit.clock.advance(1);
    expect(await due()).toBe(true);
    await check();
    expect(await due()).toBe(false);
    await kit.clock.advance(DAY_MS);
    expect(await due()).toBe(true);
  });

  it('is tried again after an hour where it was not whole', async () => {
    await readAll();
    await kit.clock.advance(DAY_MS);
    const stopped = new AbortController();
    before = (priority) => {
      if (priority === 'audit') stopped.abort();
      stopped.signal.throwIfAborted();
    };
    await expect(audit(kit.account, kit.deps, stopped.signal)).rejects.toThrow();
    expect(await kit.store.polls({ limit: 1 })).toMatchObject([
      { kind: 'audit', result: 'interrupted', reason: 'the service was stopped' },
    ]);
    expect(await due()).toBe(false);
    await kit.clock.advance(HOUR_MS);
    expect(await due()).toBe(true);
  });

  it('is not held up by a row that was written before the clock was set back', async () => {
    await readAll();
    await kit.clock.advance(10 * DAY_MS);
    await check();
    kit.clock.jumpWall(-5 * DAY_MS);
    expect(await due()).toBe(true);
    await check();
    expect(await due()).toBe(false);
  });

  it('is kept by the poller: after a complete poll, once, and not after one that was not whole', async () => {
    await readAll();
    const poller = createPoller(kit.account, kit.deps, () => undefined);
    const audits = async () => (await kit.store.polls({ limit: 99 })).filter(({ kind }) => kind === 'audit').length;
    const round = async () => {
      await poller.pollOnce(never);
      await poller.readHistory(never);
      return audits();
    };
    expect(await round()).toBe(0);
    await kit.clock.advance(DAY_MS);
    before = (priority) => {
      if (priority === 'new') throw new Error('the network is gone');
    };
    expect(await round()).toBe(0);
    before = () => undefined;
    expect(await round()).toBe(1);
    expect(await round()).toBe(1);
    const restarted = createPoller(kit.account, kit.deps, () => undefined);
    await restarted.pollOnce(never);
    await restarted.readHistory(never);
    expect(await audits()).toBe(1);
  });
});
