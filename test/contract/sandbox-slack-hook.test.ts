import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';

let hook: SlackHook;
let monotonic = 0;
const clock: Clock = { ...systemClock, monotonic: () => monotonic };

beforeEach(async () => {
  hook = await startSlackHook({ clock });
});
afterEach(() => hook.close());

async function post(body: unknown, url = hook.url): Promise<readonly [status: number, answer: string]> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text });
  return [response.status, await response.text()];
}

const long = (length: number): string => 'x'.repeat(length);
const times = <T>(count: number, each: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => each(i));
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const divider = { type: 'divider' };
const button = (more: object = {}) => ({ type: 'button', text: plain('Open'), url: 'https://example.com/', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const context = (...elements: object[]) => ({ type: 'context', elements });

test.each<[string, object]>([
  ['a text of 4,000 characters', { text: long(4000) }],
  ['50 blocks', { text: 'x', blocks: times(50, () => divider) }],
  ['blocks without a text', { blocks: [section('x')] }],
  ['a section of 3,000 characters', { text: 'x', blocks: [section(long(3000))] }],
  ['10 fields of 100', { text: 'x', blocks: [{ type: 'section', fields: times(10, () => mrkdwn(long(100))) }] }],
  ['a header of 150', { text: 'x', blocks: [{ type: 'header', text: { ...plain(long(150)), emoji: false } }] }],
  ['10 elements of a context', { text: 'x', blocks: [context(...times(10, () => mrkdwn('x')))] }],
  ['25 buttons', { text: 'x', blocks: [actions(...times(25, (i) => button({ action_id: `a${i}`, value: 'v' })))] }],
  ['an accessory', { text: 'x', blocks: [{ ...section('x'), accessory: button({ style: 'danger' }) }] }],
  ['an id of 255', { text: 'x', unfurl_links: false, blocks: [{ ...divider, block_id: long(255) }] }],
])('%s is answered with ok', async (_what, payload) => {
  expect(await post(payload)).toEqual([200, 'ok']);
  expect(hook.accepted.entries).toMatchObject([{ payload, accepted: true, status: 200 }]);
});

test.each<[string, unknown, string]>([
  ['what is not JSON', '{', 'invalid_payload'],
  ['a list', [], 'invalid_payload'],
  ['a text that is no text', { text: 1 }, 'invalid_payload'],
  ['a text of 4,001 characters', { text: long(4001) }, 'invalid_payload'],
  ['a channel', { text: 'x', channel: '#ops' }, 'invalid_payload'],
  ['a username', { text: 'x', username: 'me' }, 'invalid_payload'],
  ['an icon', { text: 'x', icon_emoji: ':x:' }, 'invalid_payload'],
  ['nothing', {}, 'no_text'],
  ['an empty text', { text: '' }, 'no_text'],
  ['an empty text and no block', { text: '', blocks: [] }, 'no_text'],
])('%s is refused', async (_what, payload, answer) => {
  expect(await post(payload)).toEqual([400, answer]);
  expect(hook.accepted.entries).toEqual([]);
  expect(hook.requests.entries).toMatchObject([{ accepted: false, status: 400, answer }]);
});

test.each<[string, unknown]>([
  ['blocks that are no list', {}],
  ['51 blocks', times(51, () => divider)],
  ['more than 12,000 characters', times(5, () => section(long(2500)))],
  ['an unknown block', [{ type: 'marquee' }]],
  ['an unknown property of a block', [{ ...divider, color: 'red' }]],
  ['a block id of 256', [{ ...divider, block_id: long(256) }]],
  ['a block id twice', times(2, () => ({ ...divider, block_id: 'same' }))],
  ['a section without text', [{ type: 'section' }]],
  ['an empty section', [section('')]],
  ['a section of 3,001', [section(long(3001))]],
  ['a section whose text is a string', [{ type: 'section', text: 'x' }]],
  ['11 fields', [{ type: 'section', fields: times(11, () => mrkdwn('x')) }]],
  ['no field', [{ type: 'section', fields: [] }]],
  ['a field of 2,001', [{ type: 'section', fields: [mrkdwn(long(2001))] }]],
  ['an empty field', [{ type: 'section', fields: [mrkdwn('')] }]],
  ['a header of 151', [{ type: 'header', text: plain(long(151)) }]],
  ['an empty header', [{ type: 'header', text: plain('') }]],
  ['a header of mrkdwn', [{ type: 'header', text: mrkdwn('x') }]],
  ['11 elements of a context', [context(...times(11, () => mrkdwn('x')))]],
  ['an empty context', [context()]],
  ['26 buttons', [actions(...times(26, (i) => button({ action_id: `a${i}` })))]],
  ['an action id twice', [actions(...times(2, () => button({ action_id: 'same' })))]],
  ['a button text of 76', [actions(button({ text: plain(long(76)) }))]],
  ['a button text of mrkdwn', [actions(button({ text: mrkdwn('x') }))]],
  ['a button url of 3,001', [actions(button({ url: `https://e/${long(3001 - 'https://e/'.length)}` }))]],
  ['a button url that is none', [actions(button({ url: 'console' }))]],
  ['a button value of 2,001', [actions(button({ value: long(2001) }))]],
  ['an action id of 256', [actions(button({ action_id: long(256) }))]],
  ['an unknown property of a text', [{ type: 'section', text: { ...mrkdwn('x'), color: 'red' } }]],
  ['emoji in mrkdwn', [{ type: 'section', text: { ...mrkdwn('x'), emoji: true } }]],
  ['verbatim in plain text', [{ type: 'header', text: { ...plain('x'), verbatim: true } }]],
])('%s is invalid_blocks', async (_what, blocks) => {
  expect(await post({ text: 'x', blocks })).toEqual([400, 'invalid_blocks']);
});

test('a wrong secret in the path is invalid_token', async () => {
  expect(await post({ text: 'x' }, `${hook.url}x`)).toEqual([403, 'invalid_token']);
});

test('mentions that are not escaped are told, wherever they stand', async () => {
  const blocks = [
    section('<@U123> &lt;!here&gt; <https://example.com|x> <!date^1^{date}|x>'),
    context(mrkdwn('<!here>')),
  ];
  await post({ text: '<!channel> *web*', blocks });
  expect(hook.requests.entries[0]?.mentions).toEqual(['<!channel>', '<@U123>', '<!here>']);
});

test('the pace is one message a second after a burst, when switched on', async () => {
  const paced = await startSlackHook({ clock, pace: { burst: 2 } });
  const send = async (): Promise<readonly [number, string | null]> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(paced.url, { method: 'POST', headers, body: '{"text":"x"}' });
    return [response.status, response.headers.get('retry-after')];
  };
  expect([await send(), await send(), await send()]).toEqual([
    [200, null],
    [200, null],
    [429, '1'],
  ]);
  monotonic += 1000;
  expect([await send(), await send()]).toEqual([
    [200, null],
    [429, '1'],
  ]);
  await paced.close();
});

test('a status, a body and a Retry-After can be asked for', async () => {
  hook.fault({ kind: 'status', status: 429, body: 'slow down', retryAfterSeconds: 7, times: 1 });
  const response = await fetch(hook.url, { method: 'POST', body: '{"text":"x"}' });
  expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
    429,
    '7',
    'slow down',
  ]);
  expect(await post({ text: 'x' })).toEqual([200, 'ok']);
});

