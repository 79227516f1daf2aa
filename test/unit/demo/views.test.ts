import { describe, expect, it } from 'vitest';
import { renderSlack } from '../../../src/channels/slack/render.ts';
import { kindsOf } from '../../../src/demo/kinds.ts';
import { viewSlackPayload } from '../../../src/demo/slack-view.ts';
import { box } from '../../../src/demo/styled-line.ts';
import { displayWidth } from '../../../src/lib/text-width.ts';
import { bareFacts } from '../../../src/messages/document-of.ts';
import { sampleMessages } from '../../../src/messages/samples.ts';
import { createSpeaker } from '../../../src/messages/speak.ts';
import type { Message, MessageFacts } from '../../../src/model/message.ts';

const ESC = String.fromCharCode(0x1b);
const LANGUAGES = ['en', 'zh-CN'] as const;

const messageOf = (facts: MessageFacts): Message => ({
  key: 'rw-0123456789',
  facts: bareFacts(facts),
  part: 1,
  parts: 1,
  plain: false,
  resume: null,
});

describe.each(LANGUAGES)('what arrives in %s', (language) => {
  const speaker = createSpeaker({ language, timezone: 'UTC', consoleUrl: 'https://a.example/', publicUrl: null });
  const seen = sampleMessages(Date.UTC(2026, 0, 2)).map((facts) => {
    const { title } = viewSlackPayload(renderSlack(messageOf(facts), speaker, {}));
    return kindsOf(title, speaker.words).join('+');
  });

  it('is known by its title: pending, data loss, changed, left; reminders, roll-ups and notices are none of these', () => {
    expect(seen).toEqual(['pending', 'pending+data loss', 'changed', 'left', '', '', '', '', '']);
  });

  it('is known as the digest by the name of the demo', () => {
    const { digest } = speaker.words;
    for (const title of [digest.titleNothing('demo'), digest.titlePending('demo', 4, 1, 0)])
      expect(kindsOf(title, speaker.words)).toEqual(['digest']);
    expect(kindsOf(digest.titleNothing('morning'), speaker.words)).toEqual([]);
  });
});

describe('a Slack message on a terminal', () => {
  const payload = {
    text: 'fallback',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'A &lt;title&gt;' } },
      { type: 'section', text: { type: 'mrkdwn', text: '<!here> *bold* <https://a.example/?a=1&amp;b|label> `code`' } },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*Type*\nshort' },
          { type: 'plain_text', text: 'Deadline\n&lt;!channel&gt; *not bold*' },
        ],
      },
      {
        type: 'actions',
        elements: [{ type: 'button', text: { type: 'plain_text', text: 'Open' }, url: 'https://b.example/' }],
      },
      { type: 'image', image_url: 'https://c.example/' },
    ],
  };

  it('says what a person would read, with live mentions as calls and dead ones as text', () => {
    const texts = viewSlackPayload(payload).lines.map(({ text }) => text);
    expect(texts.filter((text) => text !== '')).toEqual([
      'A <title>',
      '@here bold label (https://a.example/?a=1&b) code',
      'Type      short',
      'Deadline  <!channel> *not bold*',
      '[ Open ]  https://b.example/',
      '[image]',
    ]);
  });

  it('says the fallback where there are no blocks', () => {
    expect(viewSlackPayload({ text: 'one\ntwo' }).lines.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('is boxed in lines of one width, and nothing that came from outside reaches the terminal as a command', () => {
    const hostile = `  ${ESC}[2J归档数据库 ${ESC}]0;title\u0007with ${'很长的名字'.repeat(20)} \u202e end\ttab`;
    const boxed = box('Slack', [{ text: hostile, style: 'strong' }], 60, false).split('\n');
    expect(boxed.length).toBeGreaterThan(3);
    expect(new Set(boxed.map(displayWidth))).toEqual(new Set([60]));
    expect(boxed.join('')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});
