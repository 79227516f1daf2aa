import { describe, expect, it } from 'vitest';
import { measurePages } from '../../scripts/chromium.ts';
import { SHOWN_DIGEST } from '../../scripts/showcase-facts.ts';
import { renderMail } from '../../src/channels/email/render.ts';
import { sampleMessages } from '../../src/messages/samples.ts';
import { createSpeaker } from '../../src/messages/speak.ts';
import type { TaskEntry } from '../../src/model/alert.ts';
import type { Message, MessageFacts } from '../../src/model/message.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;
const MADE_AT = Date.UTC(2026, 0, 2);
/** A phone and a mail program's window. */
const WIDTHS = [360, 900];

const messageOf = (facts: MessageFacts): Message => ({ ...SHOWN_DIGEST, facts });

/** The digest with texts that a customer could write to break its layout. */
function hostileDigest(): MessageFacts {
  const { facts } = SHOWN_DIGEST;
  if (facts.kind !== 'digest') throw new Error('the shown digest is a digest');
  const spoil = ({ task, ...entry }: TaskEntry): TaskEntry => ({
    ...entry,
    account: 'a'.repeat(64),
    task: { ...task, alias: 'w'.repeat(60), zone: 'z'.repeat(60), taskId: `rep-${'0'.repeat(60)}` },
  });
  return {
    ...facts,
    pending: facts.pending.map(spoil),
    changed: facts.changed.map(spoil),
    left: facts.left.map(spoil),
  };
}

describe.each(WIDTHS)('in a window %i pixels wide', (width) => {
  it.each(LANGUAGES)('no mail in %s must be scrolled sideways, whatever its texts', async (language) => {
    const speaker = createSpeaker({
      language,
      timezone: 'Asia/Shanghai',
      consoleUrl: 'https://console.cloud.tencent.com/cvm/repair/list',
      publicUrl: `https://repairs.example.com/${'p'.repeat(80)}`,
    });
    const facts = [...sampleMessages(MADE_AT), SHOWN_DIGEST.facts, hostileDigest()];
    const pages = facts.map((each) => renderMail(messageOf(each), speaker).html);
    const sizes = await measurePages(pages, width);
    expect(sizes).toHaveLength(pages.length);
    const tooWide = facts.filter((_, at) => (sizes[at]?.contentWidth ?? 0) > width);
    expect(tooWide).toEqual([]);
  });

  it('a page that is too wide would be noticed', async () => {
    const [size] = await measurePages([`<p>${'w'.repeat(200)}</p>`], width);
    expect(size?.contentWidth).toBeGreaterThan(width);
  });
});
