import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createChannel } from '../../src/channels/registry.ts';
import type { ChannelConfig } from '../../src/config/config.ts';
import { SECOND_MS } from '../../src/lib/clock.ts';
import { Secret } from '../../src/lib/secret.ts';
import { type HookFault, type HookRequest, type SlackHook, startSlackHook } from '../../src/sandbox/slack-hook.ts';
import type { DeliveryRecord } from '../../src/store/store.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { type LaneStage, openLaneStage, seconds } from '../support/lane-stage.ts';
import { T0 } from '../support/store-world.ts';

/*
 * One case for each row of what Slack may answer: three lanes, of which `ops` meets the answer; two tasks wait at the start and a third one
 * comes 5 s later. Each hook enforces one message a second by itself. Times are whole seconds from the start.
 */
let clock: FakeClock;
let ops: SlackHook;
let team: SlackHook;
let duty: SlackHook;
let stage: LaneStage;

beforeEach(async () => {
  clock = createFakeClock(T0);
  const paced = { clock, pace: { burst: 1 } };
  [ops, team, duty] = await Promise.all([startSlackHook(paced), startSlackHook(paced), startSlackHook(paced)]);
  const shared = { type: 'slack', language: 'en', timezone: 'UTC', mention: {} } as const;
  const configs: readonly ChannelConfig[] = [
    { ...shared, name: 'ops', url: new Secret(ops.url) },
    { ...shared, name: 'team', url: new Secret(team.url) },
    { ...shared, name: 'duty', url: new Secret(duty.url) },
  ];
  const deps = { clock, consoleUrl: 'https://console.example.com', publicUrl: null };
  stage = await openLaneStage({
    clock,
    channels: configs.map((config) => createChannel(config, deps)),
    operatorChannels: ['duty'],
    isSilent: (channel) => channel === 'ops' && triesOfOps() === 1 && ops.requests.entries.length === 1,
  });
  await stage.find(['rep-a', 'rep-b']);
});

afterEach(async () => {
  await stage.close();
  await Promise.all([ops.close(), team.close(), duty.close()]);
});

const triesOfOps = (): number => stage.tries.filter(({ channel }) => channel === 'ops').length;
const times = (fault: HookFault, count: number): HookFault[] => Array.from({ length: count }, () => fault);
const says = (status: number, body = '') => ({ kind: 'status', status, body }) as const satisfies HookFault;
const busy = (retryAfter?: string): HookFault => ({
  ...says(429, 'rate_limited'),
  ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
});

/** The first message of `ops`, as `deliveries` shows it. */
async function firstRecord(): Promise<DeliveryRecord | undefined> {
  const records = await stage.store.deliveries({ limit: 100 });
  return records.findLast(({ channel }) => channel === 'ops');
}

/** Plays until the first answer is in, and then the rest; the third task comes at its time. */
async function playAround(firstAnswerS: number, restS: number): Promise<DeliveryRecord | undefined> {
  const third = async (atS: number): Promise<void> => {
    await stage.play(atS * SECOND_MS);
    await stage.find(['rep-c']);
  };
  if (firstAnswerS > 5) await third(5);
  await stage.play(firstAnswerS > 5 ? (firstAnswerS - 5) * SECOND_MS : 0);
  const first = await firstRecord();
  if (firstAnswerS <= 5) await third(5);
  await stage.play(restS * SECOND_MS);
  return first;
}

const toldBy = (entries: readonly { readonly body: string }[]): string[] =>
  ['rep-a', 'rep-b', 'rep-c'].filter((id) => entries.some(({ body }) => body.includes(id)));

const ALL = ['rep-a', 'rep-b', 'rep-c'];
const UNDISTURBED = [0, 1, 5];

/** The other two lanes send at their times whatever befalls `ops`; `duty` has the operator's notices, too. */
function expectOthers(dutyAt: readonly number[] = UNDISTURBED): void {
  expect(seconds(team.accepted.entries)).toEqual(UNDISTURBED);
  expect(toldBy(team.accepted.entries)).toEqual(ALL);
  expect(seconds(duty.accepted.entries)).toEqual(dutyAt);
  expect(toldBy(duty.accepted.entries)).toEqual(ALL);
}

