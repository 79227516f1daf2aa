import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMail } from '../../../src/channels/email/render.ts';
import { renderSlack } from '../../../src/channels/slack/render.ts';
import { renderTerminal } from '../../../src/messages/terminal.ts';
import type { TaskEntry, TaskEvent } from '../../../src/model/alert.ts';
import type { DigestFacts, Message } from '../../../src/model/message.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { accountReading } from '../../support/arbitrary-message.ts';
import { SAMPLE_AT, sampleMessage, sampleTask } from '../../support/sample-message.ts';
import { chinese, english } from '../../support/speakers.ts';

const DAY = 86_400_000;
const NOTHING_PENDING = /nothing (is )?pending|没有待授权/i;

const digest = (fields: Partial<DigestFacts> = {}): DigestFacts => ({
  kind: 'digest',
  name: 'morning',
  madeAt: SAMPLE_AT,
  scheduledAt: SAMPLE_AT,
  coversFrom: SAMPLE_AT - DAY,
  late: false,
  pending: [],
  fresh: [],
  changed: [],
  left: [],
  later: [],
  accounts: [{ account: 'prod', lastCompleteAt: SAMPLE_AT - 120_000, known: true }],
  deadMessages: 0,
  ...fields,
});
const message = (fields: Partial<DigestFacts>, plain = false): Message =>
  sampleMessage({}, { facts: digest(fields), plain });
const say = (fields: Partial<DigestFacts>, speaker = english): string =>
  renderTerminal(message(fields), speaker, { columns: 400, colour: false });
const entry = (taskId: string, task: Partial<RepairTask> = {}, ...events: readonly TaskEvent[]): TaskEntry => ({
  account: 'prod',
  task: sampleTask({ taskId, ...task }),
  events,
});

/** Everything that a digest says, in every form and language. */
function everything(fields: Partial<DigestFacts>): string {
  return [english, chinese]
    .flatMap((speaker) => {
      const { subject, html, text } = renderMail(message(fields), speaker);
      const slack = [false, true].map((plain) => JSON.stringify(renderSlack(message(fields, plain), speaker, {})));
      return [subject, html, text, ...slack, say(fields, speaker)];
    })
    .join('\n');
}

describe('nothing pending', () => {
  it('is said when every account was read', () => {
    expect(everything({})).toMatch(NOTHING_PENDING);
    expect(say({})).toContain('Digest morning: nothing pending');
    expect(say({}, chinese)).toContain('没有待授权任务');
  });

  it('is never said while an account is not known or none was read', () => {
    const unknown = fc
      .tuple(fc.array(accountReading, { maxLength: 3 }), accountReading)
      .map(([others, one]) => [...others, { ...one, known: false }]);
    fc.assert(
      fc.property(fc.oneof(unknown, fc.constant([])), (accounts) => {
        expect(everything({ accounts })).not.toMatch(NOTHING_PENDING);
      }),
      { numRuns: 40 },
    );
  });

  it('is not said by a 0 either: while an account is not known, only what was found is counted', () => {
    const accounts = [{ account: 'prod', lastCompleteAt: null, known: false }];
    expect(everything({ accounts })).not.toMatch(/\b0 (pending|may lose data|new|changed|left)|(待授权|可能丢数据) 0/);
    expect(say({ accounts, pending: [entry('rep-1')] })).toMatch(/^1 pending$/m);
    expect(say({})).toMatch(/^0 pending · 0 may lose data · 0 new · 0 changed · 0 left$/m);
  });

  it('gives way to the name of the account that is not known', () => {
    const accounts = [
      { account: 'prod', lastCompleteAt: SAMPLE_AT, known: true },
      { account: 'stage', lastCompleteAt: SAMPLE_AT - DAY, known: false },
    ];
    const text = say({ accounts });
    expect(text).toContain('Digest morning: 1 account not known');
    expect(text).toContain('What is pending in account stage is not known');
    expect(text).toContain('stage: not known, last read completely Thu 2026-01-01 11:04 GMT+8');
    expect(say({ accounts, pending: [entry('rep-1')] })).toContain('1 pending; 1 account not known');
    expect(say({ accounts }, chinese)).toContain('账号 stage 的待授权情况未知');
  });

  it('says since when an account is not known, not for how many intervals: it may be a minute old', () => {
    const stage = { account: 'stage', lastCompleteAt: SAMPLE_AT - DAY, known: false };
    const fresh = { account: 'fresh', lastCompleteAt: null, known: false };
    expect(everything({ accounts: [stage, fresh] })).not.toMatch(/interval|周期/);
    expect(say({ accounts: [stage] })).toContain(
      'is not known: it was last read completely Thu 2026-01-01 11:04 GMT+8.',
    );
    expect(say({ accounts: [fresh] })).toContain('account fresh is not known: it was never read completely.');
    expect(say({ accounts: [stage, fresh] })).toMatch(
      /accounts stage, fresh is not known; when each was last read completely is listed below.*stage: not known, last read completely Thu.*fresh: not known, never read/s,
    );
    expect(say({ accounts: [fresh] }, chinese)).toContain('账号 fresh 的待授权情况未知：该账号从未完整读取，');
    expect(say({ accounts: [stage, fresh] }, chinese)).toContain('stage：情况未知，最近一次完整读取于');
  });
});

