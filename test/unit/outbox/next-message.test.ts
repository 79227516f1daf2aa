import { describe, expect, it } from 'vitest';
import type { MessageLimits } from '../../../src/channels/channel.ts';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import type { TaskEvent } from '../../../src/model/alert.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { nextMessage } from '../../../src/outbox/next-message.ts';
import type { MessagePlan, WaitingAlert } from '../../../src/store/store.ts';
import { repairTask } from '../../support/repair-task.ts';

const NOW = Date.UTC(2026, 10, 24, 4);
const SLACK: MessageLimits = { linesPerMessage: 20, idsPerMessage: 500, messagesPerRollUp: 10 };
const MAIL: MessageLimits = { linesPerMessage: 200, idsPerMessage: 5_000, messagesPerRollUp: 1 };

let lastId = 0;
function waiting(task: Partial<RepairTask>, overrides: Partial<WaitingAlert> = {}, event?: TaskEvent): WaitingAlert {
  lastId += 1;
  return {
    id: lastId,
    channel: 'ops',
    at: NOW,
    firstRun: false,
    dataLoss: task.authType === 8,
    subject: {
      kind: 'task',
      account: 'prod',
      task: repairTask(task),
      revision: 1,
      waits: (task.taskStatus ?? 1) === 1,
      event: event ?? { event: 'pending', at: NOW, again: false },
    },
    ...overrides,
  };
}

function many(count: number, task: Partial<RepairTask> = {}, overrides: Partial<WaitingAlert> = {}): WaitingAlert[] {
  return Array.from({ length: count }, (_, at) =>
    waiting({ taskId: `rep-${String(at).padStart(8, '0')}`, authTime: NOW + at * HOUR_MS, ...task }, overrides),
  );
}

const plans = (alerts: readonly WaitingAlert[], limits = SLACK) => nextMessage(alerts, () => limits, NOW);
const settled = (made: readonly MessagePlan[]) => made.flatMap((plan) => plan.alertIds).sort((a, b) => a - b);

describe('few waiting tasks', () => {
  it('are told one by one, the oldest alert first', () => {
    const alerts = [waiting({ taskId: 'rep-1' }), waiting({ taskId: 'rep-2' })];
    expect(plans(alerts)).toMatchObject([
      { alertIds: [alerts[0]?.id], facts: { kind: 'task', entry: { task: { taskId: 'rep-1' } } } },
    ]);
  });

  it('are told with what may lose data first', () => {
    const made = plans([waiting({ taskId: 'rep-1' }), waiting({ taskId: 'rep-2', authType: 8 })]);
    expect(made).toMatchObject([{ facts: { entry: { task: { taskId: 'rep-2' } } } }]);
  });

  it('take all that waits about the same task along, in its order', () => {
    const left: TaskEvent = { event: 'left', at: NOW, how: 'processing', status: 2, by: null };
    const alerts = [
      waiting({ taskId: 'rep-1' }),
      waiting({ taskId: 'rep-2' }),
      waiting({ taskId: 'rep-1', taskStatus: 2 }, {}, left),
    ];
    const [made] = plans(alerts);
    expect(made?.alertIds).toEqual([alerts[0]?.id, alerts[2]?.id]);
    expect(made?.facts).toMatchObject({
      entry: { task: { taskStatus: 2 }, events: [{ event: 'pending' }, { event: 'left' }] },
    });
  });

  it('of another channel of the lane wait for its turn', () => {
    const made = plans([waiting({ taskId: 'rep-1' }), waiting({ taskId: 'rep-2' }, { channel: 'other' })]);
    expect(made).toMatchObject([{ channel: 'ops' }]);
    expect(made).toHaveLength(1);
  });
});

