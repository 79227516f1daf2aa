import { expect, it } from 'vitest';
import { composeDigest, type DigestOccasion } from '../../../src/digest/compose-digest.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import type { TaskEvent } from '../../../src/model/alert.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import type { AccountState, Change, DigestInput, StoredTask } from '../../../src/store/store.ts';
import { repairTask } from '../../support/repair-task.ts';

const NOW = Date.UTC(2026, 10, 24, 1);
const occasion = {
  name: 'morning',
  scheduledAt: NOW,
  now: NOW,
  lateAfterMs: 10 * MINUTE_MS,
  intervalOf: () => 5 * MINUTE_MS,
};

function stored(task: Partial<RepairTask>): StoredTask {
  const full = repairTask(task);
  const times = {
    firstSeenAt: NOW,
    changedAt: NOW,
    seenPoll: 1,
    absentPolls: 0,
    toldAuthTime: full.authTime,
    revision: 1,
  };
  return { account: 'prod', task: full, ending: null, ...times };
}

function account(name: string, lastCompleteAt: number | null, blocked = false): AccountState {
  const history = { backfillFrom: NOW, backfillUntil: NOW, backfillDone: true, provenFrom: NOW };
  const read = { checkpoint: NOW, firstLiveAt: NOW, taskIdsMax: 100, ...history };
  return { account: name, filterKey: '', lastCompleteAt, blocked, ...read };
}

function change(task: Partial<RepairTask>, from: number | null, to: number | null, event: TaskEvent | null) {
  const row = stored(task);
  const step: Change = { taskId: row.task.taskId, at: NOW, from, to, event };
  return { change: step, stored: row };
}

function digestOf(input: Partial<DigestInput>, given: Partial<DigestOccasion> = {}) {
  const empty = {
    coversFrom: NOW - 24 * HOUR_MS,
    pending: [],
    silences: { acks: [], mutes: [] },
    changes: [],
    accounts: [],
    deadMessages: 0,
  };
  return composeDigest({ ...empty, ...input }, { ...occasion, ...given });
}

it('lists what may lose data first, then what starts soonest, and tasks without a deadline last', () => {
  const pending = [
    stored({ taskId: 'rep-late', authTime: NOW + 9 * HOUR_MS }),
    stored({ taskId: 'rep-none', taskTypeId: 106, authTime: null }),
    stored({ taskId: 'rep-soon', authTime: NOW + HOUR_MS }),
    stored({ taskId: 'rep-disk', authType: 8, authTime: NOW + 20 * HOUR_MS }),
  ];
  expect(digestOf({ pending }).pending.map(({ task }) => task.taskId)).toEqual([
    'rep-disk',
    'rep-soon',
    'rep-late',
    'rep-none',
  ]);
});

it('sorts what happened into new, changed, left and later steps, a task with several events into each', () => {
  const left: TaskEvent = { event: 'left', at: NOW, how: 'scheduled', status: 4, by: 'Customer_auth' };
  const facts = digestOf({
    changes: [
      change({ taskId: 'rep-1' }, null, 1, { event: 'pending', at: NOW, again: false }),
      change({ taskId: 'rep-1' }, 1, 4, left),
      change({ taskId: 'rep-2' }, 1, 1, { event: 'changed', at: NOW, changes: [] }),
      change({ taskId: 'rep-3' }, 4, 2, null),
    ],
  });
  const ids = (entries: readonly { readonly task: RepairTask }[]) => entries.map(({ task }) => task.taskId);
  expect([facts.fresh, facts.changed, facts.left, facts.later].map(ids)).toEqual([
    ['rep-1'],
    ['rep-2'],
    ['rep-1'],
    ['rep-3'],
  ]);
});

it('does not know an account without a complete poll for three intervals, nor a blocked one', () => {
  const accounts = [
    account('read', NOW - 15 * MINUTE_MS),
    account('stale', NOW - 16 * MINUTE_MS),
    account('never', null),
    account('blocked', NOW, true),
  ];
  expect(digestOf({ accounts }).accounts.map(({ known }) => known)).toEqual([true, false, false, false]);
});

it('says that it is late when it was due while nobody ran', () => {
  expect(digestOf({}, { now: NOW + 3 * HOUR_MS }).late).toBe(true);
  expect(digestOf({}, { now: NOW + MINUTE_MS }).late).toBe(false);
  expect(digestOf({}, { now: NOW + MINUTE_MS, runningSince: NOW + 1 }).late).toBe(true);
  expect(digestOf({}, { now: NOW + MINUTE_MS, runningSince: NOW - 1 }).late).toBe(false);
});

it('lists every task that may lose data, two thousand of the others, and counts the rest', () => {
  const risky = Array.from({ length: 30 }, (_, at) => stored({ taskId: `rep-disk${at}`, authType: 8 }));
  const others = Array.from({ length: 5_000 }, (_, at) => stored({ taskId: `rep-${at}`, taskDetail: 'prose' }));
  const { pending, more } = digestOf({ pending: [...others, ...risky] });
  expect(pending).toHaveLength(2_000);
  expect(pending.filter(({ task }) => task.authType === 8)).toHaveLength(30);
  expect(more).toEqual({ pending: 3_030, fresh: 0, changed: 0, left: 0, later: 0 });
  expect(pending.every(({ task }) => task.taskDetail === null)).toBe(true);
});

it('what waits is shown with who has taken it on and what keeps it silent', () => {
  const ack = { account: 'prod', taskId: 'rep-a', revision: 1, by: 'ann', at: NOW - HOUR_MS, until: null };
  const target = { kind: 'match', match: { zone: ['ap-guangzhou-7'] } } as const;
  const mute = { id: 1, target, dataLoss: false, by: null, reason: 'drill', at: NOW, until: NOW + HOUR_MS };
  const pending = [
    stored({ taskId: 'rep-a', zone: 'ap-guangzhou-6' }),
    stored({ taskId: 'rep-b', zone: 'ap-guangzhou-6' }),
    stored({ taskId: 'rep-c' }),
    { ...stored({ taskId: 'rep-a', zone: 'ap-guangzhou-6' }), account: 'test' },
  ];
  const { pending: shown } = digestOf({ pending, silences: { acks: [ack], mutes: [mute] } });
  expect(shown.map(({ account, task, silence }) => [account, task.taskId, silence])).toEqual([
    ['prod', 'rep-a', { ack, mute: null }],
    ['test', 'rep-a', undefined],
    ['prod', 'rep-b', undefined],
    ['prod', 'rep-c', { ack: null, mute }],
  ]);
});
