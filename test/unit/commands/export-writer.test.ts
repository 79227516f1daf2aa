import { describe, expect, it } from 'vitest';
import type { ExportOptions } from '../../../src/commands/export-options.ts';
import { openTaskWriter } from '../../../src/commands/export-writer.ts';
import { silencesByTask } from '../../../src/model/silence.ts';
import { english } from '../../support/speakers.ts';
import { T0, taskRow } from '../../support/store-world.ts';

const ESC = String.fromCharCode(27);
const HOSTILE = `=HYPERLINK("http://evil";"x")\r\n${ESC}[31mred\u202e`;
const tasks = [
  taskRow({ taskId: 'rep-a', alias: HOSTILE, authType: 8 }),
  taskRow({ taskId: 'rep-b', taskStatus: 5, taskDetail: 'a, "b"' }, { ending: 'closed', revision: 3 }),
].map((row) => ({ ...row, seenPoll: 1 }));
const ack = { account: 'prod', taskId: 'rep-a', revision: 1, by: 'li', at: T0, until: null };

function written(format: ExportOptions['format'], shown = tasks): string {
  let text = '';
  const screen = {
    env: {},
    columns: 80,
    colour: false,
    complain: () => undefined,
    print(line: string) {
      text += `${line}\n`;
    },
  };
  const silenceOf = silencesByTask({ acks: [ack], mutes: [] });
  const writer = openTaskWriter(format, screen, { head: { at: 'now' }, silenceOf, speaker: english });
  for (const stored of shown) writer.task(stored);
  writer.end();
  return text;
}

describe('an export', () => {
  it('as CSV has one line a task, and nothing of it is a formula or moves a terminal', () => {
    const lines = written('csv').split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^\ufeffaccount,taskId,instanceId,alias,.*,ending,acknowledgedBy,mutedUntil$/);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"";""x"") red"`);
    expect(lines[1]).toMatch(/,true,8,Waiting_auth,2026-11-22T04:00:00\.000Z,stated,.*,,li,$/);
    expect(lines[2]).toMatch(/,"a, ""b""",closed,,$/);
    expect(written('csv').replace(/[\r\n]/g, '')).not.toMatch(/\p{Cc}|\u202e/u);
  });

  it('as JSON is one document that a terminal cannot misread, also without a task', () => {
    const text = written('json');
    const { at, tasks: shown } = JSON.parse(text) as { at: string; tasks: readonly unknown[] }; // what was just written
    expect(at).toBe('now');
    expect(shown).toMatchObject([
      { taskId: 'rep-a', alias: HOSTILE, ack: { by: 'li' }, ending: null },
      { taskId: 'rep-b', ack: null, ending: 'closed', revision: 3 },
    ]);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    expect(JSON.parse(written('json', []))).toEqual({ at: 'now', tasks: [] });
  });

  it('as a calendar has an event for each task', () => {
    const text = written('ics');
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*END:VEVENT\r\nEND:VCALENDAR\r\n$/);
    expect(text.match(/^STATUS:.*$/gm)).toEqual(['STATUS:CONFIRMED', 'STATUS:CANCELLED']);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
    expect(written('ics', [])).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*\r\nEND:VCALENDAR\r\n$/);
  });
});
