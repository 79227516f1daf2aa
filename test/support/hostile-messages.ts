import type { OperatorNotice, TaskEntry, TaskEvent } from '../../src/model/alert.ts';
import type { DigestFacts, Message, MessageFacts } from '../../src/model/message.ts';
import type { RepairTask } from '../../src/model/task.ts';
import { SAMPLE_AT, sampleMessage, sampleTask } from './sample-message.ts';

/** A task with that text in every field that may hold any. */
export function hostileTaskOf(text: string, fields: Partial<RepairTask> = {}): RepairTask {
  return sampleTask({
    instanceId: text,
    alias: text,
    taskDetail: text,
    taskTypeName: text,
    taskSubType: text,
    authSource: text,
    product: text,
    zone: text,
    region: text,
    lanIp: text,
    ...fields,
  });
}

/** Every kind of message with that text wherever text from outside stands, in the rich and the plain form. */
export function hostileMessagesOf(text: string): readonly (readonly [kind: string, message: Message])[] {
  const task = (...events: readonly TaskEvent[]): TaskEntry => ({
    account: text,
    task: hostileTaskOf(text, { authType: 8, taskStatus: events.some(({ event }) => event === 'left') ? 2 : 1 }),
    events,
  });
  const pending: TaskEvent = { event: 'pending', at: SAMPLE_AT, again: false };
  const changed: TaskEvent = {
    event: 'changed',
    at: SAMPLE_AT,
    changes: (['taskSubType', 'instanceId', 'product'] as const).map((field) => ({ field, before: text, after: text })),
  };
  const left: TaskEvent = { event: 'left', at: SAMPLE_AT, how: 'processing', status: 2, by: text };
  const base = { kind: 'roll-up', madeAt: SAMPLE_AT, reason: 'many', totals: { tasks: 3, dataLoss: 1 } } as const;
  const group = { account: text, event: 'pending', taskTypeId: 999, taskTypeName: text, zone: text } as const;
  const groups = [{ ...group, count: 9, earliest: { certainty: 'none', at: null }, taskIds: [text] } as const];
  const facts: Readonly<Record<string, MessageFacts>> = {
    pending: { kind: 'task', madeAt: SAMPLE_AT, entry: task(pending) },
    changed: { kind: 'task', madeAt: SAMPLE_AT, entry: task(pending, changed) },
    left: { kind: 'task', madeAt: SAMPLE_AT, entry: task(pending, left) },
    'unknown id': {
      kind: 'task',
      madeAt: SAMPLE_AT,
      entry: { ...task(pending), task: hostileTaskOf(text, { taskId: text }) },
    },
    'roll-up of lines': { ...base, dataLoss: true, lines: [task(pending)], groups: [], elsewhere: [task(changed)] },
    'roll-up of counts': { ...base, dataLoss: false, lines: [], groups },
    digest: hostileDigestOf(text, task(pending), task(changed), task(left)),
    operator: { kind: 'operator', madeAt: SAMPLE_AT, notices: noticesOf(text) },
    'one notice': { kind: 'operator', madeAt: SAMPLE_AT, notices: noticesOf(text).slice(0, 1) },
  };
  return Object.entries(facts).flatMap(([kind, said]) => [
    [kind, sampleMessage({}, { facts: said })],
    [`${kind}, plain`, sampleMessage({}, { facts: said, plain: true })],
  ]);
}

function hostileDigestOf(text: string, pending: TaskEntry, changed: TaskEntry, left: TaskEntry): DigestFacts {
  const { task } = left;
  const ack = { account: text, taskId: task.taskId, revision: 1, by: text, at: SAMPLE_AT, until: null };
  const target = { kind: 'task', account: text, taskId: task.taskId } as const;
  const mute = { id: 1, target, dataLoss: true, by: text, reason: text, at: SAMPLE_AT, until: SAMPLE_AT + 1 };
  return {
    kind: 'digest',
    name: text,
    madeAt: SAMPLE_AT,
    scheduledAt: SAMPLE_AT,
    coversFrom: SAMPLE_AT,
    late: true,
    pending: [{ ...pending, silence: { ack, mute } }],
    fresh: [pending],
    changed: [changed],
    left: [left],
    later: [{ account: text, task, at: SAMPLE_AT, from: 2, to: 3 }],
    accounts: [{ account: text, lastCompleteAt: null, known: false }],
    deadMessages: 1,
  };
}

function noticesOf(text: string): readonly OperatorNotice[] {
  const codes = [
    'account-blocked',
    'poll-stale',
    'rows-set-aside',
    'unknown-value',
    'lane-down',
    'message-dead',
  ] as const;
  const names = [
    'account',
    'channel',
    'code',
    'message',
    'reason',
    'example',
    'value',
    'taskId',
    'event',
    'key',
    'kind',
  ];
  const facts = Object.fromEntries(names.map((name) => [name, text]));
  return codes.map((code) => ({ event: 'operator', at: SAMPLE_AT, code, subject: text, over: false, facts }));
}
