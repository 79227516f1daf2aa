import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderSlack } from '../../../src/channels/slack/render.ts';
import { sampleMessages } from '../../../src/messages/samples.ts';
import type { TaskEntry } from '../../../src/model/alert.ts';
import type { Message, MessageFacts, RollUpGroup } from '../../../src/model/message.ts';
import { judgePayload } from '../../../src/sandbox/slack-rules.ts';
import { hostileMessage } from '../../support/arbitrary-message.ts';
import { HOSTILE, SAMPLE_AT, sampleMessage, sampleTask } from '../../support/sample-message.ts';
import { chinese, english, speakers } from '../../support/speakers.ts';

const message = (facts: MessageFacts, fields: Partial<Message> = {}): Message =>
  sampleMessage({}, { facts, ...fields });

/** Every text of a payload that Slack parses as mrkdwn. */
function parsedTexts(payload: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(payload, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'mrkdwn' && 'text' in value)
      found.push(String(value.text));
    return value;
  });
  return found;
}

function allTexts(payload: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(payload, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

describe('any message, hostile in every field', () => {
  it('keeps every limit of Slack, is never empty, and carries nothing live', () => {
    fc.assert(
      fc.property(hostileMessage, fc.constantFrom(english, chinese), (any, speaker) => {
        const body = renderSlack(any, speaker, {});
        expect(judgePayload(JSON.stringify(body)).ok).toBe(true);
        expect(body.text.length).toBeLessThanOrEqual(4_000);
        expect(JSON.stringify(body.blocks ?? []).length).toBeLessThan(12_000);
        for (const text of allTexts(body)) {
          expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
          expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
          expect(text.isWellFormed()).toBe(true);
          expect(text.trim()).not.toBe('');
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same bytes for the same message', () => {
    fc.assert(
      fc.property(hostileMessage, (any) => {
        const copy = structuredClone(any);
        expect(JSON.stringify(renderSlack(copy, chinese, {}))).toBe(JSON.stringify(renderSlack(any, chinese, {})));
      }),
      { numRuns: 40 },
    );
  });
});

describe('text from outside', () => {
  const hostile = '*b* _i_ ~s~ `c` :smile: <!channel> @here';

  it('stands in plain_text only, so that no sign of it formats or pings', () => {
    const body = renderSlack(sampleMessage({ alias: hostile, zone: hostile, taskDetail: hostile }), english, {});
    for (const text of parsedTexts(body)) expect(text).not.toMatch(/b\*|_i_|~s~|:smile:|channel|@here/);
    expect(allTexts(body.blocks).some((text) => text.includes('*b* _i_ ~s~ `c` :smile: &lt;!channel&gt; @here'))).toBe(
      true,
    );
  });

  it('has look-alikes in the fallback text, which Slack always parses; words like prod_main stay', () => {
    const { text } = renderSlack(sampleMessage({ alias: `prod_main ${hostile}` }), english, {});
    expect(text).toContain('prod_main');
    expect(text).not.toMatch(/[*~`<>]|_i_|:smile:|@here/);
  });
});

describe('mentions', () => {
  const mention = {
    pending: '<!here>',
    'reminder-60m': '<!channel> <@U0ABC>',
    reminder: '<!subteam^S012|@ops>',
    operator: 'wake <!everyone> up <!date^1^x|y>',
  };
  const reminder = (rungMs: number): MessageFacts => ({
    kind: 'task',
    madeAt: SAMPLE_AT,
    entry: { account: 'prod', task: sampleTask(), events: [{ event: 'reminder', at: SAMPLE_AT, rungMs }] },
  });
  const live = (body: unknown): string[] => [...new Set(JSON.stringify(body).match(/<[!@][^>]*>/g) ?? [])];

  it('are live exactly where the configuration asks for them', () => {
    expect(live(renderSlack(sampleMessage({ alias: '<!everyone>' }), english, mention))).toEqual(['<!here>']);
    expect(live(renderSlack(message(reminder(3_600_000)), english, mention))).toEqual(['<!channel>', '<@U0ABC>']);
    expect(live(renderSlack(message(reminder(14_400_000)), english, mention))).toEqual(['<!subteam^S012|@ops>']);
    expect(live(renderSlack(sampleMessage({}), english, {}))).toEqual([]);
  });

  it('are those of every rung that a count tells of, and of none that is history', () => {
    const group: RollUpGroup = {
      account: 'prod',
      event: 'pending',
      taskTypeId: 107,
      taskTypeName: null,
      zone: null,
      count: 1,
      earliest: { certainty: 'none', at: null },
      taskIds: ['rep-a'],
    };
    const of = (changes: Partial<RollUpGroup>): MessageFacts => ({
      kind: 'roll-up',
      madeAt: SAMPLE_AT,
      reason: 'many',
      dataLoss: false,
      totals: { tasks: 1, dataLoss: 0 },
      lines: [],
      groups: [{ ...group, ...changes }],
    });
    const called = (changes: Partial<RollUpGroup>) => live(renderSlack(message(of(changes)), english, mention));
    expect(called({ event: 'reminder', rungsMs: [3_600_000, 0] })).toEqual([
      '<!channel>',
      '<@U0ABC>',
      '<!subteam^S012|@ops>',
    ]);
    expect(called({ event: 'pending', also: [['reminder', 2]], rungsMs: [3_600_000] })).toEqual([
      '<!here>',
      '<!channel>',
      '<@U0ABC>',
    ]);
    expect(called({ event: 'left', also: [['reminder', 2]], rungsMs: [3_600_000] })).toEqual([]);
  });

  it('of other syntax are shown as text', () => {
    const notice = {
      event: 'operator',
      at: SAMPLE_AT,
      code: 'clock-off',
      subject: 'x',
      over: false,
      facts: {},
    } as const;
    const body = renderSlack(message({ kind: 'operator', madeAt: SAMPLE_AT, notices: [notice] }), english, mention);
    expect(live(body)).toEqual(['<!everyone>']);
    expect(body.text).toContain('&lt;!date^1^x|y&gt;');
  });

  it('stay in the plain form, and a task that has left no longer calls for its earlier events', () => {
    expect(renderSlack(sampleMessage({}, { plain: true }), english, mention).text).toMatch(/^<!here>\n/);
    const entry: TaskEntry = {
      account: 'prod',
      task: sampleTask({ taskStatus: 2 }),
      events: [
        { event: 'pending', at: SAMPLE_AT - 1, again: false },
        { event: 'left', at: SAMPLE_AT, how: 'processing', status: 2, by: null },
      ],
    };
    expect(live(renderSlack(message({ kind: 'task', madeAt: SAMPLE_AT, entry }), english, mention))).toEqual([]);
  });

  it('wake nobody for a sample', () => {
    for (const facts of sampleMessages(SAMPLE_AT))
      expect(live(renderSlack(message(facts), english, mention))).toEqual([]);
  });
});

describe.each(speakers)('data loss in %s', (_language, speaker) => {
  const many = (first: number, count: number, authType: number): TaskEntry[] =>
    Array.from({ length: count }, (_, n) => ({
      account: 'prod',
      task: sampleTask({ taskId: `rep-${first + n}`, instanceId: `ins-${first + n}`, authType, alias: HOSTILE }),
      events: [{ event: 'pending', at: SAMPLE_AT, again: false }],
    }));

  it.each([
    ['blocks', 90, false],
    ['the plain form', 40, true],
  ] as const)(
    'keeps id, instance and deadline of every task in a digest far too long for %s',
    (_form, count, plain) => {
      const risky = many(10_000, count, 8);
      const others = many(50_000, 3_000, 1);
      const facts: MessageFacts = {
        kind: 'digest',
        name: 'morning',
        madeAt: SAMPLE_AT,
        scheduledAt: SAMPLE_AT,
        coversFrom: SAMPLE_AT - 86_400_000,
        late: false,
        pending: [...others, ...risky],
        fresh: [...others, ...risky],
        changed: others,
        left: others,
        later: [],
        accounts: [{ account: 'prod', lastCompleteAt: SAMPLE_AT, known: true }],
        deadMessages: 0,
      };
      const body = renderSlack(message(facts, { plain }), speaker, {});
      expect(judgePayload(JSON.stringify(body)).ok).toBe(true);
      const lines = (plain ? [body.text] : allTexts(body.blocks)).join('\n').split('\n');
      for (const { task } of risky) {
        const line = lines.find((text) => text.includes(task.taskId));
        expect(line).toContain(task.instanceId);
        expect(line).toContain('2026-01-03 ');
      }
      const at = (id: string): number => lines.findIndex((text) => text.includes(id));
      const firstOther = at('rep-5') === -1 ? Number.POSITIVE_INFINITY : at('rep-5');
      expect(at(`rep-${10_000 + count - 1}`)).toBeLessThan(firstOther);
      expect(lines.some((text) => text.includes('repairwatch list'))).toBe(true);
    },
  );
});

it('shows key and part small at the end, and links to the console', () => {
  const { blocks = [] } = renderSlack(sampleMessage({}, { part: 2, parts: 3 }), english, {});
  expect(blocks.at(-1)).toMatchObject({
    type: 'context',
    elements: [{ text: expect.stringContaining('rw-abcdefghij · part 2 of 3') }],
  });
  expect(blocks.at(-2)).toMatchObject({ type: 'actions', elements: [{ url: english.consoleUrl }] });
});

it('sends the whole message as text where blocks were refused', () => {
  const body = renderSlack(sampleMessage({}, { plain: true }), english, {});
  expect(Object.keys(body)).toEqual(['text']);
  for (const said of [
    'ins-0a1b2c3d',
    'rep-0a1b2c3d',
    'prod',
    'Deadline',
    'tccli cvm RepairTaskControl',
    english.consoleUrl,
    'rw-abcdefghij',
  ])
    expect(body.text).toContain(said);
  expect(body.text).toMatch(/--OrderAuthTime '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'/);
});
