import { expect, test } from 'vitest';
import type { StoredTask } from '../../src/store/store.ts';
import { LANE, LEASE_MS, page, pendingAlert, pollThatFinds, remindOf, T0, taskRow } from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function reminderCases(the: TheStore): void {
  /** The ids that are looked at, each to be looked at again at `nextAt`. */
  const look = async (now: number, nextAt: number | null, limit = 100): Promise<readonly string[]> => {
    const seen: string[] = [];
    const { looked } = await the().remind(now, limit, ({ task }: StoredTask) => {
      seen.push(task.taskId);
      return { anchor: T0, reminders: [], nextAt };
    });
    expect(looked).toBe(seen.length);
    return seen;
  };
  const write = async (
    taskId: string,
    task: Parameters<typeof taskRow>[0] = { taskId },
    ending: 'closed' | null = null,
  ) => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, [taskId], () => page({ write: [taskRow({ ...task, taskId }, { ending })] }));
  };

  test('a rung is told once per task and anchor, whoever asks, and goes at once', async () => {
    await pollThatFinds(the(), ['rep-a'], []);
    const event = { event: 'reminder', at: T0, rungMs: 3_600_000 } as const;
    const alert = pendingAlert('rep-a', { event });
    const remind = (anchor: number, rungMs: number) => remindOf(the(), anchor, rungMs, alert);
    expect((await Promise.all([remind(T0, 1), remind(T0, 1)])).sort()).toEqual([false, true]);
    expect(await remind(T0, 2)).toBe(true);
    expect(await remind(T0 + 1, 1)).toBe(true);
    expect(await the().backlog()).toMatchObject({ waiting: 3 });
    await the().claim(LANE, T0, LEASE_MS, (waiting) => {
      expect(waiting[0]).toMatchObject({ channel: 'slack', subject: { kind: 'task', event } });
      return [];
    });
  });

  test('a pending task is looked at once it was written, when its moment comes, and when all moments are forgotten', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b'], []);
    expect(await look(T0, T0 + 100)).toEqual(['rep-a', 'rep-b']);
    expect(await look(T0 + 99, T0 + 100)).toEqual([]);
    await write('rep-b');
    expect(await look(T0 + 99, T0 + 200)).toEqual(['rep-b']);
    expect(await look(T0 + 100, null)).toEqual(['rep-a']);
    expect(await look(T0 + 200, null)).toEqual(['rep-b']);
    expect(await look(T0 + 9e9, null)).toEqual([]);
    await the().forgetReminderTimes();
    expect(await look(T0, null)).toEqual(['rep-a', 'rep-b']);
  });

  test('no more than asked for are looked at at once, the longest due first', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b', 'rep-c'], []);
    expect(await look(T0, T0 + 5, 2)).toHaveLength(2);
    expect(await look(T0, T0 + 5, 2)).toHaveLength(1);
    expect(await look(T0, T0 + 5, 2)).toEqual([]);
  });

  test('a task of which an alert is held is looked at once that is told of', async () => {
    await pollThatFinds(the(), ['rep-a'], []);
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const found = page({ write: [taskRow({ taskId: 'rep-b' })], alerts: [pendingAlert('rep-b')] });
    await the().commitPage(poll, ['rep-b'], () => found);
    expect(await look(T0, T0 + 100)).toEqual(['rep-a']);
    await the().finishLive(poll, T0);
    expect(await look(T0, T0 + 100)).toEqual(['rep-b']);
  });

  test('what no longer waits, and what a retired account has, is not looked at', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b', 'rep-c'], []);
    await write('rep-a', { taskId: 'rep-a', taskStatus: 2 });
    await write('rep-b', { taskId: 'rep-b' }, 'closed');
    expect(await look(T0, T0)).toEqual(['rep-c']);
    await the().syncAccounts([{ name: 'other', filterKey: 'all' }], T0);
    expect(await look(T0, T0)).toEqual([]);
  });

  test('the account’s state is at hand', async () => {
    await pollThatFinds(the(), ['rep-a'], []);
    await the().remind(T0, 1, (_stored, account) => {
      expect(account).toMatchObject({ account: 'prod', lastCompleteAt: T0 + 1000 });
      return { anchor: T0, reminders: [], nextAt: null };
    });
    expect.assertions(1);
  });
}