describe('many waiting tasks', () => {
  it('become one roll-up that settles every alert once', () => {
    const alerts = many(30);
    const made = plans(alerts);
    expect(made.map(({ part, parts }) => [part, parts])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(settled(made)).toEqual(alerts.map(({ id }) => id));
  });

  it('are at most ten Slack messages for 20,000 tasks, and each task is settled in one of them', () => {
    const alerts = many(20_000, {}, { firstRun: true });
    const made = plans(alerts);
    expect(made.length).toBeLessThanOrEqual(10);
    expect(settled(made)).toEqual(alerts.map(({ id }) => id));
    const counted = made
      .flatMap((plan) => (plan.facts.kind === 'roll-up' ? plan.facts.groups : []))
      .map(({ count }) => count);
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(20_000);
  });

  it('of 800 are each named once', () => {
    const made = plans(many(800));
    const named = made.flatMap((plan) =>
      plan.facts.kind === 'roll-up' ? plan.facts.groups.flatMap(({ taskIds }) => taskIds) : [],
    );
    expect(new Set(named).size).toBe(800);
    expect(named).toHaveLength(800);
  });

  it('that may lose data come first, each on a line, however many messages that takes', () => {
    const risky = many(300, { authType: 8 });
    const made = plans([...many(900).map((alert) => ({ ...alert, id: alert.id + 10_000 })), ...risky.map(renamed)]);
    const lines = made.flatMap((plan) =>
      plan.facts.kind === 'roll-up' && plan.facts.dataLoss ? plan.facts.lines : [],
    );
    expect(lines).toHaveLength(300);
    expect(made[0]?.facts).toMatchObject({ dataLoss: true, totals: { tasks: 1_200, dataLoss: 300 } });
  });

  it('are counted by what they are to who reads it: pending where nobody was told yet, though they changed since', () => {
    const changed: TaskEvent = { event: 'changed', at: NOW, changes: [] };
    const news = many(100);
    const made = plans([
      ...news,
      ...news.map((alert) => ({ ...alert, id: alert.id + 10_000, ...withEvent(alert, changed) })),
    ]);
    const groups = made.flatMap((plan) => (plan.facts.kind === 'roll-up' ? plan.facts.groups : []));
    expect(groups.map(({ event, count }) => [event, count])).toEqual([['pending', 100]]);
  });

  it('of which reminders are due keep their rungs, for whom each of them calls', () => {
    const rung = (rungMs: number): TaskEvent => ({ event: 'reminder', at: NOW, rungMs });
    const made = plans(many(60).map((alert, at) => ({ ...alert, ...withEvent(alert, rung(at < 9 ? HOUR_MS : 0)) })));
    const groups = made.flatMap((plan) => (plan.facts.kind === 'roll-up' ? plan.facts.groups : []));
    expect(groups).toMatchObject([{ event: 'reminder', count: 60, rungsMs: [HOUR_MS, 0] }]);
  });

  it('are counted with everything that the message settles about them', () => {
    const left: TaskEvent = { event: 'left', at: NOW, how: 'processing', status: 2, by: null };
    const news = many(100);
    const gone = news.slice(0, 30).map((alert) => ({ ...alert, id: alert.id + 10_000, ...withEvent(alert, left) }));
    const made = plans([...news, ...gone]);
    const groups = made.flatMap((plan) => (plan.facts.kind === 'roll-up' ? plan.facts.groups : []));
    const counts = groups.map(({ event, count, also = [] }) => [event, count, also]).toSorted();
    expect(counts).toEqual([
      ['left', 30, [['pending', 30]]],
      ['pending', 70, []],
    ]);
  });

  it('of 800 are two mails, the one of those that may lose data first, the other with every task for its table', () => {
    const risky = many(30, { authType: 8 }).map(renamed);
    const made = plans([...many(770), ...risky], MAIL);
    const parts = made.map(({ facts }) => (facts.kind === 'roll-up' ? facts : null));
    expect(parts.map((facts) => [facts?.dataLoss, facts?.lines.length, facts?.elsewhere?.length])).toEqual([
      [true, 30, undefined],
      [false, 770, 30],
    ]);
  });

  it('are whole in mail, two thousand a message', () => {
    const made = plans(many(20_000), MAIL);
    expect(made).toHaveLength(10);
    const lines = made.flatMap((plan) => (plan.facts.kind === 'roll-up' ? plan.facts.lines : []));
    expect(new Set(lines.map(({ task }) => task.taskId)).size).toBe(20_000);
  });
});

it('what was pending before the first look is one roll-up, even a single task', () => {
  const made = plans([waiting({ taskId: 'rep-1' }, { firstRun: true })]);
  expect(made).toMatchObject([{ facts: { kind: 'roll-up', reason: 'first-run', totals: { tasks: 1, dataLoss: 0 } } }]);
});

it('notices for the operator go in one message of their own', () => {
  const notice = { event: 'operator', at: NOW, code: 'poll-stale', subject: 'prod', over: false, facts: {} } as const;
  const alerts = [1, 2, 3].map((id) => ({ ...waiting({}), id, subject: { kind: 'operator' as const, notice } }));
  expect(plans([...alerts, waiting({})])).toMatchObject([{ alertIds: [1, 2, 3], facts: { kind: 'operator' } }]);
});

function withEvent(alert: WaitingAlert, event: TaskEvent): Pick<WaitingAlert, 'subject'> {
  return { subject: alert.subject.kind === 'task' ? { ...alert.subject, event } : alert.subject };
}

function renamed(alert: WaitingAlert): WaitingAlert {
  if (alert.subject.kind !== 'task') return alert;
  return { ...alert, subject: { ...alert.subject, task: { ...alert.subject.task, taskId: `rep-x${alert.id}` } } };
}

describe('after an outage', () => {
  const outage = { since: NOW - 5 * HOUR_MS, why: 'down' } as const;
  const left: TaskEvent = { event: 'left', at: NOW, how: 'processing', status: 2, by: null };
  const returned = (alerts: readonly WaitingAlert[]) => nextMessage(alerts, () => SLACK, NOW, outage);

  it('even two tasks are one roll-up, what waits now before what has passed, and says since when', () => {
    const passed = { taskId: 'rep-2', taskStatus: 2, authTime: NOW };
    const made = returned([waiting(passed), waiting(passed, {}, left), waiting({ taskId: 'rep-1' })]);
    expect(made).toMatchObject([
      {
        facts: {
          reason: 'returned',
          outage,
          totals: { tasks: 2, dataLoss: 0, passed: 1 },
          lines: [{ task: { taskId: 'rep-1' } }, { task: { taskId: 'rep-2' }, events: [{ event: 'pending' }, left] }],
        },
      },
    ]);
    expect(settled(made)).toHaveLength(3);
  });

  it('a data-loss task that has passed keeps its own line and is counted as passed', () => {
    const made = returned([
      waiting({ taskId: 'rep-1', authType: 8, taskStatus: 2 }, {}, left),
      waiting({ taskId: 'rep-2' }),
    ]);
    expect(made).toMatchObject([
      { facts: { dataLoss: true, totals: { tasks: 2, dataLoss: 0, passed: 1 } } },
      { facts: { dataLoss: false, lines: [{ task: { taskId: 'rep-2' } }] } },
    ]);
  });

  it('what the operator is told goes first, and all of it is frozen at once, since the first acceptance ends the outage', () => {
    const notice = { event: 'operator', at: NOW, code: 'clock-off', subject: 'prod', over: false, facts: {} } as const;
    const made = returned([waiting({ taskId: 'rep-1' }), waiting({}, { subject: { kind: 'operator', notice } })]);
    expect(made.map(({ facts }) => facts.kind)).toEqual(['operator', 'roll-up']);
  });

  it('a first run stays one', () => {
    expect(returned([waiting({ taskId: 'rep-1' }, { firstRun: true })])).toMatchObject([
      { facts: { reason: 'first-run' } },
    ]);
  });
});