it('puts data-loss tasks on top, then the pending ones by deadline', () => {
  const text = say({
    pending: [
      entry('rep-late', { authTime: SAMPLE_AT + 2 * DAY }),
      entry('rep-none', { authTime: null, taskTypeId: 103 }),
      entry('rep-soon', { authTime: SAMPLE_AT + DAY }),
      entry('rep-risk', { authTime: SAMPLE_AT + 3 * DAY, authType: 5 }),
    ],
  });
  const order = ['rep-risk', 'rep-soon', 'rep-late', 'rep-none'].map((id) => text.indexOf(id));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(text).toContain('Digest morning: 4 pending, 1 may lose data');
});

it('says what is new, what changed, what left and by whom, later steps and dead messages', () => {
  const left = (by: string): TaskEvent => ({ event: 'left', at: SAMPLE_AT, how: 'processing', status: 2, by });
  const text = say({
    fresh: [entry('rep-new')],
    changed: [
      entry('rep-chg', {}, { event: 'changed', at: SAMPLE_AT, changes: [{ field: 'authType', before: 6, after: 2 }] }),
    ],
    left: [
      entry('rep-cust', { taskStatus: 2 }, left('Customer_auth')),
      entry('rep-auto', { taskStatus: 2 }, left('System_mandatory_auth')),
    ],
    later: [{ account: 'prod', task: sampleTask({ taskId: 'rep-done' }), at: SAMPLE_AT, from: 2, to: 3 }],
    deadMessages: 1,
  });
  expect(text).toMatch(
    /Started by Tencent Cloud's default: 1\nTencent Cloud authorized these itself; nobody in the team decided.\n• rep-auto/,
  );
  expect(text).toMatch(/New: 1\n• rep-new/);
  expect(text).toMatch(/Changed: 1\n• rep-chg.*Authorization allows: Online maintenance → Shutdown/s);
  expect(text).toMatch(/No longer pending: 1\n• rep-cust.*authorized by the customer/s);
  expect(text).toMatch(/Later steps: 1\n• rep-done.*Processing → Ended/s);
  expect(text).toContain('1 message could not be delivered: "repairwatch deliveries" shows it');
  expect(text).toContain('prod: read completely Fri 2026-01-02 11:02 GMT+8 (2 min ago)');
});

it('says that it is late, and the period that it covers', () => {
  const text = say({ late: true, scheduledAt: SAMPLE_AT - 7_200_000 });
  expect(text).toMatch(
    /This digest is late: it was due Fri 2026-01-02 09:04 GMT\+8.*covers Thu 2026-01-01 11:04 GMT\+8 to Fri 2026-01-02 11:04/,
  );
  expect(say({})).toContain('Covers Thu 2026-01-01 11:04 GMT+8 to Fri 2026-01-02 11:04 GMT+8.');
});
