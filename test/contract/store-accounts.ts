import { expect, test } from 'vitest';
import {
  claimedOf,
  commitPending,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pendingAlert,
  pollEnd,
  pollThatFinds,
  remindOf,
  T0,
  taskRow,
  waitingAlerts,
} from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function accountCases(the: TheStore): void {
  test('a new account has no checkpoint and its first run ahead of it', async () => {
    expect(await the().accounts()).toEqual([
      {
        account: 'prod',
        filterKey: 'all',
        checkpoint: null,
        firstLiveAt: null,
        lastCompleteAt: null,
        backfillFrom: null,
        backfillUntil: null,
        backfillDone: false,
        provenFrom: null,
        taskIdsMax: 100,
        blocked: false,
      },
    ]);
  });

  test('an account is blocked from the notice that says so until the one that ends it', async () => {
    const isBlocked = async () => (await the().accounts()).map(({ blocked }) => blocked);
    await the().raise({ at: T0, code: 'poll-stale', subject: 'prod', facts: {} }, []);
    await the().raise({ at: T0, code: 'account-blocked', subject: 'another', facts: {} }, []);
    expect(await isBlocked()).toEqual([false]);
    await the().raise({ at: T0, code: 'account-blocked', subject: 'prod', facts: {} }, []);
    expect(await isBlocked()).toEqual([true]);
    expect((await the().beginPoll('prod', 'poll', T0)).state.blocked).toBe(true);
    await the().over('account-blocked', 'prod', T0, []);
    expect(await isBlocked()).toEqual([false]);
  });

  test('an account that is not known cannot be polled', async () => {
    await expect(the().beginPoll('typo', 'poll', T0)).rejects.toThrow('does not know the account typo');
  });

  test('a removed account is no longer shown and comes back as it was', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().syncAccounts([{ name: 'other', filterKey: 'all' }], T0);
    expect((await the().accounts()).map(({ account }) => account)).toEqual(['other']);
    expect(await the().openTasks({ pendingOnly: false })).toEqual([]);
    await the().syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
    expect((await the().accounts()).map(({ lastCompleteAt }) => lastCompleteAt)).toEqual([T0 + 1000]);
    expect(await the().openTasks({ pendingOnly: false })).toHaveLength(1);
  });

  test('a renamed account takes over what is known, with its story and what waits to be told', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b', 'rep-c']);
    const silent = pendingAlert('rep-a', { channels: [] });
    expect(await remindOf(the(), T0, 1, silent)).toBe(true);
    await the().syncAccounts([{ name: 'renamed', filterKey: 'all' }], T0);
    const { poll } = await the().beginPoll('renamed', 'poll', T0);
    const seen: (string | undefined)[] = [];
    await the().commitPage(poll, ['rep-a', 'rep-b', 'rep-c', 'rep-new'], (known) => {
      seen.push(...['rep-a', 'rep-b', 'rep-c', 'rep-new'].map((id) => known.get(id)?.account));
      return page({ touch: ['rep-a'], write: [taskRow({ taskId: 'rep-b' }, { account: 'renamed', revision: 2 })] });
    });
    expect(seen).toEqual(['prod', 'prod', 'prod', undefined]);
    const owners = await Promise.all(['rep-a', 'rep-b', 'rep-c'].map((id) => the().task(id)));
    expect(owners.map((rows) => rows.map((row) => [row.account, row.revision]))).toEqual([
      [['renamed', 1]],
      [['renamed', 2]],
      [['prod', 1]],
    ]);
    expect(await the().changes('renamed', 'rep-a')).toHaveLength(1);
    expect(await the().changes('prod', 'rep-a')).toEqual([]);
    expect(await remindOf(the(), T0, 1, silent)).toBe(false);
    const told = (await waitingAlerts(the(), 'slack')).flatMap(({ subject }) =>
      subject.kind === 'task' ? [subject.account] : [],
    );
    expect(told).toEqual(['renamed', 'renamed', 'prod']);
  });

  test('an account keeps its own row where a retired one knows the same task', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().syncAccounts([{ name: 'second', filterKey: 'all' }], T0);
    const { poll } = await the().beginPoll('second', 'poll', T0);
    await the().commitPage(poll, ['rep-a'], () => page({ write: [taskRow({ taskId: 'rep-a' })] }));
    await the().syncAccounts(
      ['prod', 'second'].map((name) => ({ name, filterKey: 'all' })),
      T0,
    );
    const again = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(again.poll, ['rep-a'], (known) => {
      expect(known.size).toBe(0);
      return page({ write: [taskRow({ taskId: 'rep-a' })] });
    });
    await the().syncAccounts([{ name: 'second', filterKey: 'all' }], T0);
    const third = await the().beginPoll('second', 'poll', T0);
    await the().commitPage(third.poll, ['rep-a'], (known) => {
      expect(known.get('rep-a')?.account).toBe('second');
      return page({});
    });
  });

  test('two accounts that see one task keep a row each', async () => {
    await the().syncAccounts(
      ['prod', 'twin'].map((name) => ({ name, filterKey: 'all' })),
      T0,
    );
    await pollThatFinds(the(), ['rep-a']);
    const { poll } = await the().beginPoll('twin', 'poll', T0);
    await the().commitPage(poll, ['rep-a'], (known) => {
      expect(known.size).toBe(0);
      return page({ write: [taskRow({ taskId: 'rep-a' }, { account: 'twin' })] });
    });
    expect((await the().task('rep-a')).map(({ account }) => account)).toEqual(['prod', 'twin']);
  });

  test('a changed filter is read as if for the first time, and the tasks stay known', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await commitPending(the(), poll, ['rep-a']);
    await the().finishLive(poll, T0 + 1);
    await the().startBackfill('prod', T0 - 1000, T0);
    await the().endPoll(poll, pollEnd({ checkpoint: T0, taskIdsMax: 50 }));
    await the().syncAccounts([{ name: 'prod', filterKey: 'CVM only' }], T0);
    expect(await the().accounts()).toMatchObject([
      {
        filterKey: 'CVM only',
        checkpoint: null,
        firstLiveAt: null,
        backfillFrom: null,
        backfillUntil: null,
        backfillDone: false,
        provenFrom: null,
        taskIdsMax: 50,
      },
    ]);
    expect(await the().backfillRanges('prod')).toEqual([]);
    expect(await the().openTaskCount('prod')).toBe(1);
  });

  test('a backfill begins once, is cut in ranges, remembers its cursors and ends with its last range', async () => {
    await the().startBackfill('prod', 0, 1000);
    await the().startBackfill('prod', 0, 2000);
    const [range] = await the().backfillRanges('prod');
    expect(range).toMatchObject({ cursor: 0, until: 1000 });
    const first = range?.id ?? 0;
    const second = await the().splitBackfill('prod', first, 600);
    expect(second).toMatchObject({ cursor: 600, until: 1000 });
    const { poll } = await the().beginPoll('prod', 'backfill', T0);
    await the().commitPage(poll, [], () => page({}), { range: first, cursor: 300 });
    expect(await the().backfillRanges('prod')).toEqual([{ id: first, cursor: 300, until: 600 }, second]);
    await the().finishBackfillRange('prod', first);
    expect(await the().accounts()).toMatchObject([{ backfillUntil: 1000, backfillDone: false }]);
    await the().finishBackfillRange('prod', second.id);
    expect(await the().accounts()).toMatchObject([{ backfillUntil: 1000, backfillDone: true }]);
  });

  test('a longer lookback is a backfill of what is missing, and the history is proven from there once it is over', async () => {
    const finish = async (): Promise<void> => {
      for (const { id } of await the().backfillRanges('prod')) await the().finishBackfillRange('prod', id);
    };
    await the().startBackfill('prod', 500, 1000);
    expect(await the().accounts()).toMatchObject([{ backfillFrom: 500, provenFrom: null }]);
    await finish();
    expect(await the().accounts()).toMatchObject([{ backfillFrom: 500, provenFrom: 500, backfillDone: true }]);
    await the().startBackfill('prod', 200, 500);
    expect(await the().backfillRanges('prod')).toMatchObject([{ cursor: 200, until: 500 }]);
    expect(await the().accounts()).toMatchObject([
      { backfillFrom: 200, backfillUntil: 1000, provenFrom: 500, backfillDone: false },
    ]);
    await finish();
    expect(await the().accounts()).toMatchObject([{ backfillFrom: 200, provenFrom: 200, backfillDone: true }]);
    await the().prune({ closedTasks: 100, polls: 100 });
    expect(await the().accounts()).toMatchObject([{ backfillFrom: 200, provenFrom: 200 }]);
    await the().prune({ closedTasks: 300, polls: 300 });
    expect(await the().accounts()).toMatchObject([{ backfillFrom: 300, provenFrom: 300 }]);
  });

  test('what a poll left to the backfill is one more range, with the checkpoint that passes it, and proves nothing until it is read', async () => {
    await the().startBackfill('prod', 500, 1000);
    const [first] = await the().backfillRanges('prod');
    await the().finishBackfillRange('prod', first?.id ?? 0);
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().endPoll(poll, { ...pollEnd({ checkpoint: 3000 }), left: { from: 1000, until: 2500 } });
    const [left] = await the().backfillRanges('prod');
    expect(left).toMatchObject({ cursor: 1000, until: 2500 });
    expect(await the().accounts()).toMatchObject([
      { checkpoint: 3000, backfillFrom: 500, provenFrom: null, backfillDone: false },
    ]);
    await the().finishBackfillRange('prod', left?.id ?? 0);
    expect(await the().accounts()).toMatchObject([{ backfillFrom: 500, provenFrom: 500, backfillDone: true }]);
  });

  test('a range of the filter before finishes nothing of the new one', async () => {
    await the().startBackfill('prod', 0, 1000);
    const [old] = await the().backfillRanges('prod');
    await the().syncAccounts([{ name: 'prod', filterKey: 'new' }], T0);
    await the().finishBackfillRange('prod', old?.id ?? 0);
    expect(await the().accounts()).toMatchObject([{ backfillDone: false }]);
  });

  test('alerts of a removed account still reach their channel', async () => {
    await pollThatFinds(the(), ['rep-a']);
    await the().syncAccounts([], T0);
    expect(claimedOf(await the().claim(LANE, T0, LEASE_MS, oneEach)).attempt).toBe(1);
  });
}
