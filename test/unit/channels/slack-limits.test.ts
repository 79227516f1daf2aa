import { expect, test } from 'vitest';
import { renderSlack } from '../../../src/channels/slack/render.ts';
import { createSlackChannel } from '../../../src/channels/slack/slack.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createSpeaker } from '../../../src/messages/speak.ts';
import type { MessageFacts, RollUpGroup } from '../../../src/model/message.ts';
import { judgePayload } from '../../../src/sandbox/slack-rules.ts';
import { HOSTILE, SAMPLE_AT, sampleMessage, sampleTask } from '../../support/sample-message.ts';

const { limits } = createSlackChannel(
  {
    type: 'slack',
    name: 'ops',
    language: 'en',
    timezone: 'UTC',
    url: new Secret('https://hooks.slack.com/x'),
    mention: {},
  },
  { clock: systemClock, render: () => ({ text: '' }), sendTimeoutMs: 1 },
);
const ids = (count: number) => Array.from({ length: count }, (_, at) => `rep-${String(at).padStart(8, 'z')}`);
const base = { kind: 'roll-up', madeAt: SAMPLE_AT, reason: 'many' } as const;
const links = { consoleUrl: 'https://console.example.com/repair', publicUrl: 'https://repairs.example.com' };

type RollUp = Extract<MessageFacts, { kind: 'roll-up' }>;

function render(language: 'en' | 'zh-CN', facts: Omit<RollUp, keyof typeof base>): string {
  const message = sampleMessage({}, { facts: { ...base, ...facts } });
  const body = renderSlack(message, createSpeaker({ language, timezone: 'Asia/Shanghai', ...links }), {
    pending: '<!here>',
  });
  const json = JSON.stringify(body);
  expect(judgePayload(json).ok).toBe(true);
  return JSON.stringify(body.blocks);
}

test.each(['en', 'zh-CN'] as const)(
  'a full message of data-loss lines names every task, however hostile and long each is (%s)',
  (language) => {
    const tasks = ids(limits.linesPerMessage).map((taskId) =>
      sampleTask({
        taskId,
        authType: 4,
        alias: HOSTILE.repeat(50),
        zone: 'na-siliconvalley-2',
        instanceId: `ins-${'a'.repeat(16)}`,
      }),
    );
    const lines = tasks.map((task) => ({
      account: 'production-account-with-a-long-name',
      task,
      events: [{ event: 'pending', at: SAMPLE_AT, again: true } as const],
    }));
    const blocks = render(language, { dataLoss: true, totals: { tasks: 800, dataLoss: 800 }, lines, groups: [] });
    expect(blocks.length).toBeLessThan(12_000);
    for (const { taskId } of tasks) expect(blocks).toContain(taskId);
  },
);

test.each([
  ['en', 1],
  ['zh-CN', 1],
  ['en', 25],
  ['zh-CN', 25],
] as const)('a full message of counts names every id that it was given (%s, %i to a count)', (language, perGroup) => {
  // Each heading takes the room of ten ids, as the composer counts.
  const count = Math.floor(limits.idsPerMessage / (perGroup + 10));
  const all = ids(count * perGroup);
  const groups = Array.from(
    { length: count },
    (_, at): RollUpGroup => ({
      account: `production-account-${at}`,
      event: 'pending',
      taskTypeId: 106,
      taskTypeName: null,
      zone: 'na-siliconvalley-2',
      count: perGroup,
      earliest: { certainty: 'estimated', at: SAMPLE_AT + 3_600_000 },
      taskIds: all.slice(at * perGroup, (at + 1) * perGroup),
    }),
  );
  const blocks = render(language, { dataLoss: false, totals: { tasks: all.length, dataLoss: 0 }, lines: [], groups });
  expect(blocks.length).toBeLessThan(12_000);
  for (const taskId of all) expect(blocks).toContain(taskId);
});

test('a full message of one count names every id', () => {
  const taskIds = ids(limits.idsPerMessage - 10);
  const group: RollUpGroup = {
    account: 'prod',
    event: 'pending',
    taskTypeId: 101,
    taskTypeName: null,
    zone: 'ap-guangzhou-7',
    count: taskIds.length,
    earliest: { certainty: 'stated', at: SAMPLE_AT },
    taskIds,
  };
  const blocks = render('en', { dataLoss: false, totals: { tasks: 490, dataLoss: 0 }, lines: [], groups: [group] });
  for (const taskId of taskIds) expect(blocks).toContain(taskId);
});
