import { expect, test } from 'vitest';
import {
  claimedOf,
  LANE,
  LEASE_MS,
  oneEach,
  page,
  pendingAlert,
  pollEnd,
  pollThatFinds,
  T0,
  taskRow,
  waitingAlerts,
} from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function journalCases(the: TheStore): void {
  test('open tasks come with data loss first, then by deadline, those without one last', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, [], () =>
      page({
        write: [
          taskRow({ taskId: 'rep-no-deadline', taskTypeId: 106, authTime: null }),
          taskRow({ taskId: 'rep-late', authTime: T0 + 900 }),
          taskRow({ taskId: 'rep-soon', authTime: T0 + 100 }),
          taskRow({ taskId: 'rep-data-loss', authType: 8, authTime: T0 + 999 }),
          taskRow({ taskId: 'rep-booked', taskStatus: 4, authTime: T0 + 50 }),
          taskRow({ taskId: 'rep-over', taskStatus: 3 }, { ending: 'closed' }),
        ],
      }),
    );
    const ids = async (pendingOnly: boolean) => (await the().openTasks({ pendingOnly })).map(({ task }) => task.taskId);
    expect(await ids(true)).toEqual(['rep-data-loss', 'rep-soon', 'rep-late', 'rep-no-deadline']);
    expect(await ids(false)).toEqual(['rep-data-loss', 'rep-booked', 'rep-soon', 'rep-late', 'rep-no-deadline']);
  });

  test('an episode is told once when it begins and once when it is over', async () => {
    const notice = { at: T0, code: 'lane-down' as const, subject: 'slack', facts: { reason: '404' } };
    expect(await Promise.all([the().raise(notice, ['slack']), the().raise(notice, ['slack'])])).toEqual([true, false]);
    expect(await the().raise({ ...notice, subject: 'mail' }, [])).toBe(true);
    expect(await the().episodes()).toEqual([
      { code: 'lane-down', subject: 'mail', since: T0, lastAt: T0 },
      { code: 'lane-down', subject: 'slack', since: T0, lastAt: T0 },
    ]);
    expect(await the().over('lane-down', 'slack', T0 + 5, ['slack'])).toBe(true);
    expect(await the().over('lane-down', 'slack', T0 + 6, ['slack'])).toBe(false);
    expect((await waitingAlerts(the(), 'slack')).map(({ subject }) => subject)).toEqual([
      { kind: 'operator', notice: { ...notice, event: 'operator', over: false } },
      { kind: 'operator', notice: { ...notice, event: 'operator', over: true, at: T0 + 5 } },
    ]);
    expect(await the().raise(notice, ['slack'])).toBe(true);
  });

  test('the end of what could not be recorded is told once to each channel, whoever met it', async () => {
    const notice = { at: T0 + 9, code: 'store-unwritable' as const, subject: 'store', facts: { since: T0 } };
    expect(await the().tellOver(notice, T0, ['slack'])).toBe(true);
    expect(await the().tellOver({ ...notice, at: T0 + 8 }, T0 + 1, ['slack'])).toBe(false);
    expect(await the().tellOver(notice, T0 + 1, ['slack', 'mail'])).toBe(true);
    const alerts = async (channel: string) => (await waitingAlerts(the(), channel)).map(({ subject }) => subject);
    const over = { kind: 'operator', notice: { ...notice, event: 'operator', over: true } };
    expect([await alerts('slack'), await alerts('mail')]).toEqual([[over], [over]]);
    expect(await the().tellOver({ ...notice, at: T0 + 20 }, T0 + 10, ['slack'])).toBe(true);
    expect(await the().episodes()).toEqual([]);
  });

  test('a loop’s last beat counts', async () => {
    await the().beat({ loop: 'poll', at: T0, withinMs: 1 });
    await the().beat({ loop: 'lane slack', at: T0, withinMs: 2 });
    await the().beat({ loop: 'poll', at: T0 + 1, withinMs: 3 });
    expect(await the().beats()).toEqual([
      { loop: 'lane slack', at: T0, withinMs: 2 },
      { loop: 'poll', at: T0 + 1, withinMs: 3 },
    ]);
  });

  test('old closed tasks and ledger rows go; what is open, newer, running or still to be told stays', async () => {
    await the().syncDigests([{ name: 'morning', scheduleKey: 'daily', nextAt: T0 }], T0);
    const { poll } = await the().beginPoll('prod', 'poll', T0 - 1000);
    const change = { at: T0, from: null, to: 3, event: null };
    await the().commitPage(poll, [], () =>
      page({
        write: [
          taskRow({ taskId: 'rep-old' }, { ending: 'closed', changedAt: T0 - 10 }),
          taskRow({ taskId: 'rep-untold' }, { ending: 'closed', changedAt: T0 - 10 }),
          taskRow({ taskId: 'rep-new' }, { ending: 'closed', changedAt: T0 }),
          taskRow({ taskId: 'rep-open' }, { changedAt: T0 - 10 }),
        ],
        changes: ['rep-old', 'rep-new'].map((taskId) => ({ ...change, taskId })),
        alerts: [pendingAlert('rep-untold'), pendingAlert('rep-old', { channels: ['mail'] })],
      }),
    );
    await the().endPoll(poll, pollEnd());
    expect(await the().prune({ closedTasks: T0, polls: 0 })).toEqual({ tasks: 0, polls: 0 });
    const told = claimedOf(await the().claim({ channels: ['mail'] }, T0, LEASE_MS, oneEach));
    await the().settle(told, { state: 'delivered', at: T0 + 1, receipt: 'ok' });
    await the().beginPoll('prod', 'backfill', T0 - 500);
    await the().beginPoll('prod', 'poll', T0);
    expect(await the().prune({ closedTasks: T0, polls: T0 })).toEqual({ tasks: 1, polls: 1 });
    const left = await Promise.all(['rep-old', 'rep-untold', 'rep-new', 'rep-open'].map((id) => the().task(id)));
    expect(left.map((rows) => rows.length)).toEqual([0, 1, 1, 1]);
    expect(await the().changes('prod', 'rep-old')).toEqual([]);
    expect((await the().previewDigest('morning', T0)).changes).toHaveLength(1);
    expect(await the().polls({ limit: 9 })).toHaveLength(2);
  });

  test('a closed task stays while a message about it is on its way or waits, and goes once it is settled', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, [], () =>
      page({
        write: [taskRow({ taskId: 'rep-old' }, { ending: 'closed', changedAt: T0 - 10 })],
        alerts: [pendingAlert('rep-old')],
      }),
    );
    await the().endPoll(poll, pollEnd());
    const claimed = claimedOf(await the().claim(LANE, T0, LEASE_MS, oneEach));
    const prune = async () => (await the().prune({ closedTasks: T0, polls: 0 })).tasks;
    expect(await prune()).toBe(0);
    await the().settle(claimed, { state: 'delivered', at: T0, receipt: 'ok' });
    expect(await prune()).toBe(1);
  });

  test('more than one batch of old rows goes at once', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const ids = Array.from({ length: 1200 }, (_, index) => `rep-${index}`);
    await the().commitPage(poll, [], () =>
      page({ write: ids.map((taskId) => taskRow({ taskId }, { ending: 'closed', changedAt: 0 })) }),
    );
    expect(await the().prune({ closedTasks: T0, polls: 0 })).toEqual({ tasks: 1200, polls: 0 });
  });

  test('delivered messages of that age go with their alerts, dead and waiting ones stay', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b', 'rep-c'], ['slack', 'mail']);
    const first = claimedOf(await the().claim(LANE, T0, LEASE_MS, oneEach));
    await the().settle(first, { state: 'delivered', at: T0 - 1, receipt: 'ok' });
    const second = claimedOf(await the().claim(LANE, T0, LEASE_MS, oneEach));
    await the().settle(second, { state: 'dead', at: T0 - 1, reason: 'gone' });
    await the().prune({ closedTasks: T0, polls: 0 });
    expect((await the().deliveries({ limit: 9 })).map(({ state }) => state)).toEqual(['waiting', 'dead']);
    expect(await the().backlog()).toMatchObject({ waiting: 4, dead: 1 });
  });
}
