import { expect, test } from 'vitest';
import type { Mute } from '../../src/model/silence.ts';
import type { HeldBackTask, NewAlert, WaitingAlert, Withheld, WithheldWhy } from '../../src/store/store.ts';
import {
  claimedOf,
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
const ACK = { account: 'prod', taskId: 'rep-a', by: 'ann', until: null };

export function silenceCases(the: TheStore): void {
  const ofTask = (overrides: Partial<Omit<Mute, 'id' | 'at'>> = {}) => ({
    target: { kind: 'task' as const, account: 'prod', taskId: 'rep-a' },
    dataLoss: false,
    by: 'ann',
    reason: 'maintenance',
    until: T0 + HOUR,
    ...overrides,
  });
  const rewrite = async (revision: number, overrides: Parameters<typeof taskRow>[1] = {}, status = 1) => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, ['rep-a'], () =>
      page({ write: [taskRow({ taskId: 'rep-a', taskStatus: status }, { revision, ...overrides })] }),
    );
    await the().endPoll(poll, pollEnd());
  };
  const acks = async (now = T0) => (await the().silences(now)).acks.map(({ by }) => by);
  const mutes = async (now = T0) => (await the().silences(now)).mutes.map(({ id }) => id);
  /** Claims, holding everything back for `why`. */
  const holdBack = (why: WithheldWhy, now = T0) =>
    the().claim(LANE, now, LEASE_MS, oneEach, (waiting) =>
      waiting.map(({ id, channel }): Withheld => ({ alertId: id, channel, why })),
    );
  const alertAfter = ({ stored, channels }: HeldBackTask): NewAlert =>
    pendingAlert(stored.task.taskId, { channels, event: { event: 'pending', at: T0 + 7, again: true } });

  test('a pending task is acknowledged as it is, and the acknowledgement holds until the task moves', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    expect(await the().acknowledge({ ...ACK, revision: null }, T0)).toMatchObject({
      kind: 'acknowledged',
      stored: { revision: 1 },
    });
    expect((await the().silences(T0)).acks).toEqual([{ ...ACK, revision: 1, at: T0 }]);
    await rewrite(1);
    expect(await acks()).toEqual(['ann']);
    await rewrite(2);
    expect(await acks()).toEqual([]);
  });

  test('an acknowledgement of what is no longer so is refused with the task as it is now', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await rewrite(2);
    const refused = await the().acknowledge({ ...ACK, revision: 1 }, T0);
    expect(refused).toMatchObject({ kind: 'moved', stored: { revision: 2, task: { taskId: 'rep-a' } } });
    await rewrite(3, {}, 2);
    expect(await the().acknowledge({ ...ACK, revision: 3 }, T0)).toMatchObject({ kind: 'not-pending' });
    expect(await the().acknowledge({ ...ACK, taskId: 'rep-x', revision: null }, T0)).toEqual({ kind: 'unknown' });
    expect(await acks()).toEqual([]);
  });

  test('a later acknowledgement replaces the earlier one, and one with an end holds until then', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().acknowledge({ ...ACK, revision: 1 }, T0);
    await the().acknowledge({ ...ACK, by: 'bob', revision: 1, until: T0 + HOUR }, T0 + 1);
    expect([await acks(), await acks(T0 + HOUR - 1), await acks(T0 + HOUR)]).toEqual([['bob'], ['bob'], []]);
    const story = await the().silenceStory('prod', 'rep-a', T0);
    expect(story.acks.map(({ by, at }) => [by, at])).toEqual([
      ['ann', T0],
      ['bob', T0 + 1],
    ]);
  });

  test('what was refused and would not be told any more is not tried again; the rest is made anew', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    const together = (all: readonly WaitingAlert[]) => [planOf('slack', all, 1, 1)];
    const first = claimedOf(await the().claim(LANE, T0, LEASE_MS, together));
    await the().settle(first, waits({ nextAt: T0 + 20 }));
    const seen: number[][] = [];
    const without = (why: WithheldWhy, id: number) => (all: readonly WaitingAlert[]) => {
      seen.push(all.map((alert) => alert.id));
      return all.filter((alert) => alert.id === id).map(({ channel }): Withheld => ({ alertId: id, channel, why }));
    };
    // What waits for another message is withheld when that is made.
    await pollThatFinds(the(), ['rep-a']);
    const second = claimedOf(await the().claim(LANE, T0 + 20, LEASE_MS, together, without('muted', 3)));
    expect(second.message.key).toBe(first.message.key);
    await the().settle(second, waits({ nextAt: T0 + 30 }));
    const third = claimedOf(await the().claim(LANE, T0 + 30, LEASE_MS, together, without('superseded', 1)));
    expect(seen[1]).toEqual([1, 2, 3]);
    expect(third.message.key).not.toBe(first.message.key);
    expect(await the().deliveries({ limit: 9 })).toMatchObject([
      { key: third.message.key, taskIds: ['rep-b', 'rep-a'] },
    ]);
    expect((await the().silenceStory('prod', 'rep-a', T0)).withheld).toMatchObject([{ why: 'superseded' }]);
  });

  test('what may have been accepted is repeated whatever is withheld by now', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = claimedOf(await the().claim(LANE, T0, LEASE_MS, oneEach));
    await the().settle(first, waits({ nextAt: T0 + 20, mayRepeat: true }));
    expect(claimedOf(await holdBack('muted', T0 + 20)).message).toEqual(first.message);
  });

  test('a mute holds until its end or until it is taken back, and who did what stays known', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = await the().mute(ofTask(), T0);
    const match = { account: ['prod'], alias: 'web-*' };
    const second = await the().mute(
      ofTask({ target: { kind: 'match', match }, dataLoss: true, by: null, until: T0 + 2 * HOUR }),
      T0 + 1,
    );
    expect((await the().silences(T0)).mutes).toEqual([first, second]);
    expect([await mutes(T0 + HOUR), await mutes(T0 + 2 * HOUR)]).toEqual([[second.id], []]);
    expect(await the().unmute([second.id], 'bob', T0 + 9)).toEqual([second]);
    expect(await the().unmute([second.id, 99], 'bob', T0 + 9)).toEqual([]);
    expect(await mutes(T0 + 9)).toEqual([first.id]);
    expect((await the().silenceStory('prod', 'rep-a', T0)).mutes).toEqual([
      { ...first, ended: null },
      { ...second, ended: { at: T0 + 9, by: 'bob' } },
    ]);
    expect((await the().silenceStory('prod', 'rep-b', T0 + 2 * HOUR)).mutes).toEqual([]);
  });

  test('an alert that is withheld waits no more, is in no message, and stays known', async () => {
    await pollThatFinds(the(), ['rep-a'], ['slack', 'mail']);
    await the().mute(ofTask(), T0);
    let seen = 0;
    const claim = await the().claim(LANE, T0 + 5, LEASE_MS, oneEach, (waiting, { mutes: live }) => {
      seen = live.length;
      return waiting.map(({ id, channel }) => ({ alertId: id, channel, why: 'muted' }));
    });
    expect([claim, seen]).toEqual([{ kind: 'nothing', nextAt: null }, 1]);
    expect(await the().backlog()).toEqual({ waiting: 1, dead: 0, oldestAt: T0 });
    expect(await the().heldBack()).toBe(1);
    expect((await the().silenceStory('prod', 'rep-a', T0)).withheld).toEqual([
      { at: T0 + 5, channel: 'slack', event: 'pending', why: 'muted' },
    ]);
  });

  test('the end of a mute tells once of what it held back and nothing newer told', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b'], ['slack', 'mail']);
    await the().mute(ofTask({ target: { kind: 'match', match: {} } }), T0);
    await holdBack('muted');
    const asked: string[] = [];
    const end = (now: number) =>
      the().endSilences(now, (task, { mutes: live }) => {
        asked.push(`${task.stored.task.taskId} ${task.channels} ${task.muted} ${live.length}`);
        return task.stored.task.taskId === 'rep-a' ? alertAfter(task) : 'close';
      });
    expect(await end(T0 + HOUR - 1)).toBe(0);
    expect(asked).toEqual([]);
    expect(await end(T0 + HOUR)).toBe(1);
    expect(asked).toEqual(['rep-a slack true 0', 'rep-b slack true 0']);
    expect(await the().heldBack()).toBe(0);
    await the().mute(ofTask({ until: T0 + HOUR + 1 }), T0 + HOUR);
    expect(await end(T0 + HOUR + 1)).toBe(0);
    await the().claim(LANE, T0 + HOUR, LEASE_MS, (waiting) => {
      expect(waiting).toMatchObject([
        { channel: 'slack', subject: { task: { taskId: 'rep-a' }, event: { again: true } } },
      ]);
      return [];
    });
  });

  test('what is kept silent by another silence is asked about again when that one ends', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const first = await the().mute(ofTask(), T0);
    await the().mute(ofTask({ until: T0 + 2 * HOUR }), T0);
    await holdBack('muted');
    await the().unmute([first.id], null, T0 + 1);
    expect(await the().endSilences(T0 + 1, () => 'keep')).toBe(0);
    expect(await the().endSilences(T0 + 2, alertAfter)).toBe(0);
    expect(await the().endSilences(T0 + 2 * HOUR, alertAfter)).toBe(1);
    expect(await the().endSilences(T0 + 3 * HOUR, alertAfter)).toBe(0);
  });

  test('a channel that was sent something newer meanwhile is not told again', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().acknowledge({ ...ACK, revision: 1 }, T0);
    await holdBack('acknowledged');
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, ['rep-a'], () =>
      page({ write: [taskRow({ taskId: 'rep-a' }, { revision: 2 })], alerts: [pendingAlert('rep-a')] }),
    );
    await the().endPoll(poll, pollEnd());
    const asked: HeldBackTask[] = [];
    const made = await the().endSilences(T0 + 1, (task) => {
      asked.push(task);
      return 'close';
    });
    expect([made, asked]).toEqual([0, []]);
  });

  test('what had no one to be told later is recorded only', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const { id } = await the().mute(ofTask(), T0);
    await holdBack('superseded');
    await the().unmute([id], null, T0 + 1);
    expect(await the().endSilences(T0 + 1, alertAfter)).toBe(0);
  });

  test('a silence whose end was worked off holds no more, also for a clock that is behind', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().mute(ofTask(), T0);
    await the().endSilences(T0 + HOUR, () => 'close');
    expect(await mutes(T0)).toEqual([]);
  });

  test('silences follow a task to the renamed account', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().acknowledge({ ...ACK, revision: 1 }, T0);
    await the().mute(ofTask(), T0);
    await the().syncAccounts([{ name: 'renamed', filterKey: 'all' }], T0);
    const { poll } = await the().beginPoll('renamed', 'poll', T0);
    await the().commitPage(poll, ['rep-a'], () => page({ touch: ['rep-a'] }));
    expect(await the().silences(T0)).toMatchObject({
      acks: [{ account: 'renamed' }],
      mutes: [{ target: { account: 'renamed' } }],
    });
  });

  test('what was silenced goes with the closed task', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().acknowledge({ ...ACK, revision: 1 }, T0);
    await the().mute(ofTask(), T0);
    await holdBack('muted');
    await rewrite(2, { ending: 'closed', changedAt: T0 - 10 }, 3);
    expect(await the().prune({ closedTasks: T0, polls: 0 })).toMatchObject({ tasks: 1 });
    expect(await the().silenceStory('prod', 'rep-a', 0)).toEqual({ acks: [], mutes: [], withheld: [] });
  });
}
