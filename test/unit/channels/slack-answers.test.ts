import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../../../src/channels/channel.ts';
import { createSlackChannel } from '../../../src/channels/slack/slack.ts';
import { Secret } from '../../../src/lib/secret.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { SAMPLE_AT, sampleMessage } from '../../support/sample-message.ts';
import { HOOK_SECRET, type HookScript, type ScriptedHook, startScriptedHook } from '../../support/scripted-hook.ts';

const never = new AbortController().signal;
let hook: ScriptedHook;
let channel: Channel;

function slack(url: string): Channel {
  const config = {
    type: 'slack',
    name: 'ops',
    language: 'en',
    timezone: 'UTC',
    url: new Secret(url),
    mention: {},
  } as const;
  const render = () => ({ text: 'hello', blocks: [{ type: 'divider' as const }] });
  return createSlackChannel(config, { clock: createFakeClock(SAMPLE_AT), render, sendTimeoutMs: 20_000 });
}

beforeAll(async () => {
  hook = await startScriptedHook();
  channel = slack(hook.url);
});
afterAll(async () => {
  await channel.close();
  await hook.close();
});

const date = (inMs: number) => new Date(SAMPLE_AT + inMs).toUTCString();
const wait = (value: string): HookScript => ({ status: 429, headers: { 'retry-after': value } });

test.each<[string, HookScript, object]>([
  ['200 ok', { status: 200, body: 'ok' }, { outcome: 'delivered', receipt: 'ok' }],
  ['200 ok with a line feed', { status: 200, body: 'ok\n' }, { outcome: 'delivered' }],
  ['200 with a page of a gateway', { status: 200, body: '<html>Please log in</html>' }, { outcome: 'unknown' }],
  ['204 without a body', { status: 204 }, { outcome: 'unknown' }],
  ['400 invalid_payload', { status: 400, body: 'invalid_payload' }, { outcome: 'rejected' }],
  ['400 no_text', { status: 400, body: 'no_text' }, { outcome: 'rejected' }],
  ['400 invalid_blocks', { status: 400, body: 'invalid_blocks' }, { outcome: 'rejected' }],
  ['400 with a word of the hook', { status: 400, body: 'no_team' }, { outcome: 'down' }],
  ['an unknown 4xx', { status: 418, body: 'teapot' }, { outcome: 'rejected', reason: expect.stringContaining('418') }],
  ['413 too large', { status: 413 }, { outcome: 'rejected' }],
  ['403 invalid_token', { status: 403, body: 'invalid_token' }, { outcome: 'down' }],
  ['403 action_prohibited', { status: 403, body: 'action_prohibited' }, { outcome: 'down' }],
  ['403 of something in between', { status: 403, body: '<html>' }, { outcome: 'down' }],
  ['404 no_service', { status: 404, body: 'no_service' }, { outcome: 'down' }],
  ['404 channel_not_found', { status: 404, body: 'channel_not_found' }, { outcome: 'down' }],
  ['410 channel_is_archived', { status: 410, body: 'channel_is_archived' }, { outcome: 'down' }],
  ['a redirect', { status: 302, headers: { location: 'https://slack.com/' } }, { outcome: 'down' }],
  ['429 with seconds', wait('7'), { outcome: 'retry', afterMs: 7_000 }],
  ['429 with a date', wait(date(90_000)), { outcome: 'retry', afterMs: 90_000 }],
  ['429 with a date that has passed', wait(date(-90_000)), { outcome: 'retry', afterMs: 1_000 }],
  ['429 with 0', wait('0'), { outcome: 'retry', afterMs: 1_000 }],
  ['429 with a day', wait('86400'), { outcome: 'retry', afterMs: 3_600_000 }],
  ['429 with nonsense', wait('-1; soon'), { outcome: 'retry', reason: expect.stringContaining('429') }],
  [
    '500 rollup_error',
    { status: 500, body: 'rollup_error' },
    { outcome: 'retry', reason: expect.stringContaining('rollup_error') },
  ],
  ['503 with Retry-After', { status: 503, headers: { 'retry-after': '30' } }, { outcome: 'retry', afterMs: 30_000 }],
  ['502 of a gateway', { status: 502, body: '<html>'.repeat(10_000) }, { outcome: 'retry' }],
  ['a connection cut after the request', 'cut', { outcome: 'unknown' }],
])('%s', async (_name, script, outcome) => {
  hook.script = script;
  expect(await channel.deliver(sampleMessage(), never)).toMatchObject(outcome);
});

test('where the hook says nothing about waiting, the outcome does not either', async () => {
  for (const script of [wait('soon'), wait(''), { status: 429 }]) {
    hook.script = script;
    expect(await channel.deliver(sampleMessage(), never)).not.toHaveProperty('afterMs');
  }
});

test("a body that is not one of Slack's words is never repeated", async () => {
  for (const status of [200, 302, 400, 403, 418, 429, 500]) {
    hook.script = { status, body: `<b>${HOOK_SECRET}</b>` };
    expect(JSON.stringify(await channel.deliver(sampleMessage(), never))).not.toMatch(/<b>|hunter2/);
  }
});

test('each message is one POST of JSON on a connection of its own, without link previews', async () => {
  hook.script = { status: 200, body: 'ok' };
  await channel.deliver(sampleMessage(), never);
  const { body, headers } = hook.requests.at(-1) ?? { body: '', headers: {} };
  expect(headers).toMatchObject({ 'content-type': 'application/json', connection: 'close' });
  expect(JSON.parse(body)).toEqual({
    text: 'hello',
    blocks: [{ type: 'divider' }],
    unfurl_links: false,
    unfurl_media: false,
  });
});

test('a host that does not exist is a retry, nothing having been sent', async () => {
  const nowhere = slack(`https://nowhere.invalid/services/${HOOK_SECRET}`);
  const outcome = await nowhere.deliver(sampleMessage(), never);
  expect(outcome).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('nothing was sent') });
  expect(JSON.stringify(outcome)).not.toContain(HOOK_SECRET);
  await nowhere.close();
});

test.each([
  `not an address ${HOOK_SECRET}`,
  `http://hooks.slack.com/services/${HOOK_SECRET}`,
  `https://user:${HOOK_SECRET}@hooks.slack.com/services/x`,
  `ftp://127.0.0.1/${HOOK_SECRET}`,
  '',
])('an address that cannot be a hook is refused with a sentence that hides it (%#)', (url) => {
  expect(() => slack(url)).toThrow(/^channel ops: url is not the address of a Slack hook \(the value is hidden\)/);
  expect(() => slack(url)).not.toThrow(/hunter2/);
});

test('channels of one hook share a lane, those of two hooks do not', () => {
  const [one, same, other] = [
    slack('https://hooks.slack.com/a'),
    slack('https://hooks.slack.com/a'),
    slack('https://hooks.slack.com/b'),
  ];
  expect(one.lane).toBe(same.lane);
  expect(one.lane).not.toBe(other.lane);
  expect(one.lane).toMatch(/^slack:[0-9a-f]{12}$/);
});
