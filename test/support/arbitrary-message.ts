import fc from 'fast-check';
import {
  OPERATOR_CODES,
  type OperatorCode,
  TASK_EVENTS,
  type TaskEntry,
  type TaskEvent,
} from '../../src/model/alert.ts';
import type { AccountReading, Message, MessageFacts, RollUpGroup } from '../../src/model/message.ts';
import type { RepairTask } from '../../src/model/task.ts';
import { HOSTILE, SAMPLE_AT, sampleTask } from './sample-message.ts';

/** Text as it must never be trusted: markup, surrogates, direction marks, terminal codes, emoji, 10,000 characters. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      HOSTILE,
      '<!channel>',
      '*bold* _it_ ~no~ `code` ```pre```',
      '\ud800 alone \udc00',
      'שלום \u202ereversed\u2066',
      '👨‍👩‍👧‍👦🇨🇳🏴󠁧󠁢󠁥󠁮󠁧󠁿',
      '=cmd|calc!A0',
      '\u001b]0;title\u0007\u001b[2J',
      '<@U123|x> <https://evil.example|ok> :smile: @here',
      '',
      ' ',
      '"\\"\\"\\',
      'constructor',
      '__proto__',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '&'.repeat(10_000),
      '"'.repeat(10_000),
      '修'.repeat(10_000),
      '👩‍🚒'.repeat(2_000),
      `z${'\u0301'.repeat(9_999)}`,
    ),
  },
);

const at = fc.integer({ min: -3 * 86_400, max: 3 * 86_400 }).map((seconds) => SAMPLE_AT + seconds * 1000);
const maybe = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(some, { nil: null });

/** Hostile in every field that the API fills. */
export const hostileTask: fc.Arbitrary<RepairTask> = fc
  .record({
    taskId: hostileText,
    instanceId: maybe(hostileText),
    alias: maybe(hostileText),
    taskTypeId: maybe(fc.integer({ min: 100, max: 109 })),
    taskTypeName: maybe(hostileText),
    taskSubType: maybe(hostileText),
    taskStatus: fc.integer({ min: 1, max: 7 }),
    createTime: at,
    authTime: maybe(at),
    taskDetail: maybe(hostileText),
    authType: maybe(fc.integer({ min: 0, max: 9 })),
    authSource: maybe(hostileText),
    product: maybe(hostileText),
    zone: maybe(hostileText),
    region: maybe(hostileText),
    lanIp: maybe(hostileText),
  })
  .map((fields) => sampleTask(fields));

const left = fc.constantFrom('processing', 'scheduled', 'ended', 'cancelled', 'avoided', 'unlisted', 'other' as const);
const field = fc.constantFrom('authTime', 'authType', 'taskTypeId', 'instanceId', 'product', 'taskSubType' as const);
const value = maybe(fc.oneof(hostileText, fc.integer()));

export const hostileEvent: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc.record({ event: fc.constant('pending' as const), at, again: fc.boolean() }),
  fc.record({
    event: fc.constant('changed' as const),
    at,
    changes: fc.array(fc.record({ field, before: value, after: value }), { maxLength: 6 }),
  }),
  fc.record({
    event: fc.constant('left' as const),
    at,
    how: left,
    status: maybe(fc.integer({ min: 1, max: 9 })),
    by: maybe(fc.oneof(hostileText, fc.constant('System_mandatory_auth'))),
  }),
  fc.record({
    event: fc.constant('reminder' as const),
    at,
    rungMs: fc.constantFrom(0, 3_600_000, 14_400_000, 86_400_000),
  }),
);

export const hostileEntry: fc.Arbitrary<TaskEntry> = fc.record({
  account: hostileText,
  task: hostileTask,
  events: fc.array(hostileEvent, { maxLength: 4 }),
});

const entries = (maxLength: number): fc.Arbitrary<TaskEntry[]> => fc.array(hostileEntry, { maxLength });

const group: fc.Arbitrary<RollUpGroup> = fc
  .record({
    account: hostileText,
    event: fc.constantFrom(...TASK_EVENTS),
    taskTypeId: maybe(fc.integer({ min: 100, max: 109 })),
    taskTypeName: maybe(hostileText),
    zone: maybe(hostileText),
    taskIds: fc.array(hostileText, { maxLength: 60 }),
    more: fc.nat(5_000),
    earliest: fc.oneof(
      fc.record({ certainty: fc.constantFrom('stated', 'estimated' as const), at }),
      fc.constant({ certainty: 'none', at: null } as const),
    ),
  })
  .map(({ more, ...rest }) => ({ ...rest, count: rest.taskIds.length + more }));

const notice = fc
  .record({
    code: fc.constantFrom<OperatorCode>(...OPERATOR_CODES),
    subject: hostileText,
    over: fc.boolean(),
    facts: fc.dictionary(
      fc.constantFrom(
        'account',
        'channel',
        'code',
        'message',
        'lastComplete',
        'example',
        'value',
        'taskId',
        'event',
        'key',
        'reason',
        'offsetMs',
        'kind',
        'count',
      ),
      fc.oneof(hostileText, fc.integer()),
    ),
  })
  .map((fields) => ({ event: 'operator', at: SAMPLE_AT, ...fields }) as const);

export const accountReading: fc.Arbitrary<AccountReading> = fc.record({
  account: hostileText,
  lastCompleteAt: maybe(at),
  known: fc.boolean(),
});

export const hostileDigest = fc.record({
  kind: fc.constant('digest' as const),
  name: hostileText,
  madeAt: fc.constant(SAMPLE_AT),
  scheduledAt: at,
  coversFrom: at,
  late: fc.boolean(),
  pending: entries(12),
  fresh: entries(4),
  changed: entries(4),
  left: entries(4),
  later: fc.array(
    fc.record({
      account: hostileText,
      task: hostileTask,
      at,
      from: maybe(fc.integer({ min: 1, max: 7 })),
      to: maybe(fc.integer({ min: 1, max: 7 })),
    }),
    { maxLength: 4 },
  ),
  accounts: fc.array(accountReading, { maxLength: 6 }),
  deadMessages: fc.nat(3),
});

const bareFacts: fc.Arbitrary<Exclude<MessageFacts, { kind: 'sample' }>> = fc.oneof(
  fc.record({ kind: fc.constant('task' as const), madeAt: fc.constant(SAMPLE_AT), entry: hostileEntry }),
  fc.record({
    kind: fc.constant('roll-up' as const),
    madeAt: fc.constant(SAMPLE_AT),
    reason: fc.constantFrom('first-run', 'many' as const),
    dataLoss: fc.boolean(),
    totals: fc.record({ tasks: fc.nat(30_000), dataLoss: fc.nat(900) }),
    lines: entries(20),
    groups: fc.array(group, { maxLength: 6 }),
  }),
  fc.record({
    kind: fc.constant('operator' as const),
    madeAt: fc.constant(SAMPLE_AT),
    notices: fc.array(notice, { minLength: 1, maxLength: 15 }),
  }),
  hostileDigest,
);

/** Any message at all. */
export const hostileMessage: fc.Arbitrary<Message> = fc
  .record({
    facts: bareFacts,
    sample: fc.boolean(),
    key: fc.oneof(fc.constant('rw-abcdefghij'), hostileText),
    parts: fc.integer({ min: 1, max: 12 }),
    plain: fc.boolean(),
  })
  .map(({ facts, sample, key, parts, plain }) => ({
    key,
    facts: sample ? { kind: 'sample', madeAt: SAMPLE_AT, of: facts } : facts,
    part: 1,
    parts,
    plain,
    resume: null,
  }));
