import { expect, test } from 'vitest';
import type { Outage } from '../../src/model/message.ts';
import type { WaitingAlert } from '../../src/store/store.ts';
import {
  claimedOf,
  digestFacts,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pendingAlert,
  planOf,
  pollEnd,
  pollThatFinds,
  T0,
  taskRow,
  waits,
} from '../support/store-world.ts';
import type { TheStore } from './store.ts';

const HOUR = 3_600_000;

export function outageCases(the: TheStore): void {
  /** The next claim with what compose was told; each alert becomes a message of its own. */
  async function claimAt(now: number, compose = oneEach) {
    const told: { outage: Outage | null; alerts: readonly number[] }[] = [];
    const claim = await the().claim(LANE, now, LEASE_MS, (waiting: readonly WaitingAlert[], outage) => {
      told.push({ outage, alerts: waiting.map(({ id }) => id) });
      return compose(waiting);
    });
    return { claim, told };
  }

  const downAt = (at: number, more: object = {}) => waits({ at, nextAt: at + 300, down: true, ...more });
  const deliveredAt = (at: number) => ({ state: 'delivered', at, receipt: 'ok' }) as const;

  test('while a lane is down what it was to say is made anew at each try, and says since when', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const first = claimedOf((await claimAt(T0)).claim);
    await the().settle(first, downAt(T0 + 1));
    await pollThatFinds(the(), ['rep-c']);
    expect((await claimAt(T0 + 2)).claim).toEqual({ kind: 'nothing', nextAt: T0 + 301 });
    const second = await claimAt(T0 + 301);
    const since = { since: T0 + 1, why: 'down' };
    expect(second.told).toEqual([{ outage: since, alerts: [1, 2, 3] }]);
    await the().settle(claimedOf(second.claim), downAt(T0 + 302));
    const third = await claimAt(T0 + 602, (all) => [planOf('slack', all, 1, 1)]);
    expect(third.told).toEqual([{ outage: since, alerts: [1, 2, 3] }]);
    await the().settle(claimedOf(third.claim), deliveredAt(T0 + 603));
    expect(await the().deliveries({ limit: 9 })).toMatchObject([
      { state: 'delivered', taskIds: ['rep-a', 'rep-b', 'rep-c'] },
    ]);
    await pollThatFinds(the(), ['rep-d']);
    expect((await claimAt(T0 + 604)).told).toEqual([{ outage: null, alerts: [4] }]);
  });

  test('what may have been accepted is repeated as it was, before what is made anew', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const first = claimedOf((await claimAt(T0)).claim);
    await the().settle(first, waits({ at: T0 + 1, nextAt: T0 + 2, mayRepeat: true }));
    await the().settle(claimedOf((await claimAt(T0 + 2)).claim), downAt(T0 + 3));
    const again = await claimAt(T0 + 303);
    expect(again.told).toMatchObject([{ alerts: [2] }]);
    expect(claimedOf(again.claim).message).toEqual(first.message);
  });

  test('what some recipients have already got is not made anew', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = claimedOf((await claimAt(T0)).claim);
    await the().settle(first, downAt(T0 + 1, { resume: '["b"]' }));
    const again = await claimAt(T0 + 301);
    expect(again.told).toEqual([]);
    expect(claimedOf(again.claim).message.key).toBe(first.message.key);
  });

  test('a message about a task that was pruned meanwhile keeps its facts: there are no newer ones', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, [], () =>
      page({
        write: [taskRow({ taskId: 'rep-old' }, { ending: 'closed', changedAt: T0 - 10 })],
        alerts: [pendingAlert('rep-old')],
      }),
    );
    await the().endPoll(poll, pollEnd());
    const first = claimedOf((await claimAt(T0)).claim);
    await the().settle(first, { state: 'dead', at: T0, reason: 'refused' });
    expect((await the().prune({ closedTasks: T0, polls: 0 })).tasks).toBe(1);
    const keys = await the().requeue({}, T0 + 1);
    expect(await the().movedOn(keys)).toEqual([{ key: first.message.key, taskIds: ['rep-old'], frozen: true }]);
    await the().settle(claimedOf((await claimAt(T0 + 1)).claim), downAt(T0 + 1));
    expect(claimedOf((await claimAt(T0 + 301)).claim).message).toEqual(first.message);
  });

  test('a message that is sent again while its lane is down is told as things are when it returns, unless somebody may have received it', async () => {
    const dead = { state: 'dead', at: T0 + 1, reason: 'refused' } as const;
    const unknown = { state: 'unknown', keepsLease: false, upAgeMs: 0, failures: 1, reason: 'silence' } as const;
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    await the().settle(claimedOf((await claimAt(T0)).claim), dead);
    const maybe = claimedOf((await claimAt(T0 + 1)).claim);
    await the().settle(maybe, { ...unknown, at: T0 + 2, nextAt: T0 + 3 });
    await the().settle(claimedOf((await claimAt(T0 + 3)).claim), dead);
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const started = { taskStatus: 2 };
    const write = ['rep-a', 'rep-b'].map((taskId) =>
      taskRow({ taskId, ...started }, { changedAt: T0 + 9, revision: 2 }),
    );
    await the().commitPage(poll, [], () => page({ write }));
    const keys = await the().requeue({}, T0 + 10);
    expect((await the().movedOn(keys)).map(({ taskIds, frozen }) => [taskIds, frozen])).toEqual([
      [['rep-a'], false],
      [['rep-b'], true],
    ]);
    await the().settle(claimedOf((await claimAt(T0 + 10)).claim), downAt(T0 + 10));
    const again = await claimAt(T0 + 310);
    expect(again.told).toMatchObject([{ alerts: [1] }]);
    expect(claimedOf(again.claim).message).toEqual(maybe.message);
  });

  test('an answer that speaks of trouble and not of the lane’s end lets the message keep its bytes and its age', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().settle(claimedOf((await claimAt(T0)).claim), downAt(T0 + 1));
    const second = claimedOf((await claimAt(T0 + 301)).claim);
    await the().settle(second, waits({ at: T0 + 302, nextAt: T0 + 303, upAgeMs: 900 }));
    const third = await claimAt(T0 + 303);
    expect(third.told).toEqual([]);
    expect(claimedOf(third.claim)).toMatchObject({ message: second.message, upAgeMs: 900 });
  });

  test('a digest keeps its facts, since it is of its time', async () => {
    await the().syncDigests([{ name: 'morning', scheduleKey: 'daily', nextAt: T0 }], T0);
    const row = { name: 'morning', scheduledAt: T0, nextAt: T0 + 24 * HOUR, channels: ['slack'] };
    await the().makeDigest(row, T0, digestFacts);
    const first = claimedOf((await claimAt(T0)).claim);
    await the().settle(first, downAt(T0 + 1));
    await pollThatFinds(the(), ['rep-a']);
    const again = await claimAt(T0 + 301);
    expect(claimedOf(again.claim).message).toEqual(first.message);
    expect(again.told).toMatchObject([{ alerts: [1] }]);
  });

  test('a message that is made anew is as old as what it tells', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().settle(claimedOf((await claimAt(T0 + HOUR)).claim), downAt(T0 + HOUR));
    await claimAt(T0 + 2 * HOUR);
    expect(await the().backlog()).toMatchObject({ waiting: 1, oldestAt: T0 });
    expect(await the().oldestWaiting()).toEqual([{ channel: 'slack', oldestAt: T0 }]);
  });

  test('a time in which nobody ran is an outage of every channel, over with the first message or with nothing to say', async () => {
    await pollThatFinds(the(), ['rep-a'], ['slack', 'mail']);
    expect(await the().noteAbsence(['slack', 'mail'], T0 + HOUR, HOUR)).toBeNull();
    expect(await the().noteAbsence(['slack', 'mail', 'idle'], T0 + 3 * HOUR, HOUR)).toBe(T0);
    const { claim, told } = await claimAt(T0 + 3 * HOUR);
    expect(told).toMatchObject([{ outage: { since: T0, why: 'absent' } }]);
    await the().settle(claimedOf(claim), deliveredAt(T0 + 3 * HOUR));
    const idle = { channels: ['idle'] };
    await the().claim(idle, T0 + 3 * HOUR, LEASE_MS, oneEach);
    await pollThatFinds(the(), ['rep-b'], ['slack', 'idle', 'mail']);
    expect((await claimAt(T0 + 3 * HOUR)).told).toMatchObject([{ outage: null }]);
    const seen: unknown[] = [];
    for (const channel of ['idle', 'mail'])
      await the().claim({ channels: [channel] }, T0 + 3 * HOUR, LEASE_MS, (waiting, outage) => {
        seen.push(outage?.why ?? null);
        return oneEach(waiting);
      });
    expect(seen).toEqual([null, 'absent']);
  });

  test('a store that never read anything has missed nothing', async () => {
    expect(await the().noteAbsence(['slack'], T0, 0)).toBeNull();
  });
}
