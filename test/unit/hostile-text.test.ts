import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeMail } from '../../src/channels/email/compose.ts';
import { renderMail } from '../../src/channels/email/render.ts';
import { renderSlack } from '../../src/channels/slack/render.ts';
import { createLog } from '../../src/lib/log.ts';
import { displayWidth } from '../../src/lib/text-width.ts';
import type { Speaker } from '../../src/messages/speak.ts';
import { renderTerminal } from '../../src/messages/terminal.ts';
import type { Message } from '../../src/model/message.ts';
import { judgePayload, mentionsIn } from '../../src/sandbox/slack-rules.ts';
import { type HostileCommands, runHostileCommands } from '../support/hostile-commands.ts';
import { hostileMessagesOf } from '../support/hostile-messages.ts';
import { HOSTILE_TEXTS } from '../support/hostile-texts.ts';
import { expectReadable, hiddenIn } from '../support/safe-output.ts';
import { english, speakers } from '../support/speakers.ts';

const OURS = /^\*[^*\n]*\*$|^```[^`\n]*```$/gm;
const LIVE_IN_SLACK = /[*_~`<>]|:[a-z_]+:|@(?:here|channel|everyone)|https?:\/\//;
const TAGS = /^\/?(?:html|head|meta|title|style|body|div|table|tr|td|h1|h2|p|br|bdi|strong|span|pre|a)$/;
const ATTRIBUTES = /^(?:lang|charset|name|content|class|style|role|width|cellpadding|cellspacing|align|valign|href)$/;
const HEADERS =
  /^(?:From|To|Subject|Message-ID|In-Reply-To|References|Date|MIME-Version|Content-Type|Content-Transfer-Encoding|Auto-Submitted|X-Auto-Response-Suppress|List-Id|X-Repairwatch-Key)$/i;
const FORMULA = /(?:^|[;\t] *)[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/;

/** Every text of a payload, and whether Slack parses it. */
function slackTexts(payload: object): readonly { readonly text: string; readonly parsed: boolean }[] {
  const found: { text: string; parsed: boolean }[] = [];
  JSON.stringify(payload, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string')
      found.push({ text: value.text, parsed: !('type' in value) || value.type !== 'plain_text' });
    return value;
  });
  return found;
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** RFC 4180. */
function cellsOf(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of csv
    .replace('\uFEFF', '')
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '\r\n') rows.push([]);
    if (end === '') break;
  }
  return rows.slice(0, -1);
}