const keyOf = ({ body }: HookRequest): string | undefined => /rw-[a-z2-7]{10}/.exec(body)?.[0];

test('200 ok is delivered, and the next message follows a second later', async () => {
  expect(await playAround(0, 60)).toMatchObject({ state: 'delivered', receipt: 'ok', attempts: 1 });
  expect(seconds(ops.accepted.entries)).toEqual([0, 1, 5]);
  expectOthers();
});

describe('an answer that is trouble of the channel waits, and the same message comes first', () => {
  test.each<[string, readonly HookFault[], RegExp, readonly number[]]>([
    ['429 with Retry-After', [busy('7')], /429/, [0, 7, 8, 9]],
    ['429 with Retry-After twice', [busy('7'), busy('3')], /429/, [0, 7, 10, 11, 12]],
    ['429 with Retry-After as a date', [busy(new Date(T0 + 90_000).toUTCString())], /429/, [0, 90, 91, 92]],
    ['429 without Retry-After', [busy()], /429/, [0, 1, 2, 5]],
    ['429 with a Retry-After that is none', [busy('-1; soon')], /429/, [0, 1, 2, 5]],
    ['429 with an empty Retry-After', [busy('')], /429/, [0, 1, 2, 5]],
    ['429 with a Retry-After of no time', [busy('0')], /429/, [0, 1, 2, 5]],
    ['500 rollup_error', [says(500, 'rollup_error')], /500 rollup_error/, [0, 1, 2, 5]],
    ['502 of a gateway', [says(502, '<html>Bad Gateway</html>')], /502/, [0, 1, 2, 5]],
    ['503 with Retry-After', [{ ...says(503), retryAfterSeconds: 30 }], /503/, [0, 30, 31, 32]],
    ['504 three times', times(says(504), 3), /504/, [0, 1, 3, 7, 8, 9]],
    ['408', [says(408)], /408/, [0, 1, 2, 5]],
  ])('%s', async (_name, faults, reason, at) => {
    for (const fault of faults) ops.fault({ ...fault, times: 1 });
    expect(await playAround(0, 100)).toMatchObject({ state: 'waiting', reason: expect.stringMatching(reason) });
    expect(seconds(ops.requests.entries)).toEqual(at);
    const repeats = ops.requests.entries.slice(0, faults.length + 1);
    expect(new Set(repeats.map(({ body }) => body)).size).toBe(1);
    expect(await firstRecord()).toMatchObject({ state: 'delivered', attempts: faults.length + 1 });
    expect(toldBy(ops.accepted.entries)).toEqual(ALL);
    expectOthers();
  });
});

describe('an answer that refuses the message tries it once as plain text, then it is dead, told to the operator, and the lane goes on', () => {
  test.each<[string, HookFault]>([
    ['400 invalid_payload', says(400, 'invalid_payload')],
    ['400 no_text', says(400, 'no_text')],
    ['400 invalid_blocks', says(400, 'invalid_blocks')],
    ['413', says(413)],
    ['an unknown 4xx', says(418, 'teapot')],
  ])('%s', async (_name, fault) => {
    for (const each of times(fault, 2)) ops.fault({ ...each, times: 1 });
    expect(await playAround(0, 100)).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(seconds(ops.requests.entries)).toEqual([0, 1, 2, 5]);
    const [rich, plain] = ops.requests.entries;
    expect(rich?.payload).toHaveProperty('blocks');
    expect(plain?.payload).not.toHaveProperty('blocks');
    expect(await firstRecord()).toMatchObject({ state: 'dead', attempts: 2 });
    expect(toldBy(ops.accepted.entries)).toEqual(['rep-b', 'rep-c']);
    expectOthers([0, 1, 2, 5]);
    expect(duty.accepted.entries[2]?.body).toContain(`requeue ${(await firstRecord())?.key}`);
  });

  test('a plain form that is accepted is delivered', async () => {
    ops.fault({ ...says(400, 'invalid_blocks'), times: 1 });
    await playAround(0, 100);
    expect(await firstRecord()).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(seconds(ops.requests.entries)).toEqual([0, 1, 2, 5]);
    expectOthers();
  });
});

