import { describe, expect, it } from 'vitest';
import type { DeliveryOutcome } from '../../../src/channels/channel.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { settlementOf } from '../../../src/outbox/settlement.ts';
import type { ClaimedMessage } from '../../../src/store/store.ts';

const NOW = Date.UTC(2026, 10, 24, 4);
const claimed: ClaimedMessage = {
  id: 1,
  channel: 'ops',
  message: {
    key: 'rw-0123456789',
    facts: { kind: 'operator', madeAt: NOW, notices: [] },
    part: 1,
    parts: 1,
    plain: false,
    resume: null,
  },
  attempt: 1,
  failures: 0,
  madeAt: NOW - MINUTE_MS,
  mayRepeat: false,
  upAgeMs: 0,
  lastTryAt: null,
};

describe('a message', () => {
  it('that was accepted is delivered', () => {
    expect(settlementOf({ outcome: 'delivered', receipt: 'ok' }, claimed, NOW, 0.5)).toEqual({
      state: 'delivered',
      at: NOW,
      receipt: 'ok',
    });
  });

  it('that some recipients never get says for whom it was refused', () => {
    const refused = [{ address: 'a@example.com', said: '550 no such user' }];
    expect(settlementOf({ outcome: 'delivered', receipt: '250', refused }, claimed, NOW, 0.5)).toEqual({
      state: 'delivered',
      at: NOW,
      receipt: '250',
      reason: 'refused for a@example.com: 550 no such user',
    });
  });

  it('waits exactly as long as the counterpart said', () => {
    const made = settlementOf({ outcome: 'retry', reason: '429', afterMs: 7_000 }, claimed, NOW, 0.5);
    expect(made).toMatchObject({ state: 'waiting', nextAt: NOW + 7_000 });
  });

  it('whose outcome is unknown is recorded as such, and keeps its lease', () => {
    expect(settlementOf({ outcome: 'unknown', reason: 'no answer' }, claimed, NOW, 0.5)).toEqual({
      state: 'unknown',
      at: NOW,
      nextAt: NOW + 1_000,
      keepsLease: true,
      reason: 'no answer',
      upAgeMs: MINUTE_MS,
      failures: 1,
    });
  });

  it('waits longer with each failure, and not for tries that were cut off', () => {
    const next = (outcome: DeliveryOutcome, failures: number) => {
      const made = settlementOf(outcome, { ...claimed, attempt: 9, failures }, NOW, 0.999_999);
      return 'nextAt' in made ? [made.nextAt - NOW, made.failures] : made;
    };
    const trouble = { outcome: 'retry', reason: '503' } as const;
    expect([0, 1, 2].map((failures) => next(trouble, failures))).toEqual([
      [2_000, 1],
      [4_000, 2],
      [8_000, 3],
    ]);
    expect(next({ outcome: 'unknown', reason: 'no answer' }, 1)).toEqual([4_000, 2]);
    expect(next({ outcome: 'unknown', reason: 'stopped', cutOff: true }, 1)).toEqual([0, 1]);
    expect(next({ outcome: 'down', reason: 'no_service' }, 1)).toEqual([300_000, 1]);
    expect(next({ outcome: 'rejected', reason: 'invalid_blocks' }, 1)).toEqual([0, 1]);
  });

  it('that was refused is tried once as plain text, then it is dead', () => {
    const rejected = { outcome: 'rejected', reason: 'invalid_blocks' } as const;
    expect(settlementOf(rejected, claimed, NOW, 0.5)).toMatchObject({ state: 'waiting', plain: true, nextAt: NOW });
    const plain = { ...claimed, message: { ...claimed.message, plain: true } };
    expect(settlementOf(rejected, plain, NOW, 0.5)).toEqual({ state: 'dead', at: NOW, reason: 'invalid_blocks' });
  });

  it('is dead after 24 hours in which its lane was up', () => {
    const old = { ...claimed, upAgeMs: DAY_MS - MINUTE_MS, lastTryAt: NOW - MINUTE_MS };
    expect(settlementOf({ outcome: 'retry', reason: '503' }, old, NOW, 0.5)).toMatchObject({ state: 'dead' });
  });

  it.each([
    ['before its first try, e.g. behind another message', { madeAt: NOW - 3 * DAY_MS, lastTryAt: null }],
    ['between two tries, e.g. while nobody ran', { lastTryAt: NOW - 2 * DAY_MS }],
  ])('does not age by a long wait %s', (_name, waited) => {
    const made = settlementOf({ outcome: 'retry', reason: '503' }, { ...claimed, ...waited }, NOW, 0.5);
    expect(made).toMatchObject({ state: 'waiting', upAgeMs: 10 * MINUTE_MS });
  });

  it('does not age while its lane is down', () => {
    const old = { ...claimed, upAgeMs: DAY_MS - HOUR_MS, lastTryAt: NOW - 30 * DAY_MS };
    expect(settlementOf({ outcome: 'down', reason: 'no_service' }, old, NOW, 0.5)).toMatchObject({
      state: 'waiting',
      upAgeMs: DAY_MS - HOUR_MS,
    });
  });
});