describe.each(HOSTILE_TEXTS)('%s, in every field of every message,', (_kind, text) => {
  const messages = hostileMessagesOf(text);
  // Only Slack's form of a message depends on whether it is plain.
  const rich: typeof messages = messages.filter(([, { plain }]) => !plain);
  const each = (check: (message: Message, speaker: Speaker) => void, some = rich): void => {
    for (const [kind, message] of some)
      for (const [language, speaker] of speakers)
        try {
          check(message, speaker);
        } catch (error) {
          throw new Error(`${kind}, ${language}: ${String(error)}`, { cause: error });
        }
  };

  it('does nothing in Slack, in blocks and in the plain form', () =>
    each((message, speaker) => {
      const body = renderSlack(message, speaker, {});
      expect(judgePayload(JSON.stringify(body)).ok).toBe(true);
      expect(mentionsIn(body)).toEqual([]);
      for (const { text: said, parsed } of slackTexts(body)) {
        expect(said).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
        expect(said.trim()).not.toBe('');
        expectReadable(unescaped(said));
        if (parsed)
          expect(said.replaceAll(OURS, '').replaceAll(speaker.consoleUrl ?? '', '')).not.toMatch(LIVE_IN_SLACK);
      }
    }, messages));

  it('is text in HTML', () =>
    each((message, speaker) => {
      const html = renderMail(message, speaker).html.replace(/(?:\u034f \u200c )+/, '');
      for (const [, tag = '', attributes = ''] of html.matchAll(/<([^\s>]*)([^>]*)>/g)) {
        if (tag !== '!DOCTYPE') expect(tag).toMatch(TAGS);
        for (const [, name = ''] of attributes.replaceAll(/"[^"]*"/g, '').matchAll(/([a-z-]+)=/gi))
          expect(name).toMatch(ATTRIBUTES);
      }
      for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toBe(speaker.consoleUrl);
      expectReadable(unescaped(html));
    }));

  it('is one line of a subject and makes no header, recipient or part', async () => {
    for (const [kind, message] of rich) {
      const mail = renderMail(message, english);
      expectReadable(mail.subject);
      expect(mail.subject).not.toMatch(/\n/);
      expect(mail.subject.length).toBeLessThanOrEqual(240);
      const { bytes, to } = await composeMail(message, mail, 'Repairs <repairs@example.com>', ['ops@example.com']);
      const [head = ''] = bytes.toString('latin1').split('\r\n\r\n');
      for (const line of head.split(/\r\n(?![ \t])/)) expect(line.split(':')[0], kind).toMatch(HEADERS);
      const parsed = await simpleParser(bytes);
      expect([to, parsed.bcc, parsed.subject]).toEqual([['ops@example.com'], undefined, mail.subject]);
      expect(parsed.attachments).toHaveLength(mail.attachments.length);
    }
  });

  it('is text of at most 80 columns in a mail and on a terminal', () =>
    each((message, speaker) => {
      const mail = renderMail(message, speaker).text;
      for (const said of [mail, renderTerminal(message, speaker, { columns: 80, colour: false })]) {
        expectReadable(said);
        for (const line of said.split('\n'))
          if (!/^ {4}(?:tccli|repairwatch) |https:\/\/console/.test(line))
            expect(displayWidth(line)).toBeLessThanOrEqual(80);
      }
    }));

  it('is no formula in a table, and adds no row and no column', () =>
    each((message, speaker) => {
      for (const { content } of renderMail(message, speaker).attachments) {
        const rows = cellsOf(content);
        expect(new Set(rows.map((row) => row.length))).toEqual(new Set([16]));
        for (const cell of rows.flat()) {
          expect(cell).not.toMatch(FORMULA);
          expectReadable(cell);
        }
      }
    }));

  it.each([false, true])('is one line and one field of the log (for people: %s)', (pretty) => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', pretty, write: (line) => void lines.push(line) });
    log.warn('seen', { alias: text, within: { reason: text }, error: new Error(text) });
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toContain('\n');
    expect(hiddenIn(line)).toEqual([]);
    if (pretty) return;
    expect(JSON.parse(line)).toMatchObject({ event: 'seen', alias: text, within: { reason: text } });
  });
});

describe('a store full of hostile texts', () => {
  let printed: HostileCommands;

  beforeAll(async () => {
    printed = await runHostileCommands(HOSTILE_TEXTS.map(([, text]) => text));
  });

  it.each(['list', 'explain', 'polls', 'poll detail'] as const)('is readable on a terminal: %s', (command) => {
    const outputs = printed.forPeople(command);
    expect(outputs.length).toBeGreaterThan(0);
    for (const output of outputs) {
      expectReadable(output);
      for (const line of output.split('\n'))
        if (!/^ {4}(?:tccli|repairwatch) |https:\/\/console/.test(line))
          expect(displayWidth(line)).toBeLessThanOrEqual(printed.columns);
    }
  });

  it.each(['list', 'explain', 'polls', 'poll detail'] as const)(
    'is whole and harmless for programs: %s --json',
    (command) => {
      for (const output of printed.forPrograms(command)) {
        expect(hiddenIn(output)).toEqual([]);
        JSON.parse(output);
      }
    },
  );

  it('is the same when it is read again: nothing looks changed', () => {
    expect(printed.changedAtSecondSight).toEqual([]);
  });

  afterAll(() => printed.remove());
});
