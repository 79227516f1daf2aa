import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../src/channels/channel.ts';
import { MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import type { OperatorNotice } from '../../../src/model/alert.ts';
import type { Message } from '../../../src/model/message.ts';
import { gatherNotices } from '../../../src/outbox/gather-notices.ts';
import type { WaitingAlert } from '../../../src/store/store.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { openLaneStage } from '../../support/lane-stage.ts';
import { T0 } from '../../support/store-world.ts';

const blocked = (account: string, at: number): Omit<OperatorNotice, 'event' | 'over'> => ({
  at,
  code: 'account-blocked',
  subject: account,
  facts: { account, code: 'AuthFailure.SecretIdNotFound', message: 'The key does not exist.' },
});

describe('a notice waits for others of its kind', () => {
  const alert = (subject: string, at: number, more: Partial<OperatorNotice> = {}): WaitingAlert => {
    const notice = { ...blocked(subject, at), event: 'operator', over: false, ...more } as const;
    return { id: at, channel: 'ops', at, firstRun: false, dataLoss: false, subject: { kind: 'operator', notice } };
  };
  const sent = new Map([
    ['ops', { at: T0, notices: [{ code: 'account-blocked', over: false, subject: 'a' } as const] }],
  ]);
  const passes = (waiting: WaitingAlert, afterMs: number): boolean =>
    gatherNotices([waiting], sent, T0 + afterMs).length === 1;

  it.each<[string, WaitingAlert, number, boolean]>([
    ['of another account, just after one that was sent', alert('b', T0 + 1), 19 * SECOND_MS, false],
    ['once 20 s have passed', alert('b', T0 + 1), 20 * SECOND_MS, true],
    ['not where it found no room in that message', alert('b', T0), SECOND_MS, true],
    ['not of the same account, blocked again', alert('a', T0 + 1), SECOND_MS, true],
    ['not of another trouble', alert('b', T0 + 1, { code: 'poll-stale' }), SECOND_MS, true],
    ['not where it says that it is over', alert('b', T0 + 1, { over: true }), SECOND_MS, true],
    ['not in another channel', { ...alert('b', T0 + 1), channel: 'mail' }, SECOND_MS, true],
    ['not after the clock was set back', alert('b', T0 + 1), -MINUTE_MS, true],
  ])('%s', (_name, waiting, afterMs, expected) => {
    expect(passes(waiting, afterMs)).toBe(expected);
  });
});

const unknown = (value: string, at: number): Omit<OperatorNotice, 'event' | 'over'> => ({
  at,
  code: 'unknown-value',
  subject: `prod ${value}`,
  facts: { account: 'prod', value },
});

/** What a channel is told of, message by message, while `happens` raises it. */
async function toldWhile(
  happens: (stage: Awaited<ReturnType<typeof openLaneStage>>, clock: FakeClock) => Promise<void>,
): Promise<readonly (readonly string[])[]> {
  const clock = createFakeClock(T0);
  const told: Message[] = [];
  const channel: Channel = {
    name: 'ops',
    lane: 'ops',
    limits: { linesPerMessage: 20, idsPerMessage: 500, messagesPerRollUp: 10 },
    minGapMs: 1_100,
    async deliver(message) {
      told.push(message);
      return { outcome: 'delivered', receipt: 'ok' };
    },
    probe: async () => ({ ok: true }),
    close: async () => undefined,
  };
  const stage = await openLaneStage({ clock, channels: [channel], operatorChannels: ['ops'] });
  await happens(stage, clock);
  await stage.play(MINUTE_MS);
  await stage.close();
  return told.map(({ facts }) => (facts.kind === 'operator' ? facts.notices.map(({ subject }) => subject) : []));
}

it.each([0, SECOND_MS])(
  'twenty accounts of one key that is blocked, each polled %d ms after the other, are three messages that name them all',
  async (apartMs) => {
    const accounts = Array.from({ length: 20 }, (_, i) => `shop-${i}`);
    const told = await toldWhile(async (stage, clock) => {
      for (const account of accounts) {
        await stage.store.raise(blocked(account, clock.now()), ['ops']);
        await stage.play(apartMs);
      }
    });
    expect(told.flat().toSorted()).toEqual(accounts.toSorted());
    expect(told.length).toBeLessThanOrEqual(3);
  },
);

it.each([0, SECOND_MS])(
  'the unknown values of one poll, each seen %d ms after the other, are one message; so are their ends',
  async (apartMs) => {
    const values = ['TaskTypeId 108', 'TaskStatus 7', 'AuthType 9', 'AuthType 10'];
    const subjects = values.map((value) => `prod ${value}`);
    const told = await toldWhile(async (stage, clock) => {
      for (const value of values) {
        await stage.store.raise(unknown(value, clock.now()), ['ops']);
        await stage.play(apartMs);
      }
      await stage.play(MINUTE_MS);
      for (const subject of subjects) {
        await stage.store.over('unknown-value', subject, clock.now(), ['ops']);
        await stage.play(apartMs);
      }
    });
    expect(told).toEqual([subjects, subjects]);
  },
);

it('a trouble that wants somebody is not held up by an unknown value', async () => {
  const told = await toldWhile(async (stage, clock) => {
    await stage.store.raise(unknown('AuthType 9', clock.now()), ['ops']);
    await stage.store.raise(blocked('prod', clock.now()), ['ops']);
  });
  expect(told).toEqual([['prod'], ['prod AuthType 9']]);
});
