import { expect, test } from 'vitest';
import { HOUR_MS } from '../../src/lib/clock.ts';
import { byListOrder } from '../../src/model/list-order.ts';
import type { StoredTask, TaskQuery } from '../../src/store/store.ts';
import {
  claimedOf,
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
} from '../support/store-world.ts';
import type { TheStore } from './store.ts';

export function viewCases(the: TheStore): void {
  const write = async (
    rows: readonly Omit<StoredTask, 'seenPoll'>[],
    changes: Parameters<typeof page>[0]['changes'] = [],
  ) => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    await the().commitPage(poll, [], () => page({ write: rows, changes }));
  };
  /** Reads a list part by part, and says the parts' ids. */
  const parts = async (query: TaskQuery, limit: number, now = T0): Promise<string[][]> => {
    const found: string[][] = [];
    for (let after: string | null = null; ; ) {
      const { items, next } = await the().taskPart(query, after, limit, now);
      found.push(items.map(({ task }) => task.taskId));
      if (next === null) return found;
      after = next;
    }
  };

  test('open tasks come in parts, in the order of every list', async () => {
    await write([
      taskRow({ taskId: 'rep-no-deadline', authTime: null, taskTypeId: 106 }),
      taskRow({ taskId: 'rep-late', authTime: T0 + 900 }),
      taskRow({ taskId: 'rep-soon-b', authTime: T0 + 100 }),
      taskRow({ taskId: 'rep-soon-a', authTime: T0 + 100 }),
      taskRow({ taskId: 'rep-data-loss', authType: 8, authTime: T0 + 999 }),
      taskRow({ taskId: 'rep-booked', taskStatus: 4, authTime: T0 + 50 }),
      taskRow({ taskId: 'rep-over', taskStatus: 3 }, { ending: 'closed' }),
    ]);
    const inOrder = ['rep-data-loss', 'rep-soon-a', 'rep-soon-b', 'rep-late', 'rep-no-deadline'];
    expect(await parts({ state: 'pending' }, 2)).toEqual([inOrder.slice(0, 2), inOrder.slice(2, 4), inOrder.slice(4)]);
    expect(await parts({ state: 'pending' }, 5)).toEqual([inOrder]);
    expect((await parts({ state: 'open' }, 1)).flat()).toEqual(
      (await the().openTasks({ pendingOnly: false })).map(({ task }) => task.taskId),
    );
  });

  test('closed tasks come in parts, the newest change first', async () => {
    await write([
      taskRow({ taskId: 'rep-open' }),
      taskRow({ taskId: 'rep-1', taskStatus: 3 }, { ending: 'closed', changedAt: T0 + 1 }),
      taskRow({ taskId: 'rep-3b', taskStatus: 3 }, { ending: 'closed', changedAt: T0 + 3 }),
      taskRow({ taskId: 'rep-3a' }, { ending: 'unlisted', changedAt: T0 + 3 }),
    ]);
    expect(await parts({ state: 'closed' }, 1)).toEqual([['rep-3a'], ['rep-3b'], ['rep-1']]);
  });

  test('closed tasks that changed at the same moment are read on from where a part ended', async () => {
    const ids = Array.from({ length: 9 }, (_, i) => `rep-${i}`);
    await write(ids.map((taskId) => taskRow({ taskId, taskStatus: 3 }, { ending: 'closed' })));
    await write([taskRow({ taskId: 'rep-new', taskStatus: 6 }, { ending: 'closed', changedAt: T0 + 1 })]);
    await write([taskRow({ taskId: 'rep-old', taskStatus: 3 }, { ending: 'closed', changedAt: T0 - 1 })]);
    expect((await parts({ state: 'closed' }, 4)).flat()).toEqual(['rep-new', ...ids, 'rep-old']);
    expect((await parts({ state: 'closed', statuses: [6] }, 4)).flat()).toEqual(['rep-new']);
  });

  test('what waits though its estimated deadline passed hours ago stands behind what is still to come, before what has none', async () => {
    const createTime = T0 - 48 * HOUR_MS;
    await write([
      taskRow({ taskId: 'rep-none', authTime: null, taskTypeId: 106, createTime }),
      taskRow({ taskId: 'rep-estimate-b', authTime: null, createTime: createTime + 1 }),
      taskRow({ taskId: 'rep-estimate-a', authTime: null, createTime }),
      taskRow({ taskId: 'rep-stated', authTime: T0, createTime }),
      taskRow({ taskId: 'rep-later', authTime: T0 + 90 * HOUR_MS, createTime }),
      taskRow({ taskId: 'rep-risk', authType: 8, authTime: null, createTime }),
      taskRow({ taskId: 'rep-risk-later', authType: 8, authTime: T0 + 90 * HOUR_MS, createTime }),
    ]);
    const fresh = [
      'rep-risk',
      'rep-risk-later',
      'rep-estimate-a',
      'rep-stated',
      'rep-estimate-b',
      'rep-later',
      'rep-none',
    ];
    const lapsed = [
      'rep-risk-later',
      'rep-risk',
      'rep-stated',
      'rep-later',
      'rep-estimate-a',
      'rep-estimate-b',
      'rep-none',
    ];
    for (const limit of [1, 2, 9]) {
      expect((await parts({ state: 'pending' }, limit, T0 + 4 * HOUR_MS - 1)).flat()).toEqual(fresh);
      expect((await parts({ state: 'pending' }, limit, T0 + 5 * HOUR_MS)).flat()).toEqual(lapsed);
    }
    const all = await the().openTasks({ pendingOnly: true });
    expect(all.toSorted(byListOrder(T0 + 5 * HOUR_MS)).map(({ task }) => task.taskId)).toEqual(lapsed);
    const counts = (await the().openCounts(T0 + 5 * HOUR_MS)).filter(({ lapsed: is }) => is);
    expect(counts.map(({ tasks, nearestDeadline }) => [tasks, nearestDeadline])).toEqual([
      [2, null],
      [1, null],
    ]);
    expect((await the().nearestUnacknowledged(T0 + 3 * HOUR_MS))[0]?.at).toBe(T0);
    await write([taskRow({ taskId: 'rep-stated', taskStatus: 2 })]);
    expect((await the().nearestUnacknowledged(T0 + 5 * HOUR_MS))[0]?.at).toBe(T0 + 90 * HOUR_MS);
    expect((await the().startingTasks(T0 + 5 * HOUR_MS, T0 + 99 * HOUR_MS, 9)).map(({ task }) => task.taskId)).toEqual([
      'rep-later',
      'rep-risk-later',
    ]);
  });

  test('a list is narrowed by a text that an id, a name, an address or the vendor’s prose holds, in any case', async () => {
    const odd = '100%_a\\b"c';
    await write([
      taskRow({ taskId: 'rep-a', alias: `Shop ${odd} Web`, zone: null }),
      taskRow({ taskId: 'rep-b', alias: 'ÄPFEL-订单', lanIp: '10.0.0.9' }),
      taskRow({ taskId: 'rep-c', alias: '100_%', vpcName: 'SHOP', taskDetail: '请尽快授权' }),
    ]);
    const holding = async (text: string) => (await parts({ state: 'open', text }, 9)).flat();
    for (const text of ['shop', odd, 'PREP-A'.slice(1), '%_a', 'B"C WEB'])
      expect([text, await holding(text)]).toEqual([text, ['rep-a']]);
    for (const text of ['äpfel', 'ÄPF', '订单', '10.0.0.9'])
      expect([text, await holding(text)]).toEqual([text, ['rep-b']]);
    expect(await holding('尽快')).toEqual(['rep-c']);
    for (const text of ['lanIp', 'null', 'a%b', '\\'])
      expect([text, await holding(text)]).toEqual([text, text === '\\' ? ['rep-a'] : []]);
    expect(await holding('')).toEqual(['rep-a', 'rep-b', 'rep-c']);
  });

  test('a narrowed list of any length is read in parts that look through a bounded number of tasks', async () => {
    const ids = Array.from({ length: 4_500 }, (_, i) => `rep-${String(i).padStart(4, '0')}`);
    await write(
      ids.map((taskId, i) => taskRow({ taskId, alias: i === 4_400 ? 'needle' : 'hay', zone: i < 3 ? 'ap-2' : 'ap-1' })),
    );
    const needle = await parts({ state: 'open', text: 'needle' }, 9);
    expect([needle.length > 2, needle.flat()]).toEqual([true, ['rep-4400']]);
    expect((await the().taskPart({ state: 'open', zones: ['ap-2'] }, null, 2, T0)).items).toHaveLength(2);
    expect((await parts({ state: 'open', zones: ['ap-2'] }, 2)).flat()).toEqual(ids.slice(0, 3));
    const exact = await the().taskPart({ state: 'open', accounts: ['prod'] }, null, 9_000, T0);
    expect([exact.items.length, exact.next]).toEqual([4_500, null]);
  });

  test('closed tasks are counted up to a number of them, those that changed last first', async () => {
    await write([
      taskRow({ taskId: 'rep-a', taskStatus: 3 }, { ending: 'closed', changedAt: T0 + 1 }),
      taskRow({ taskId: 'rep-b', taskStatus: 3 }, { ending: 'closed', changedAt: T0 + 2 }),
      taskRow({ taskId: 'rep-c', taskStatus: 6, authType: 8 }, { ending: 'closed' }),
      taskRow({ taskId: 'rep-open' }),
    ]);
    const told = async (most: number) => {
      const { counts, whole } = await the().closedCounts(most);
      return [whole, counts.map(({ status, dataLoss, tasks }) => [status, dataLoss, tasks])];
    };
    expect(await told(3)).toEqual([
      true,
      [
        [3, false, 2],
        [6, true, 1],
      ],
    ]);
    expect(await told(1)).toEqual([false, [[3, false, 2]]]);
  });

  test('a list is narrowed by account, status, type, zone and product', async () => {
    await write([
      taskRow({ taskId: 'rep-a', taskTypeId: 101, zone: 'ap-1', product: 'CVM' }),
      taskRow({ taskId: 'rep-b', taskTypeId: 107, zone: 'ap-2', product: 'CDH', taskStatus: 2 }),
      taskRow({ taskId: 'rep-c', taskTypeId: null, zone: null, product: null }),
    ]);
    const ids = async (narrow: Omit<TaskQuery, 'state'>) =>
      (await parts({ state: 'open', ...narrow }, 10)).flat().toSorted();
    expect(await ids({})).toEqual(['rep-a', 'rep-b', 'rep-c']);
    expect(await ids({ accounts: [], types: [] })).toEqual(['rep-a', 'rep-b', 'rep-c']);
    expect(await ids({ accounts: ['prod', 'other'] })).toEqual(['rep-a', 'rep-b', 'rep-c']);
    expect(await ids({ accounts: ['other'] })).toEqual([]);
    expect(await ids({ statuses: [2, 4] })).toEqual(['rep-b']);
    expect(await ids({ types: [101, 102] })).toEqual(['rep-a']);
    expect(await ids({ zones: ['ap-2'] })).toEqual(['rep-b']);
    expect(await ids({ zones: ['ap-2', 'ap-\0'] })).toEqual(['rep-b']);
    expect(await ids({ zones: ['ap-\0'] })).toEqual([]);
    expect(await ids({ products: ['CVM', 'CDH'], zones: ['ap-1'] })).toEqual(['rep-a']);
  });

  test('a place in a list that we did not give is refused', async () => {
    const wrong = [
      null,
      {},
      [1, 2],
      [6, 0, 0, 'a', 'b'],
      [0.5, 0, 0, 'a', 'b'],
      [0, 1e300, 0, 'a', 'b'],
      [0, 0, 0, 'a', '\0'],
    ];
    const wrongOfClosed = [
      [1e300, 'a', 'b'],
      [0.5, 'a', 'b'],
      [0, '\0', 'b'],
      [0, 'a', 1],
    ];
    const places = [...wrong, ...wrongOfClosed].map((place) =>
      Buffer.from(JSON.stringify(place)).toString('base64url'),
    );
    for (const after of ['', 'x', ...places])
      for (const state of ['open', 'closed'] as const)
        await expect(the().taskPart({ state }, after, 1, T0)).rejects.toThrow(RangeError);
  });

  test('open tasks are counted by what they are alike in, with the nearest deadline of those that wait', async () => {
    await write([
      taskRow({ taskId: 'rep-a', taskTypeId: 101, authTime: T0 + 9 }),
      taskRow({ taskId: 'rep-b', taskTypeId: 101, authTime: T0 + 5 }),
      taskRow({ taskId: 'rep-c', taskTypeId: 101, authTime: T0 + 1, taskStatus: 2 }),
      taskRow({ taskId: 'rep-d', taskTypeId: 101, authTime: T0 + 1, taskStatus: 3 }, { ending: 'closed' }),
    ]);
    const alike = {
      account: 'prod',
      typeId: 101,
      zone: 'ap-guangzhou-7',
      product: 'CVM',
      dataLoss: false,
      lapsed: false,
    };
    expect(await the().openCounts(T0)).toEqual([
      { ...alike, status: 1, tasks: 2, nearestDeadline: T0 + 5 },
      { ...alike, status: 2, tasks: 1, nearestDeadline: null },
    ]);
    await the().syncAccounts([], T0);
    expect(await the().openCounts(T0)).toEqual([]);
    expect(await parts({ state: 'open' }, 9)).toEqual([[]]);
  });

  test('tasks that start by themselves before a moment come with the earliest first, the overdue included', async () => {
    await write([
      taskRow({ taskId: 'rep-soon', authTime: T0 + 100 }),
      taskRow({ taskId: 'rep-overdue', authTime: T0 - 100 }),
      taskRow({ taskId: 'rep-risk', authType: 8, authTime: T0 + 150 }),
      taskRow({ taskId: 'rep-late', authTime: T0 + 200 }),
      taskRow({ taskId: 'rep-never', authTime: null, taskTypeId: 106 }),
      taskRow({ taskId: 'rep-booked', authTime: T0 + 100, taskStatus: 4 }),
      taskRow({ taskId: 'rep-gone', authTime: T0 + 100 }, { ending: 'unlisted' }),
    ]);
    const ids = async (limit: number) =>
      (await the().startingTasks(T0, T0 + 200, limit)).map(({ task }) => task.taskId);
    expect(await ids(9)).toEqual(['rep-overdue', 'rep-soon', 'rep-risk']);
    expect(await ids(1)).toEqual(['rep-overdue']);
  });

  test('the nearest deadline that nobody has acknowledged is told of each account, until the acknowledgement ends', async () => {
    await write([
      taskRow({ taskId: 'rep-a', authTime: T0 + 100 }),
      taskRow({ taskId: 'rep-b', authTime: T0 + 200 }),
      taskRow({ taskId: 'rep-booked', authTime: T0 + 50, taskStatus: 4 }),
      taskRow({ taskId: 'rep-never', authTime: null, taskTypeId: 106 }),
    ]);
    const nearest = async (now: number) => (await the().nearestUnacknowledged(now)).map(({ at }) => at - T0);
    expect(await the().nearestUnacknowledged(T0)).toEqual([{ account: 'prod', at: T0 + 100 }]);
    await the().acknowledge({ account: 'prod', taskId: 'rep-a', by: 'li', until: T0 + 60, revision: null }, T0);
    expect([await nearest(T0 + 59), await nearest(T0 + 60)]).toEqual([[200], [100]]);
    await write([taskRow({ taskId: 'rep-a', taskStatus: 3 }, { ending: 'closed' })]);
    await the().acknowledge({ account: 'prod', taskId: 'rep-b', by: 'li', until: null, revision: null }, T0);
    expect(await nearest(T0)).toEqual([]);
  });

  test('repairs that began are counted by the moment that a poll saw, else by that of the authorization', async () => {
    const change = (taskId: string, at: number, from: number | null, to: number) => ({
      taskId,
      at,
      from,
      to,
      event: null,
    });
    const over = { ending: 'closed' } as const;
    await write(
      [
        taskRow({ taskId: 'rep-seen', taskStatus: 3, authTime: T0 - 9 }, over),
        taskRow({ taskId: 'rep-late', taskStatus: 2, authTime: T0 + 2, authType: 8, zone: null }),
        taskRow({ taskId: 'rep-over-a', taskStatus: 3, authTime: T0 + 2 }, over),
        taskRow({ taskId: 'rep-over-b', taskStatus: 3, authTime: T0 + 3 }, over),
        taskRow({ taskId: 'rep-bare', taskStatus: 2, authTime: null }),
        taskRow({ taskId: 'rep-avoided', taskStatus: 6, authTime: T0 + 2 }, over),
        taskRow({ taskId: 'rep-waits', authTime: T0 + 2 }),
      ],
      [
        change('rep-seen', T0 - 1, null, 1),
        change('rep-seen', T0 + 1, 1, 2),
        change('rep-seen', T0 + 4, 2, 3),
        change('rep-late', T0 + 7, null, 2),
        change('rep-over-a', T0 + 7, null, 3),
        change('rep-bare', T0 + 7, null, 2),
        change('rep-bare', T0 + 8, 2, 2),
      ],
    );
    const some = { account: 'prod', zone: 'ap-guangzhou-7', dataLoss: false, seen: true, tasks: 1 };
    expect(await the().startedRepairs(T0, T0 + 2)).toEqual([{ ...some, taskId: 'rep-seen' }]);
    const authorized = { ...some, seen: false, tasks: 2, taskId: 'rep-over-a' };
    const risky = { ...some, zone: null, dataLoss: true, seen: false, taskId: 'rep-late' };
    const found = await the().startedRepairs(T0 + 2, T0 + 4);
    expect(found).toHaveLength(2);
    expect(found).toEqual(expect.arrayContaining([authorized, risky]));
    expect(await the().startedRepairs(T0 + 4, T0 + 9)).toEqual([{ ...some, taskId: 'rep-bare' }]);
    // A row that is written again keeps the moment.
    await write([taskRow({ taskId: 'rep-bare', taskStatus: 3, authTime: T0 }, over)]);
    expect(await the().startedRepairs(T0 + 4, T0 + 9)).toEqual([{ ...some, taskId: 'rep-bare' }]);
  });

  test('a task knows the messages that told of it, and what they said', async () => {
    await pollThatFinds(the(), ['rep-a']);
    const claimed = claimedOf(await the().claim(LANE, T0, LEASE_MS, oneEach));
    await the().settle(claimed, { state: 'delivered', at: T0 + 5, receipt: 'ok' });
    const reminder = { event: 'reminder' as const, at: T0 + 7, rungMs: 3_600_000 };
    await remindOf(the(), T0 + 99, 3_600_000, pendingAlert('rep-a', { event: reminder }));
    await the().claim(LANE, T0 + 8, LEASE_MS, oneEach);
    const told = await the().messagesOf('prod', 'rep-a');
    expect(told.map(({ state, channel, receipt, events }) => ({ state, channel, receipt, events }))).toEqual([
      {
        state: 'delivered',
        channel: 'slack',
        receipt: 'ok',
        events: [{ event: 'pending', at: T0, rungMs: null }],
      },
      {
        state: 'sending',
        channel: 'slack',
        receipt: null,
        events: [{ event: 'reminder', at: T0 + 7, rungMs: 3_600_000 }],
      },
    ]);
    expect(told[0]?.key).toBe(claimed.message.key);
    expect(await the().messagesOf('prod', 'rep-none')).toEqual([]);
  });

  test('messages and polls go on below an id', async () => {
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    await pollThatFinds(the(), ['rep-a', 'rep-b']);
    await the().claim(LANE, T0, LEASE_MS, oneEach);
    const [newest] = await the().deliveries({ limit: 1 });
    const older = await the().deliveries({ limit: 9, before: newest?.id ?? 0 });
    expect([...(newest?.taskIds ?? []), ...older.flatMap(({ taskIds }) => taskIds)]).toHaveLength(4);
    expect(await the().deliveries({ limit: 9, state: 'delivered', before: newest?.id ?? 0 })).toEqual([]);
    const [last, first] = await the().polls({ limit: 2 });
    expect(await the().polls({ limit: 9, account: 'prod', before: last?.id ?? 0 })).toEqual([first]);
  });

  test('the version moves with what is shown, and only then', async () => {
    let last = await the().version();
    const moves = async (): Promise<boolean> => {
      const before = last;
      last = await the().version();
      return last !== before;
    };
    await the().openCounts(T0);
    await the().beat({ loop: 'lane', at: T0, withinMs: 1 });
    expect(await moves()).toBe(false);
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    expect(await moves()).toBe(true);
    await the().endPoll(poll, pollEnd());
    expect(await moves()).toBe(true);
    await pollThatFinds(the(), ['rep-a']);
    expect(await moves()).toBe(true);
    const claimed = claimedOf(await the().claim(LANE, T0, LEASE_MS, oneEach));
    expect(await moves()).toBe(true);
    await the().settle(claimed, { state: 'delivered', at: T0 + 1, receipt: 'ok' });
    expect(await moves()).toBe(true);
    await the().acknowledge({ account: 'prod', taskId: 'rep-a', by: 'li', until: null, revision: null }, T0);
    expect(await moves()).toBe(true);
    expect(await moves()).toBe(false);
  });
}