test('headers of an answer can be asked for', async () => {
  hook.fault({ kind: 'status', status: 302, headers: { location: 'https://example.com/' }, times: 1 });
  const response = await fetch(hook.url, { method: 'POST', body: '{"text":"x"}', redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([302, 'https://example.com/']);
});

test('an answer can break off in its middle, the message being accepted', async () => {
  hook.fault({ kind: 'accept-then-cut', times: 1 });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(hook.url, { method: 'POST', headers, body: '{"text":"x"}' });
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow('terminated');
  expect(hook.accepted.entries).toHaveLength(1);
});

test.each([
  ['reset', 0],
  ['accept-then-reset', 1],
] as const)('the fault %s breaks the connection with %i message accepted', async (kind, accepted) => {
  hook.fault({ kind, times: 1 });
  await expect(post({ text: 'x' })).rejects.toThrow('fetch failed');
  expect(hook.accepted.entries).toHaveLength(accepted);
  expect(hook.requests.entries).toMatchObject([{ status: null, answer: null }]);
});

test.each([
  ['hang', 0],
  ['accept-then-hang', 1],
] as const)('the fault %s gives no answer with %i message accepted', async (kind, accepted) => {
  hook.fault({ kind });
  const call = post({ text: 'x' }).catch((error: unknown) => error);
  await hook.requests.until(() => true);
  expect(hook.accepted.entries).toHaveLength(accepted);
  await hook.close();
  expect(await call).toBeInstanceOf(TypeError);
});

test('the answer waits for whoever watches the requests', async () => {
  const order: string[] = [];
  const watched = await startSlackHook({
    onRequest: async ({ accepted }) => {
      await Promise.resolve();
      order.push(`seen ${accepted}`);
    },
  });
  await post({ text: 'x' }, watched.url);
  order.push('answered');
  expect(order).toEqual(['seen true', 'answered']);
  await watched.close();
});
