import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { type DiffContext, decideAbsence, decidePage } from '../../../src/poll/diff.ts';
import type { StoredTask } from '../../../src/store/store.ts';
import { repairTask } from '../../support/repair-task.ts';

const NOW = Date.UTC(2026, 10, 24, 4);
const context: DiffContext = {
  account: 'prod',
  pollId: 7,
  set: 'live',
  now: NOW,
  serverNow: NOW,
  startedAt: NOW - MINUTE_MS,
  firstRun: false,
  route: () => ({ matched: true, channels: ['ops'] }),
};

function stored(task: RepairTask, overrides: Partial<StoredTask> = {}): StoredTask {
  return {
    account: 'prod',
    task,
    ending: [1, 2, 4].includes(task.taskStatus) ? null : 'closed',
    firstSeenAt: NOW - HOUR_MS,
    changedAt: NOW - HOUR_MS,
    seenPoll: 6,
    absentPolls: 0,
    toldAuthTime: task.authTime,
    revision: 1,
    ...overrides,
  };
}

function decide(before: StoredTask | null, seen: RepairTask, given: Partial<DiffContext> = {}) {
  const known = new Map(before === null ? [] : [[seen.taskId, before]]);
  return decidePage([seen], known, { ...context, ...given });
}

const pending = repairTask();
const events = (verdict: ReturnType<typeof decide>) => verdict.alerts.map((alert) => alert.event);

describe('the revision', () => {
  const booked = repairTask({ taskStatus: 4 });
  const later = { authTime: (booked.authTime ?? 0) + 1000 };

  it.each([
    ['rises when a booked time moves', booked, { ...booked, ...later }, 2],
    ['rises when an end is known', { ...booked, taskStatus: 3 }, { ...booked, taskStatus: 3, endTime: NOW }, 2],
    ['stays when the time of what waits wobbles', pending, { ...pending, ...later }, 1],
    ['stays when only words move', booked, { ...booked, taskDetail: 'x', alias: 'y' }, 1],
  ])('%s', (_, before, seen, revision) => {
    expect(decide(stored(before), seen).write).toMatchObject([{ revision }]);
  });
});

describe('a sighting becomes an alert', () => {
  it('when a task is first seen pending', () => {
    expect(events(decide(null, pending))).toEqual([{ event: 'pending', at: NOW, again: false }]);
  });

  it.each([2, 3, 4, 5, 6])('when a task comes back to pending from status %i', (status) => {
    const verdict = decide(stored({ ...pending, taskStatus: status }), pending);
    expect(events(verdict)).toEqual([{ event: 'pending', at: NOW, again: true }]);
  });

  it.each([
    [2, 'processing'],
    [3, 'ended'],
    [4, 'scheduled'],
    [5, 'cancelled'],
    [6, 'avoided'],
    [9, 'other'],
  ])('when a task leaves pending for status %i, with who authorized it', (status, how) => {
    const verdict = decide(stored(pending), { ...pending, taskStatus: status, authSource: 'Customer_auth' });
    expect(events(verdict)).toEqual([{ event: 'left', at: NOW, how, status, by: 'Customer_auth' }]);
  });

  it('when the deadline of a pending task moves by five minutes, old and new told', () => {
    const moved = { ...pending, authTime: (pending.authTime ?? 0) + 5 * MINUTE_MS };
    const changes = [{ field: 'authTime', before: pending.authTime, after: moved.authTime }];
    expect(events(decide(stored(pending), moved))).toEqual([{ event: 'changed', at: NOW, changes }]);
  });

  it('when small moves of the deadline add up to five minutes', () => {
    const drifted = { ...pending, authTime: (pending.authTime ?? 0) + 4 * MINUTE_MS };
    const first = decide(stored(pending), drifted);
    expect(first.alerts).toEqual([]);
    const [row] = first.write;
    expect(row?.toldAuthTime).toBe(pending.authTime);
    const further = { ...pending, authTime: (pending.authTime ?? 0) + 8 * MINUTE_MS };
    const second = decide(stored(drifted, { toldAuthTime: row?.toldAuthTime ?? null }), further);
    expect(events(second)).toMatchObject([{ event: 'changed', changes: [{ before: pending.authTime }] }]);
  });

  it.each([{ authType: 8 }, { taskTypeId: 103 }, { instanceId: 'ins-2' }, { product: 'CDH' }, { taskSubType: 'x' }])(
    'when %o moves while the task is pending',
    (change) => {
      expect(events(decide(stored(pending), { ...pending, ...change }))).toMatchObject([{ event: 'changed' }]);
    },
  );
});

