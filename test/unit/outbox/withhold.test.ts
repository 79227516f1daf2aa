import { expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import type { TaskEvent } from '../../../src/model/alert.ts';
import { deadlineOf } from '../../../src/model/deadline.ts';
import type { Ack, Mute } from '../../../src/model/silence.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { withhold } from '../../../src/outbox/withhold.ts';
import type { WaitingAlert } from '../../../src/store/store.ts';
import { repairTask } from '../../support/repair-task.ts';

const NOW = Date.UTC(2026, 10, 24, 4);
const DEADLINE = deadlineOf(repairTask()).at ?? 0;
const UNKNOWN = { taskTypeId: 106, authTime: null };
const reminder = (deadline: number | null = DEADLINE): TaskEvent => ({
  event: 'reminder',
  at: NOW,
  rungMs: HOUR_MS,
  deadline,
});
const EVENTS: readonly TaskEvent[] = [
  { event: 'pending', at: NOW, again: false },
  { event: 'changed', at: NOW, changes: [] },
  { event: 'left', at: NOW, how: 'processing', status: 2, by: null },
  reminder(),
];

let id = 0;
function waiting(event: TaskEvent, task: Partial<RepairTask> = {}, more: { revision?: number; waits?: boolean } = {}) {
  id += 1;
  const state = { revision: 3, waits: true, ...more };
  const subject = { kind: 'task' as const, account: 'prod', task: repairTask(task), event, ...state };
  return { id, channel: 'ops', at: NOW, firstRun: false, dataLoss: false, subject } satisfies WaitingAlert;
}

const ack: Ack = { account: 'prod', taskId: 'rep-00000001', revision: 3, by: 'ann', at: NOW, until: null };
const mute: Mute = {
  id: 1,
  target: { kind: 'task', account: 'prod', taskId: 'rep-00000001' },
  dataLoss: false,
  by: 'ann',
  reason: 'maintenance',
  at: NOW,
  until: NOW + HOUR_MS,
};
const whys = (alerts: readonly WaitingAlert[], silences = { acks: [] as Ack[], mutes: [] as Mute[] }) => {
  const withheld = withhold(alerts, silences);
  return alerts.map((alert) => withheld.find(({ alertId }) => alertId === alert.id)?.why ?? 'sent');
};

it('without silences everything about a waiting task is sent', () => {
  for (const event of EVENTS) expect(whys([waiting(event)])).toEqual(['sent']);
});

it('an acknowledgement stops reminders and nothing else', () => {
  for (const event of EVENTS)
    expect(whys([waiting(event)], { acks: [ack], mutes: [] })).toEqual([
      event.event === 'reminder' ? 'acknowledged' : 'sent',
    ]);
});

it('a reminder that would not be sent anyway is no news that a mute holds back, and that its end would have to tell', () => {
  const muted = { acks: [ack], mutes: [mute] };
  expect(whys([waiting(reminder())], muted)).toEqual(['acknowledged']);
  expect(whys([waiting(reminder(), {}, { waits: false })], { ...muted, acks: [] })).toEqual(['left']);
  expect(whys([waiting(reminder()), waiting(reminder())], { ...muted, acks: [] })).toEqual(['superseded', 'muted']);
});

it('the daily reminder of a task without a known deadline goes on until the task is acknowledged', () => {
  expect(whys([waiting(reminder(null), UNKNOWN)])).toEqual(['sent']);
  expect(whys([waiting(reminder(null), UNKNOWN)], { acks: [ack], mutes: [] })).toEqual(['acknowledged']);
});

it.each([
  ['the revision before', { ...ack, revision: 2 }],
  ['another task', { ...ack, taskId: 'rep-2' }],
  ['the same task of another account', { ...ack, account: 'test' }],
])('an acknowledgement of %s stops nothing', (_what, other) => {
  expect(whys([waiting(reminder())], { acks: [other], mutes: [] })).toEqual(['sent']);
});

it('a mute stops everything about its task, and nothing about others', () => {
  for (const event of EVENTS)
    expect(whys([waiting(event), waiting(event, { taskId: 'rep-2' })], { acks: [], mutes: [mute] })).toEqual([
      'muted',
      'sent',
    ]);
});

it.each([
  ['its account', { account: ['prod'] }, 'muted'],
  ['another account', { account: ['test'] }, 'sent'],
  ['its type and zone', { taskType: [101], zone: ['ap-guangzhou-7'] }, 'muted'],
  ['its type in another zone', { taskType: [101], zone: ['ap-guangzhou-6'] }, 'sent'],
  ['its name', { alias: 'web-*' }, 'muted'],
])('a mute that matches %s: %s is %s', (_what, match, why) => {
  const mutes = [{ ...mute, target: { kind: 'match' as const, match } }];
  expect(whys([waiting(reminder())], { acks: [], mutes })).toEqual([why]);
});

it('a mute covers what may lose data only where it says so', () => {
  const matching = { ...mute, target: { kind: 'match' as const, match: {} } };
  const pending: TaskEvent = { event: 'pending', at: NOW, again: false };
  for (const each of [mute, matching]) {
    expect(whys([waiting(pending, { authType: 8 })], { acks: [], mutes: [each] })).toEqual(['sent']);
    expect(whys([waiting(pending, { authType: 8 })], { acks: [], mutes: [{ ...each, dataLoss: true }] })).toEqual([
      'muted',
    ]);
  }
});

it('a reminder of a task that has left status 1 or is no longer listed is not sent', () => {
  expect(whys([waiting(reminder(), {}, { waits: false })])).toEqual(['left']);
});

it('of several reminders of a task only the last is sent, with the other news', () => {
  const other = waiting(reminder(), { taskId: 'rep-2' });
  const [pending = reminder(), changed = reminder()] = EVENTS;
  const alerts = [waiting(pending), waiting(reminder()), other, waiting(reminder()), waiting(changed)];
  expect(whys(alerts)).toEqual(['sent', 'superseded', 'sent', 'sent', 'sent']);
});

it('a reminder of a deadline that has moved since is not sent, one of a deadline that drifted is', () => {
  const moved = (ms: number) => whys([waiting(reminder(DEADLINE - ms))]);
  expect([moved(MINUTE_MS), moved(10 * MINUTE_MS), moved(-HOUR_MS)]).toEqual([
    ['sent'],
    ['superseded'],
    ['superseded'],
  ]);
});

it('a reminder that no deadline is known is not sent once one is known', () => {
  expect(whys([waiting(reminder(null))])).toEqual(['superseded']);
});

it('the operator is told whatever is muted', () => {
  const notice = { event: 'operator', at: NOW, code: 'lane-down', subject: 'ops', over: false, facts: {} } as const;
  const alert: WaitingAlert = { ...waiting(reminder()), subject: { kind: 'operator', notice } };
  expect(
    whys([alert], { acks: [ack], mutes: [{ ...mute, target: { kind: 'match', match: {} }, dataLoss: true }] }),
  ).toEqual(['sent']);
});
