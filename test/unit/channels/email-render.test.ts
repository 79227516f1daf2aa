import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMail } from '../../../src/channels/email/render.ts';
import { displayWidth } from '../../../src/lib/text-width.ts';
import type { TaskEntry } from '../../../src/model/alert.ts';
import type { Message, MessageFacts } from '../../../src/model/message.ts';
import { hostileMessage } from '../../support/arbitrary-message.ts';
import { HOSTILE, SAMPLE_AT, sampleMessage, sampleTask } from '../../support/sample-message.ts';
import { chinese, english, speakers } from '../../support/speakers.ts';

const message = (facts: MessageFacts, fields: Partial<Message> = {}): Message =>
  sampleMessage({}, { facts, ...fields });
const entry = (n: number, fields: Partial<TaskEntry['task']> = {}): TaskEntry => ({
  account: 'prod',
  task: sampleTask({ taskId: `rep-${n}`, instanceId: `ins-${n}`, ...fields }),
  events: [{ event: 'pending', at: SAMPLE_AT, again: false }],
});
const rollUp = (
  lines: readonly TaskEntry[],
  groups: Extract<MessageFacts, { kind: 'roll-up' }>['groups'] = [],
): MessageFacts => ({
  kind: 'roll-up',
  madeAt: SAMPLE_AT,
  reason: 'many',
  dataLoss: false,
  totals: { tasks: lines.length, dataLoss: 0 },
  lines,
  groups,
});

describe('any message, hostile in every field', () => {
  it('has a subject of one short line, only our own tags, and text of at most 80 columns but for commands and addresses', () => {
    fc.assert(
      fc.property(hostileMessage, fc.constantFrom(english, chinese), (any, speaker) => {
        const mail = renderMail(any, speaker);
        expect(mail.subject).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
        expect(mail.subject.length).toBeLessThanOrEqual(240);
        const tags = new Set([...mail.html.matchAll(/<\/?([^\s>/]*)/g)].map(([, tag]) => tag?.toLowerCase()));
        for (const tag of tags) expect(TAGS).toContain(tag);
        expect(mail.html).not.toMatch(/(?![\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        for (const line of mail.text.split('\n')) {
          if (!/^ {4}tccli |https:\/\//.test(line)) expect(displayWidth(line)).toBeLessThanOrEqual(80);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('gives the same bytes for the same message', () => {
    fc.assert(
      fc.property(hostileMessage, (any) => {
        expect(renderMail(structuredClone(any), english)).toEqual(renderMail(any, english));
      }),
      { numRuns: 30 },
    );
  });
});

const TAGS = '!doctype html head meta title style body div table tr td h1 h2 p br bdi strong span pre a'.split(' ');

it('cannot be made to carry another header', () => {
  const { subject } = renderMail(sampleMessage({ alias: 'x\r\nBcc: evil@example.com' }), english);
  expect(subject).toContain('x Bcc: evil@example.com');
  expect(subject).not.toMatch(/[\r\n]/);
});

it.each(speakers)('names its language and says the same in HTML and text (%s)', (language, speaker) => {
  const mail = renderMail(sampleMessage({ lanIp: '10.0.0.7' }), speaker);
  expect(mail.html).toContain(`<html lang="${language}">`);
  for (const said of [
    'web-1',
    'ins-0a1b2c3d',
    'prod',
    'ap-guangzhou-7',
    '10.0.0.7',
    'rep-0a1b2c3d',
    '2026-01-03',
    'GMT+8',
  ]) {
    expect(mail.html).toContain(said);
    expect(mail.text).toContain(said);
  }
  expect(mail.text).toContain(speaker.consoleUrl);
  expect(mail.html).toContain(`href="${speaker.consoleUrl}"`);
});

it('threads a task and nothing else', () => {
  expect(renderMail(sampleMessage(), english).threadTask).toEqual({ account: 'prod', taskId: 'rep-0a1b2c3d' });
  expect(renderMail(message(rollUp([entry(1)])), english).threadTask).toBeNull();
});

describe('a long list', () => {
  const plainTasks = Array.from({ length: 300 }, (_, n) => entry(1_000 + n));
  const risky = Array.from({ length: 220 }, (_, n) => entry(5_000 + n, { authType: 8 }));

  it('shows 200 tasks, data loss first and never cut, and attaches them all as CSV', () => {
    const mail = renderMail(message(rollUp([...plainTasks, ...risky])), english);
    for (const { task } of risky) expect(mail.html).toContain(`>web-1 (${task.instanceId})<`);
    expect(mail.html).not.toContain('rep-1000<');
    expect(mail.html).toContain('and 300 more: all of them are in the attached CSV');
    const [attachment] = mail.attachments;
    expect(attachment?.content).toMatch(/^\uFEFF/);
    const rows = attachment?.content.split('\r\n') ?? [];
    expect(rows).toHaveLength(1 + 520 + 1);
    expect(rows[1]).toMatch(/^may lose data,pending,prod,rep-5/);
    for (const { task } of plainTasks) expect(mail.text).toContain(task.taskId);
  });

  it('needs no attachment while everything is shown', () => {
    expect(renderMail(message(rollUp(plainTasks.slice(0, 200))), english).attachments).toEqual([]);
  });

  it('attaches one table of the whole roll-up where another mail tells a part of it', () => {
    const facts = { ...rollUp(plainTasks.slice(0, 3)), elsewhere: risky.slice(0, 2) } as MessageFacts; // both are parts of a roll-up
    const mail = renderMail(message(facts), english);
    const ids = mail.attachments[0]?.content.match(/rep-\d+/g);
    expect(ids).toEqual(['rep-5000', 'rep-5001', 'rep-1000', 'rep-1001', 'rep-1002']);
    expect(mail.text).not.toContain('rep-5000');
    expect(mail.html).not.toContain('rep-5000');
  });

  it('attaches the tasks of groups by id', () => {
    const group = {
      account: 'prod',
      event: 'pending',
      taskTypeId: 101,
      taskTypeName: null,
      zone: 'ap-guangzhou-7',
      count: 2,
      earliest: { certainty: 'none', at: null },
      taskIds: ['rep-a', 'rep-b'],
    } as const;
    const [attachment] = renderMail(message(rollUp([], [group])), chinese).attachments;
    expect(attachment?.content).toContain(',待授权,prod,rep-a,');
    expect(attachment?.content).toContain(',rep-b,');
  });

  it('has no cell that a spreadsheet takes for a formula', () => {
    const aliases = ['=cmd()', '+1', '-1', '@x', '\t=1', '\r=1', '"=1"', `,${HOSTILE}`];
    const lines = [...plainTasks, ...aliases.map((alias, n) => entry(9_000 + n, { alias }))];
    const csv = renderMail(message(rollUp(lines)), english).attachments[0]?.content ?? '';
    const cells = csv.replace('\uFEFF', '').split('\r\n').flatMap(cellsOf);
    expect(cells).toContain("'=cmd()");
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });
});

/** The cells of one CSV record. */
function cellsOf(record: string): string[] {
  return [...record.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
