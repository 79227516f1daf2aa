import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { composeMail } from '../../../src/channels/email/compose.ts';
import type { RenderedMail } from '../../../src/channels/email/render.ts';
import { HOSTILE, SAMPLE_AT, sampleMessage } from '../../support/sample-message.ts';

const FROM = 'Repairs <repairs@example.com>';
const TO = ['ops@example.com', 'night@example.org'];
const THREAD = { account: 'prod', taskId: 'rep-0a1b2c3d' };

function body(fields: Partial<RenderedMail> = {}): RenderedMail {
  return {
    subject: '待授权: web-1',
    html: '<p>实例运行隐患</p>',
    text: '实例运行隐患',
    attachments: [{ filename: 'tasks.csv', contentType: 'text/csv; charset=utf-8', content: 'id\r\nrep-1\r\n' }],
    threadTask: THREAD,
    ...fields,
  };
}

test('a mail says who it is from, that a program sent it, and when its facts were frozen', async () => {
  const { bytes, from, to } = await composeMail(sampleMessage(), body(), FROM, TO);
  const mail = await simpleParser(bytes);
  expect({ from, to }).toEqual({ from: 'repairs@example.com', to: TO });
  expect(mail.messageId).toBe('<rw-abcdefghij@example.com>');
  expect(mail.date?.getTime()).toBe(SAMPLE_AT);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.headers.get('x-repairwatch-key')).toBe('rw-abcdefghij');
  expect(bytes.toString()).toMatch(/^List-Id: <repairwatch\.example\.com>\r$/im);
  expect(mail.subject).toBe('待授权: web-1');
  expect(mail.text).toContain('实例运行隐患');
  expect(mail.html).toContain('<p>实例运行隐患</p>');
  expect(mail.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
    ['tasks.csv', 'id\r\nrep-1\r\n'],
  ]);
});

test('the mails of one task answer the same root, those of another task or account another one', async () => {
  const rootOf = async (threadTask: RenderedMail['threadTask'], key: string) => {
    const { bytes } = await composeMail(sampleMessage({}, { key }), body({ threadTask }), FROM, TO);
    const { inReplyTo, references } = await simpleParser(bytes);
    expect(references).toBe(inReplyTo);
    return inReplyTo;
  };
  const root = await rootOf(THREAD, 'rw-aaaaaaaaaa');
  expect(root).toMatch(/^<task-[0-9a-f]{20}@example\.com>$/);
  expect(await rootOf(THREAD, 'rw-bbbbbbbbbb')).toBe(root);
  expect(await rootOf({ ...THREAD, account: 'test' }, 'rw-aaaaaaaaaa')).not.toBe(root);
  expect(await rootOf({ ...THREAD, taskId: 'rep-2' }, 'rw-aaaaaaaaaa')).not.toBe(root);
  expect(await rootOf(null, 'rw-aaaaaaaaaa')).toBeUndefined();
});

test('the same message is the same bytes, another one is not', async () => {
  const bytesOf = async (key: string) =>
    (await composeMail(sampleMessage({}, { key }), body(), FROM, TO)).bytes.toString();
  const first = await bytesOf('rw-aaaaaaaaaa');
  expect(await bytesOf('rw-aaaaaaaaaa')).toBe(first);
  expect(await bytesOf('rw-bbbbbbbbbb')).not.toBe(first);
});

test('hostile text in a subject, a text and a file name makes no header, no recipient and no part of its own', async () => {
  const attachments = [{ filename: HOSTILE, contentType: 'text/csv', content: HOSTILE }];
  const hostile = body({
    subject: HOSTILE,
    text: HOSTILE,
    html: `<p>${HOSTILE}\r\n--rw-abcdefghij--\r\n</p>`,
    attachments,
  });
  const { bytes, to } = await composeMail(sampleMessage(), hostile, FROM, TO);
  const mail = await simpleParser(bytes);
  expect(to).toEqual(TO);
  expect(mail.bcc).toBeUndefined();
  expect(bytes.toString().split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im);
  expect(mail.attachments.length).toBe(1);
  expect(mail.subject).toContain('<!channel>');
  expect(mail.messageId).toBe('<rw-abcdefghij@example.com>');
});

test('the plain form has no HTML', async () => {
  const { bytes } = await composeMail(sampleMessage({}, { plain: true }), body({ attachments: [] }), FROM, TO);
  expect(bytes.toString()).toContain('Content-Type: text/plain');
  expect(bytes.toString()).not.toContain('html');
});
