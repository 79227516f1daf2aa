import { describe, expect, it } from 'vitest';
import { renderMail } from '../../../src/channels/email/render.ts';
import { renderSlack } from '../../../src/channels/slack/render.ts';
import { documentOf } from '../../../src/messages/document-of.ts';
import { createSpeaker } from '../../../src/messages/speak.ts';
import type { Message, MessageFacts } from '../../../src/model/message.ts';
import { repairTask } from '../../support/repair-task.ts';

const AT = Date.UTC(2026, 10, 24);
const entry = { account: 'prod', task: repairTask({ taskId: 'rep-00000001' }), events: [] };
const task: MessageFacts = { kind: 'task', madeAt: AT, entry };
const rollUp: MessageFacts = {
  kind: 'roll-up',
  madeAt: AT,
  reason: 'many',
  dataLoss: false,
  totals: { tasks: 1, dataLoss: 0 },
  lines: [entry],
  groups: [],
};
const operator: MessageFacts = { kind: 'operator', madeAt: AT, notices: [] };

const speakerAt = (publicUrl: string | null) =>
  createSpeaker({ language: 'en', timezone: 'Asia/Shanghai', consoleUrl: 'https://console.example/', publicUrl });
const messageOf = (facts: MessageFacts): Message => ({
  key: 'rw-0123456789',
  facts,
  part: 1,
  parts: 1,
  plain: false,
  resume: null,
});
const linkOf = (facts: MessageFacts, publicUrl: string | null = 'https://repairs.example'): string | null =>
  documentOf(messageOf(facts), speakerAt(publicUrl)).page?.url ?? null;

describe('a message', () => {
  it('leads to what it is about on the page: one task, the list, the health page', () => {
    expect(linkOf(task)).toBe('https://repairs.example/tasks/prod/rep-00000001');
    expect(linkOf(rollUp)).toBe('https://repairs.example/');
    expect(linkOf(operator)).toBe('https://repairs.example/health');
    expect(linkOf({ kind: 'sample', madeAt: AT, of: task })).toBe('https://repairs.example/');
  });

  it('keeps the path of the public address, and escapes what names a task', () => {
    expect(linkOf(task, 'https://example.com/repairs')).toBe('https://example.com/repairs/tasks/prod/rep-00000001');
    const odd = { ...entry, account: '游戏 /../?#', task: repairTask({ taskId: 'rep-"><b' }) };
    expect(linkOf({ kind: 'task', madeAt: AT, entry: odd })).toBe(
      'https://repairs.example/tasks/%E6%B8%B8%E6%88%8F%20%2F..%2F%3F%23/rep-%22%3E%3Cb',
    );
  });

  it('has no such link where no public address is set', () => {
    for (const facts of [task, rollUp, operator]) expect(linkOf(facts, null)).toBeNull();
  });

  it('carries it in Slack as a button, in its plain form as an address, in mail as a link and in the text', () => {
    const url = 'https://repairs.example/tasks/prod/rep-00000001';
    const speaker = speakerAt('https://repairs.example');
    expect(renderSlack(messageOf(task), speaker, {}).blocks).toContainEqual({
      type: 'actions',
      elements: [
        expect.objectContaining({ url: 'https://console.example/' }),
        expect.objectContaining({ type: 'button', url }),
      ],
    });
    expect(renderSlack({ ...messageOf(task), plain: true }, speaker, {}).text).toContain(`\n${url}\n`);
    const mail = renderMail(messageOf(task), speaker);
    expect(mail.html).toContain(`href="${url}"`);
    expect(mail.text).toContain(`Open this task in repairwatch: ${url}`);
  });
});