describe('an answer that says the hook is gone puts the lane down: told at once, asked again after five minutes, nothing is lost', () => {
  test.each<[string, HookFault]>([
    ['403 invalid_token', says(403, 'invalid_token')],
    ['403 action_prohibited', says(403, 'action_prohibited')],
    ['403 of something in between', says(403, '<html>Forbidden</html>')],
    ['404 no_service', says(404, 'no_service')],
    ['404 channel_not_found', says(404, 'channel_not_found')],
    ['410 channel_is_archived', says(410, 'channel_is_archived')],
    ['400 with a word about the hook', says(400, 'no_team')],
    ['a redirect', { ...says(302), headers: { location: 'https://slack.com/' } }],
  ])('%s', async (_name, fault) => {
    ops.fault({ ...fault, times: 1 });
    const first = await playAround(0, 330);
    expect(first).toMatchObject({ state: 'waiting', nextAt: T0 + 300_000 });
    expect(seconds(ops.requests.entries).slice(0, 2)).toEqual([0, 300]);
    expect(toldBy(ops.accepted.entries)).toEqual(ALL);
    expectOthers([0, 1, 2, 5, 300]);
    const [, , down, , over] = duty.accepted.entries;
    expect(down?.body).toMatch(/⏰ Channel ops is down.*\b(answered|redirects)\b/);
    expect(over?.body).toContain('Over: Channel ops is down');
  });
});

describe('where no answer says what became of the message, it is unknown, and the same bytes come again when its lease ends', () => {
  test.each<[string, HookFault, { readonly accepted: number; readonly answerS?: number }]>([
    ['the connection breaks before an answer', { kind: 'reset' }, { accepted: 0 }],
    ['it was accepted and the connection breaks before the answer', { kind: 'accept-then-reset' }, { accepted: 1 }],
    [
      'it was accepted and the connection breaks in the middle of the answer',
      { kind: 'accept-then-cut' },
      { accepted: 1 },
    ],
    ['no answer comes in 20 s', { kind: 'hang' }, { accepted: 0, answerS: 20 }],
    ['it was accepted and no answer comes in 20 s', { kind: 'accept-then-hang' }, { accepted: 1, answerS: 20 }],
    ['200 with a page of a gateway', says(200, '<html>Please log in</html>'), { accepted: 0 }],
    ['204 without a body', says(204), { accepted: 0 }],
  ])('%s', async (_name, fault, { accepted, answerS = 0 }) => {
    ops.fault({ ...fault, times: 1 });
    const first = await playAround(answerS, 100);
    expect(first).toMatchObject({ state: 'unknown', settledAt: null });
    const [at, ...later] = seconds(ops.requests.entries);
    const leaseEndS = ((first?.nextAt ?? 0) - T0) / SECOND_MS;
    expect(leaseEndS).toBeGreaterThanOrEqual(60);
    expect(leaseEndS).toBeLessThanOrEqual(80);
    expect([at, ...later]).toEqual([0, leaseEndS, leaseEndS + 1, leaseEndS + 2]);
    const [one, repeat] = ops.requests.entries;
    expect(repeat?.body).toBe(one?.body);
    expect(ops.accepted.entries.filter((entry) => keyOf(entry) === first?.key)).toHaveLength(accepted + 1);
    expect(await firstRecord()).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(toldBy(ops.accepted.entries)).toEqual(ALL);
    expectOthers();
  });
});

test('a hook that cannot be reached is tried after 1, 2 and 4 s, nothing having been sent', async () => {
  const { port } = ops;
  await ops.close();
  expect(await playAround(0, 1)).toMatchObject({ state: 'waiting', reason: expect.stringMatching(/nothing was sent/) });
  ops = await startSlackHook({ clock, port });
  await stage.play(60 * SECOND_MS);
  expect(seconds(stage.tries.filter(({ channel }) => channel === 'ops'))).toEqual([0, 1, 3, 7, 8, 9]);
  expect(seconds(ops.accepted.entries)).toEqual([7, 8, 9]);
  expectOthers();
});