describe('a sighting is stored and not told', () => {
  it('when only wording, names or addresses changed', () => {
    const verdict = decide(stored(pending), { ...pending, taskDetail: 'new words', alias: 'renamed', lanIp: null });
    expect(verdict.alerts).toEqual([]);
    expect(verdict.changes).toEqual([]);
    expect(verdict.write).toHaveLength(1);
  });

  it('when nothing changed: the row is only touched', () => {
    expect(decide(stored(pending), pending)).toMatchObject({ write: [], touch: [pending.taskId], alerts: [] });
  });

  it('when this poll has shown it before: there is nothing to write, unless another account has it', () => {
    const shown = { seenPoll: context.pollId };
    expect(decide(stored(pending, shown), pending)).toMatchObject({ write: [], touch: [] });
    const moved = decide(stored(pending, { ...shown, account: 'retired' }), pending);
    expect(moved.touch).toEqual([pending.taskId]);
  });

  it('when a later step happens: it is a change for the digest', () => {
    const verdict = decide(stored({ ...pending, taskStatus: 4 }), { ...pending, taskStatus: 2 });
    expect(verdict.alerts).toEqual([]);
    expect(verdict.changes).toEqual([{ taskId: pending.taskId, at: NOW, from: 4, to: 2, event: null }]);
  });

  it('when a backfill brings closed history, or a task that is known already', () => {
    expect(decide(null, { ...pending, taskStatus: 3 }, { set: 'backfill' })).toMatchObject({ alerts: [], changes: [] });
    const older = decide(stored({ ...pending, taskStatus: 2 }), pending, { set: 'backfill' });
    expect(older).toMatchObject({ write: [], touch: [], alerts: [] });
  });
});

describe('a contradiction', () => {
  it('between two sightings of one poll decides nothing until the task was asked for again', () => {
    const before = stored({ ...pending, taskStatus: 2 }, { seenPoll: 7 });
    expect(decide(before, pending)).toMatchObject({ write: [], alerts: [], contradicted: [pending] });
    expect(events(decide(before, pending, { set: 'recheck' }))).toMatchObject([{ event: 'pending', again: true }]);
  });

  it('within one page decides nothing either', () => {
    const verdict = decidePage([pending, { ...pending, taskStatus: 2 }], new Map(), context);
    expect(verdict).toMatchObject({ write: [], alerts: [] });
    expect(verdict.contradicted).toHaveLength(1);
  });
});

describe('absence', () => {
  it('says nothing the first time, and "no longer listed" the second time in a row', () => {
    const first = decideAbsence(stored(pending), context);
    expect(first).toMatchObject({ alerts: [], changes: [], write: [{ absentPolls: 1, ending: null }] });
    const second = decideAbsence(stored(pending, { absentPolls: 1 }), context);
    expect(second.alerts.map(({ event }) => event)).toEqual([
      { event: 'left', at: NOW, how: 'unlisted', status: null, by: null },
    ]);
    expect(second.write).toMatchObject([{ ending: 'unlisted' }]);
  });

  it('is forgotten as soon as the task is seen again', () => {
    expect(decide(stored(pending, { absentPolls: 1 }), pending).write).toMatchObject([{ absentPolls: 0 }]);
  });

  it('of a task that comes back pending is told as pending again', () => {
    const gone = stored(pending, { ending: 'unlisted' });
    expect(events(decide(gone, pending))).toEqual([{ event: 'pending', at: NOW, again: true }]);
  });
});

it('an alert that no route knows is told apart from one that no channel wants', () => {
  const unknown = decide(null, pending, { route: () => ({ matched: false, channels: [] }) });
  expect(unknown.unrouted).toHaveLength(1);
  const unwanted = decide(null, pending, { route: () => ({ matched: true, channels: [] }) });
  expect(unwanted.unrouted).toHaveLength(0);
});
