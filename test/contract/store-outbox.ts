import { expect, test } from 'vitest';
import { claimedOf, LANE, LEASE_MS, oneEach, planOf, pollThatFinds, T0, waits } from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function outboxCases(the: TheStore): void {
  const claim = (now: number, compose = oneEach) => the().claim(LANE, now, LEASE_MS, compose);
  const nothing = () => {
    throw new Error('compose was called although a message was made.');
  };

  test('an empty lane has nothing and waits for nothing', async () => {
    expect(await claim(T0)).toEqual({ kind: 'nothing', nextAt: null });
    expect(await the().claim({ channels: [] }, T0, LEASE_MS, oneEach)).toEqual({ kind: 'nothing', nextAt: null });
  });

  test('the alerts come in their order with the task as it is now', async () => {
    await pollThatFinds(the(), ['rep-b', 'rep-a'], ['mail', 'slack']);
    await the().claim({ channels: ['slack', 'mail'] }, T0, LEASE_MS, (waiting) => {
      expect(waiting.map(({ channel, subject }) => [channel, subject.kind === 'task' && subject.task.taskId])).toEqual([
        ['mail', 'rep-b'],
        ['slack', 'rep-b'],
        ['mail', 'rep-a'],
        ['slack', 'rep-a'],
      ]);
      return [];
    });
  });

  test('a lane has one message in flight: of two claimers one gets it', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const claims = await Promise.all([claim(T0), claim(T0)]);
    expect(claims.map(({ kind }) => kind).sort()).toEqual(['message', 'nothing']);
    expect(claims.find(({ kind }) => kind === 'nothing')).toEqual({ kind: 'nothing', nextAt: T0 + LEASE_MS });
  });

  test('lanes do not wait for one another', async () => {
    await pollThatFinds(the(), ['rep-a'], ['slack', 'mail']);
    expect(claimedOf(await claim(T0)).channel).toBe('slack');
    expect(claimedOf(await the().claim({ channels: ['mail'] }, T0, LEASE_MS, oneEach)).channel).toBe('mail');
  });

  test('when a lease ends the same key and the same facts go again before anything else', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const first = claimedOf(await claim(T0));
    expect(first).toMatchObject({ attempt: 1, mayRepeat: false, lastTryAt: null, madeAt: T0 });
    const again = claimedOf(await claim(T0 + LEASE_MS, nothing));
    expect(again.message).toEqual(first.message);
    expect(again).toMatchObject({ id: first.id, attempt: 2, mayRepeat: true, lastTryAt: T0 });
  });

  test('a renewed lease holds longer, a lost one cannot be renewed', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = claimedOf(await claim(T0));
    await the().renew(first, T0 + 2 * LEASE_MS);
    expect(await claim(T0 + LEASE_MS)).toEqual({ kind: 'nothing', nextAt: T0 + 2 * LEASE_MS });
    const second = claimedOf(await claim(T0 + 2 * LEASE_MS));
    await the().renew(first, T0 + 9 * LEASE_MS);
    expect(await claim(T0 + 2 * LEASE_MS + 1)).toEqual({ kind: 'nothing', nextAt: T0 + 3 * LEASE_MS });
    expect(second.attempt).toBe(2);
  });

  test('a clock that was set back does not make a message wait until the time of its next try comes again', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().settle(claimedOf(await claim(T0 + 3_600_000)), waits({ at: T0 + 3_600_000, nextAt: T0 + 3_605_000 }));
    expect(claimedOf(await claim(T0))).toMatchObject({ attempt: 2 });
  });

  test('the order is strict: while the oldest is not due nothing newer goes', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const first = claimedOf(await claim(T0));
    const resume = JSON.stringify(['b@example.com']);
    await the().settle(first, waits({ plain: true, resume, upAgeMs: 77 }));
    await pollThatFinds(the(), ['rep-c']);
    expect(await claim(T0 + 20, nothing)).toEqual({ kind: 'nothing', nextAt: T0 + 5000 });
    const again = claimedOf(await claim(T0 + 5000, nothing));
    expect(again).toMatchObject({
      id: first.id,
      attempt: 2,
      upAgeMs: 77,
      lastTryAt: T0 + 10,
      mayRepeat: false,
      message: { key: first.message.key, facts: first.message.facts, plain: true, resume },
    });
    await the().settle(again, { state: 'delivered', at: T0 + 5001, receipt: 'ok' });
    expect(claimedOf(await claim(T0 + 5002, nothing)).id).toBe(first.id + 1);
  });

  test('once a try may have been accepted, every later one may repeat it', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().settle(claimedOf(await claim(T0)), waits({ mayRepeat: true, nextAt: T0 + 20 }));
    const second = claimedOf(await claim(T0 + 20));
    expect(second.mayRepeat).toBe(true);
    await the().settle(second, waits({ mayRepeat: false, nextAt: T0 + 30 }));
    expect(claimedOf(await claim(T0 + 30)).mayRepeat).toBe(true);
  });

  test('a try whose outcome is unknown is shown as that, holds the lane until its lease ends, and is repeated then', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const first = claimedOf(await claim(T0));
    const unknown = {
      state: 'unknown',
      at: T0 + 5,
      nextAt: T0 + 1000,
      reason: 'no answer',
      upAgeMs: 5,
      failures: 1,
    } as const;
    await the().settle(first, { ...unknown, keepsLease: true });
    const until = T0 + LEASE_MS;
    expect(await the().deliveries({ state: 'unknown', limit: 10 })).toMatchObject([
      { key: first.message.key, nextAt: until, settledAt: null, reason: 'no answer' },
    ]);
    expect(await claim(until - 1)).toEqual({ kind: 'nothing', nextAt: until });
    const again = claimedOf(await claim(until, nothing));
    expect(again).toMatchObject({ message: first.message, attempt: 2, mayRepeat: true, upAgeMs: 5, failures: 1 });
    await the().settle(again, { ...unknown, nextAt: until + 9 * LEASE_MS, keepsLease: true });
    expect(await claim(until + LEASE_MS)).toEqual({ kind: 'nothing', nextAt: until + 9 * LEASE_MS });
    expect(await the().recoverMessages(until + 1)).toBe(1);
    const third = claimedOf(await claim(until + 1, nothing));
    await the().settle(third, { ...unknown, nextAt: until + 2, keepsLease: false });
    expect(claimedOf(await claim(until + 2, nothing))).toMatchObject({ message: first.message, attempt: 4 });
  });

  test('a clock that was set back does not make a repeat wait until its lease comes again', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = claimedOf(await claim(T0 + 3_600_000));
    const at = T0 + 3_600_005;
    await the().settle(first, {
      state: 'unknown',
      at,
      nextAt: at,
      keepsLease: true,
      reason: 'no',
      upAgeMs: 5,
      failures: 1,
    });
    expect(claimedOf(await claim(T0))).toMatchObject({ attempt: 2, mayRepeat: true });
  });

  test('what an accepted message leaves undone is shown beside it', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const reason = 'refused for b@example.com: 550';
    await the().settle(claimedOf(await claim(T0)), { state: 'delivered', at: T0 + 1, receipt: '250', reason });
    expect(await the().deliveries({ limit: 1 })).toMatchObject([{ state: 'delivered', receipt: '250', reason }]);
  });

  test('all parts of a roll-up are frozen together, bind their alerts and go in order', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b', 'rep-c', 'rep-d']);
    const rollUp: typeof oneEach = (all) => [
      planOf('slack', all.slice(0, 2), 1, 3),
      planOf('slack', all.slice(2, 3), 2, 3),
      planOf('slack', [], 3, 3),
    ];
    const keys = new Set<string>();
    for (const part of [1, 2, 3]) {
      const claimed = claimedOf(await claim(T0 + part, part === 1 ? rollUp : nothing));
      expect(claimed.message).toMatchObject({ part, parts: 3, plain: false, resume: null });
      expect(claimed.message.key).toMatch(/^rw-[a-z2-7]{10}$/);
      keys.add(claimed.message.key);
      await the().settle(claimed, { state: 'delivered', at: T0 + part, receipt: 'ok' });
    }
    expect(keys.size).toBe(3);
    const log = await the().deliveries({ limit: 10 });
    expect(log.map(({ taskIds }) => taskIds)).toEqual([[], ['rep-c'], ['rep-a', 'rep-b']]);
    const rest = claimedOf(await claim(T0 + 9));
    await the().settle(rest, { state: 'delivered', at: T0 + 9, receipt: 'ok' });
    expect(await the().deliveries({ limit: 1 })).toMatchObject([
      { taskIds: ['rep-d'], state: 'delivered', receipt: 'ok' },
    ]);
    expect(await claim(T0 + 10)).toEqual({ kind: 'nothing', nextAt: null });
  });

  test('a plan cannot bind an alert twice or for another channel', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await expect(claim(T0, (all) => [...oneEach(all), ...oneEach(all)])).rejects.toThrow('does not wait');
    await expect(claim(T0, (all) => [planOf('mail', all, 1, 1)])).rejects.toThrow('does not wait for the channel mail');
    expect(claimedOf(await claim(T0)).attempt).toBe(1);
  });

  test('an acceptance counts whoever reports it, another outcome only from the try that holds the message', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = claimedOf(await claim(T0));
    const second = claimedOf(await claim(T0 + LEASE_MS));
    await the().settle(first, { state: 'dead', at: T0 + LEASE_MS, reason: 'late' });
    await the().settle(first, waits());
    expect(await the().deliveries({ limit: 1 })).toMatchObject([{ state: 'sending' }]);
    await the().settle(first, { state: 'delivered', at: T0 + LEASE_MS + 1, receipt: 'first' });
    await the().settle(second, waits());
    await the().settle(second, { state: 'delivered', at: T0 + LEASE_MS + 2, receipt: 'second' });
    expect(await the().deliveries({ limit: 1 })).toMatchObject([{ state: 'delivered', receipt: 'first', attempts: 2 }]);
  });

  test('what a killed process was sending is sent again at once', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = claimedOf(await claim(T0));
    expect(await the().recoverMessages(T0 + 1)).toBe(1);
    const again = claimedOf(await claim(T0 + 1, nothing));
    expect(again).toMatchObject({ message: first.message, mayRepeat: true, attempt: 2 });
    await the().settle(again, { state: 'delivered', at: T0 + 2, receipt: 'ok' });
    expect(await the().recoverMessages(T0 + 3)).toBe(0);
  });

  test('a try that was cut off is counted as a try and not as a failure', async () => {
    await pollThatFinds(the(), ['rep-a']);
    expect(claimedOf(await claim(T0))).toMatchObject({ attempt: 1, failures: 0 });
    await the().recoverMessages(T0);
    await the().settle(claimedOf(await claim(T0)), waits({ failures: 1, nextAt: T0 + 5 }));
    expect(claimedOf(await claim(T0 + 5))).toMatchObject({ attempt: 3, failures: 1 });
  });

  test('what waits because its lane was down is due at the next start, what waits for another reason is not', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().settle(claimedOf(await claim(T0)), waits({ down: true, nextAt: T0 + 300_000 }));
    expect(await claim(T0 + 20)).toEqual({ kind: 'nothing', nextAt: T0 + 300_000 });
    expect(await the().recoverMessages(T0 + 30)).toBe(0);
    await the().settle(claimedOf(await claim(T0 + 30)), waits({ nextAt: T0 + 900 }));
    expect(await the().recoverMessages(T0 + 40)).toBe(0);
    expect(await claim(T0 + 40)).toEqual({ kind: 'nothing', nextAt: T0 + 900 });
  });

  test('a dead message is kept, lets the next one go, and is sent again by key with its tries counted', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const first = claimedOf(await claim(T0));
    await the().settle(first, waits({ plain: true, upAgeMs: 86_400_000, nextAt: T0 + 11 }));
    const second = claimedOf(await claim(T0 + 11));
    await the().settle(second, { state: 'dead', at: T0 + 12, reason: 'invalid_blocks' });
    expect(claimedOf(await claim(T0 + 13)).id).toBe(first.id + 1);
    expect(await the().backlog()).toEqual({ waiting: 1, dead: 1, oldestAt: T0 });
    expect(await the().deliveries({ state: 'dead', limit: 10 })).toMatchObject([
      {
        key: first.message.key,
        reason: 'invalid_blocks',
        attempts: 2,
        settledAt: T0 + 12,
        nextAt: null,
        taskIds: ['rep-a'],
      },
    ]);
    expect(await the().requeue({ key: 'rw-nosuchkey2' }, T0 + 20)).toEqual([]);
    expect(await the().requeue({ key: first.message.key }, T0 + 20)).toEqual([first.message.key]);
    expect(await the().requeue({}, T0 + 20)).toEqual([]);
    expect(await claim(T0 + 20)).toEqual({ kind: 'nothing', nextAt: T0 + 13 + LEASE_MS });
    expect(await the().deliveries({ state: 'waiting', limit: 10 })).toMatchObject([
      { key: first.message.key, reason: null, attempts: 2, settledAt: null, nextAt: T0 + 20 },
    ]);
  });

  test('a message that was sent again begins its age anew', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().settle(claimedOf(await claim(T0)), { state: 'dead', at: T0 + 1, reason: 'gone' });
    expect(await the().requeue({ channel: 'mail' }, T0 + 900)).toEqual([]);
    expect(await the().requeue({ channel: 'slack' }, T0 + 1000)).toHaveLength(1);
    const claimed = claimedOf(await claim(T0 + 1000));
    const anew = { failures: 0, upAgeMs: 0, lastTryAt: T0 + 1000, message: { plain: false } };
    expect(claimed).toMatchObject({ attempt: 2, ...anew });
  });

  test('a message that was sent again is told anew when it dies again', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const { key } = claimedOf(await claim(T0)).message;
    const dies = () => the().raise({ at: T0, code: 'message-dead', subject: key, facts: { key } }, ['mail']);
    expect([await dies(), await dies()]).toEqual([true, false]);
    await the().settle(claimedOf(await claim(T0 + LEASE_MS)), { state: 'dead', at: T0 + 1, reason: 'gone' });
    expect(await the().requeue({ key }, T0 + 2)).toEqual([key]);
    expect(await the().episodes()).toEqual([]);
    expect(await dies()).toBe(true);
  });

  test('the backlog counts what is in no message and its oldest moment', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b'], ['slack', 'mail']);
    expect(await the().backlog()).toEqual({ waiting: 4, dead: 0, oldestAt: T0 });
  });
}
