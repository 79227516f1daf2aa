import { expect, test } from 'vitest';
import type { StoredTask } from '../../src/store/store.ts';
import { repairTask } from '../support/repair-task.ts';
import { commitPending, page, pendingAlert, pollEnd, T0, taskRow, waitingAlerts } from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function pollCases(the: TheStore): void {
  const waiting = () => waitingAlerts(the(), 'slack');

  test('a page gives back what it wrote, hostile text and nulls included', async () => {
    const task = repairTask({
      taskId: 'rep-a',
      alias: `'; DROP TABLE task; --\u0000"\\ 😀 <!channel>`,
      authTime: null,
    });
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const row = taskRow({ ...task }, { absentPolls: 1, toldAuthTime: T0, revision: 7, changedAt: T0 + 2 });
    await the().commitPage(poll, ['rep-a'], () => page({ write: [row] }));
    const expected: StoredTask = { ...row, seenPoll: poll.id };
    expect(await the().task('rep-a')).toEqual([expected]);
    await the().commitPage(poll, ['rep-a', 'rep-b'], (known) => {
      expect([...known]).toEqual([['rep-a', expected]]);
      return page({});
    });
  });

  test('a page of more ids than one statement takes is known whole', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `rep-${index}`);
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await commitPending(the(), poll, ids);
    const later = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(later.poll, ids, (known) => {
      expect(known.size).toBe(300);
      return page({ touch: ids });
    });
    expect(await the().unseenTasks(later.poll)).toEqual([]);
  });

  test('what a poll did not see is unseen, oldest first; what was seen again is no longer absent', async () => {
    const first = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(first.poll, [], () =>
      page({
        write: [
          taskRow({ taskId: 'rep-late', createTime: 30 }),
          taskRow({ taskId: 'rep-early', createTime: 10 }),
          taskRow({ taskId: 'rep-closed', createTime: 20 }, { ending: 'closed' }),
          taskRow({ taskId: 'rep-seen', createTime: 5 }, { absentPolls: 1 }),
        ],
      }),
    );
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, ['rep-seen'], () => page({ touch: ['rep-seen'] }));
    expect((await the().unseenTasks(poll)).map(({ task }) => task.taskId)).toEqual(['rep-early', 'rep-late']);
    expect(await the().task('rep-seen')).toMatchObject([{ absentPolls: 0, seenPoll: poll.id }]);
    expect(await the().openTaskCount('prod')).toBe(3);
  });

  test('the tasks of a second are the account’s own that were listed when last asked for, closed ones too', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const of = (taskId: string, createTime: number, changes: Partial<StoredTask> = {}) =>
      taskRow({ taskId, createTime }, { changedAt: T0, ...changes });
    await the().commitPage(poll, [], () =>
      page({
        write: [
          of('rep-open', 2_000, { changedAt: T0 + 7 }),
          of('rep-closed', 2_000, { ending: 'closed' }),
          of('rep-unlisted', 2_000, { ending: 'unlisted' }),
          of('rep-unwatched', 2_000, { ending: 'unwatched' }),
          of('rep-before', 1_000),
          of('rep-after', 3_000),
        ],
      }),
    );
    expect(await the().tasksCreatedAt('prod', 2_000)).toEqual([
      { taskId: 'rep-closed', changedAt: T0 },
      { taskId: 'rep-open', changedAt: T0 + 7 },
    ]);
    expect(await the().tasksCreatedAt('other', 2_000)).toEqual([]);
  });

  test('a clock that jumps during a poll changes neither its duration nor when the account was read', async () => {
    for (const jumpMs of [3_600_000, -3_600_000]) {
      const { poll } = await the().beginPoll('prod', 'poll', T0);
      await the().endPoll(poll, pollEnd({ endedAt: T0 + jumpMs, tookMs: 700 }));
      expect((await the().polls({ limit: 1 }))[0]).toMatchObject({ startedAt: T0, endedAt: T0 + 700 });
      expect(await the().accounts()).toMatchObject([{ lastCompleteAt: T0 + jumpMs }]);
    }
  });

  test('a backfill that began earlier does not make a task unseen again', async () => {
    const backfill = await the().beginPoll('prod', 'backfill', T0);
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await commitPending(the(), poll, ['rep-a', 'rep-b']);
    await the().commitPage(backfill.poll, ['rep-a', 'rep-b'], () =>
      page({ touch: ['rep-a'], write: [taskRow({ taskId: 'rep-b' })] }),
    );
    expect(await the().unseenTasks(poll)).toEqual([]);
  });

  test('a page whose decision throws leaves nothing behind and the store goes on', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const broken = the().commitPage(poll, ['rep-a'], () => {
      throw new Error('a bug');
    });
    await expect(broken).rejects.toThrow('a bug');
    const half = the().commitPage(poll, ['rep-a'], () =>
      // The task could be written; a change without its moment cannot.
      page({
        write: [taskRow({ taskId: 'rep-a' })],
        changes: [{ taskId: 'rep-a', at: Number.NaN, from: null, to: 1, event: null }],
      }),
    );
    await expect(half).rejects.toThrow();
    expect(await the().task('rep-a')).toEqual([]);
    await commitPending(the(), poll, ['rep-a']);
    expect(await the().openTaskCount('prod')).toBe(1);
  });

  test('pages committed at the same time never mix', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const counts = Array.from({ length: 20 }, () =>
      the().commitPage(poll, ['rep-a'], (known) => {
        const revision = (known.get('rep-a')?.revision ?? 0) + 1;
        return page({ write: [taskRow({ taskId: 'rep-a' }, { revision })] });
      }),
    );
    await Promise.all(counts);
    expect(await the().task('rep-a')).toMatchObject([{ revision: 20 }]);
  });

  test('alerts are held until the live set is complete, which ends the first run once', async () => {
    const { poll, state } = await the().beginPoll('prod', 'poll', T0);
    expect(state.firstLiveAt).toBeNull();
    await commitPending(the(), poll, ['rep-a']);
    expect(await waiting()).toEqual([]);
    expect(await the().backlog()).toEqual({ waiting: 0, dead: 0, oldestAt: null });
    await the().finishLive(poll, T0 + 5);
    expect(await waiting()).toMatchObject([{ channel: 'slack', subject: { kind: 'task', account: 'prod' } }]);
    await the().finishLive(poll, T0 + 9);
    expect(await the().accounts()).toMatchObject([{ firstLiveAt: T0 + 5 }]);
  });

  test('another account’s alerts are not released with it', async () => {
    await the().syncAccounts(
      ['prod', 'other'].map((name) => ({ name, filterKey: 'all' })),
      T0,
    );
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await commitPending(the(), poll, ['rep-a']);
    const other = await the().beginPoll('other', 'poll', T0);
    await the().endPoll(other.poll, pollEnd());
    expect(await waiting()).toEqual([]);
  });

  test('a complete poll moves the checkpoint, the ledger says what it was, and its alerts go', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, ['rep-a'], () =>
      page({
        write: [taskRow({ taskId: 'rep-a' })],
        alerts: [pendingAlert('rep-a', { channels: ['slack', 'mail', 'slack'] })],
      }),
    );
    const set = {
      set: 'live' as const,
      complete: true,
      reason: null,
      requests: 3,
      distinct: 1,
      totalCount: 1,
      setAside: 0,
    };
    await the().endPoll(
      poll,
      pollEnd({
        checkpoint: T0 - 60_000,
        sets: [set, { ...set, set: 'new' }],
        retries: 2,
        throttles: 1,
        clockOffsetMs: -40,
        taskIdsMax: 25,
      }),
    );
    expect(await waiting()).toHaveLength(1);
    expect(await the().accounts()).toMatchObject([
      { checkpoint: T0 - 60_000, lastCompleteAt: T0 + 1000, taskIdsMax: 25 },
    ]);
    expect(await the().polls({ limit: 5 })).toEqual([
      {
        id: poll.id,
        account: 'prod',
        kind: 'poll',
        startedAt: T0,
        endedAt: T0 + 1000,
        result: 'complete',
        reason: null,
        sets: [set, { ...set, set: 'new' }],
        requests: 6,
        retries: 2,
        throttles: 1,
        clockOffsetMs: -40,
        checkpointBefore: null,
        checkpointAfter: T0 - 60_000,
      },
    ]);
  });

  test('an incomplete poll and a backfill leave checkpoint and last complete poll where they are', async () => {
    for (const [kind, result] of [
      ['poll', 'incomplete'],
      ['backfill', 'complete'],
    ] as const) {
      const { poll } = await the().beginPoll('prod', kind, T0);
      await the().endPoll(poll, pollEnd({ result, reason: 'HTTP 502' }));
    }
    expect(await the().accounts()).toMatchObject([{ checkpoint: null, lastCompleteAt: null }]);
  });

  test('polls that a killed process left open are interrupted and what they held goes', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await commitPending(the(), poll, ['rep-a']);
    const uncounted = { sets: [], requests: null, retries: null, throttles: null };
    expect(await the().poll(poll.id)).toMatchObject({ result: null, ...uncounted });
    expect(await the().recoverPolls(T0 + 7)).toBe(1);
    expect(await the().poll(poll.id)).toMatchObject({ result: 'interrupted', ...uncounted });
    expect(await the().recoverPolls(T0 + 8)).toBe(0);
    expect(await waiting()).toHaveLength(1);
    expect(await the().polls({ account: 'prod', limit: 1 })).toMatchObject([
      { result: 'interrupted', endedAt: T0 + 7 },
    ]);
    await the().endPoll(poll, pollEnd());
    expect(await the().polls({ account: 'prod', limit: 1 })).toMatchObject([
      { result: 'interrupted', endedAt: T0 + 7 },
    ]);
  });
}
