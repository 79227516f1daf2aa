import { expect, test } from 'vitest';
import type { SetReport } from '../../src/model/poll.ts';
import { pollEnd, T0 } from '../support/store-world.ts';
import type { TheStore } from './store.ts';

const HOUR = 3_600_000;

export function ledgerCases(the: TheStore): void {
  test('a poll whose end could not be written is closed by the next of its account and kind, and by no other', async () => {
    await the().syncAccounts(
      ['prod', 'other'].map((name) => ({ name, filterKey: 'all' })),
      T0,
    );
    const { poll: lost } = await the().beginPoll('prod', 'poll', T0);
    await the().beginPoll('prod', 'backfill', T0 + 1);
    await the().beginPoll('prod', 'audit', T0 + 2);
    await the().beginPoll('other', 'poll', T0 + 3);
    expect(await the().poll(lost.id)).toMatchObject({ result: null, endedAt: null });
    await the().beginPoll('prod', 'poll', T0 + 4);
    expect(await the().poll(lost.id)).toMatchObject({
      result: 'interrupted',
      endedAt: T0 + 4,
      reason: expect.stringContaining('could not be recorded'),
    });
    expect((await the().polls({ limit: 9 })).filter(({ endedAt }) => endedAt === null)).toHaveLength(4);
  });

  test('a row of the ledger is found by its id, with what an audit found and what was learnt', async () => {
    const { poll } = await the().beginPoll('prod', 'audit', T0);
    const set: SetReport = {
      set: 'audit',
      complete: false,
      reason: 'HTTP 502',
      requests: 3,
      distinct: 250,
      totalCount: 260,
      setAside: 1,
      notes: ['a list of 100 TaskIds is refused'],
      found: { pending: 1, open: 0, closed: 7 },
    };
    await the().endPoll(poll, pollEnd({ result: 'incomplete', reason: 'HTTP 502', sets: [set] }));
    expect(await the().poll(poll.id)).toMatchObject({ id: poll.id, kind: 'audit', requests: 3, sets: [set] });
    expect(await the().poll(poll.id + 1)).toBeNull();
  });

  test('what a poll set aside can be read again, hostile text included', async () => {
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const rows = [
      { taskId: 'rep-b', raw: '{"TaskId":"rep-b"}', problem: 'CreateTime is missing' },
      { taskId: null, raw: '"\u001b[31m <!channel>"', problem: 'the row is not an object' },
    ];
    await the().setAside(poll, rows, T0 + 5);
    const { poll: later } = await the().beginPoll('prod', 'poll', T0 + 9);
    await the().setAside(later, rows.slice(1), T0 + 9);
    expect(await the().setAsideRows(poll)).toEqual(rows.map((row) => ({ ...row, at: T0 + 5 })));
    expect(await the().setAsideRows({ account: 'other', id: poll.id })).toEqual([]);
  });

  test('the last reading of the whole history is the first backfill, then the newest complete audit, whatever the polls did', async () => {
    expect(await the().lastAudit('prod')).toEqual({ wholeAt: null, triedAt: null });
    const read = async (kind: 'poll' | 'backfill' | 'audit', at: number, result: 'complete' | 'incomplete') => {
      const { poll } = await the().beginPoll('prod', kind, at);
      await the().endPoll(poll, pollEnd({ result }));
      return the().lastAudit('prod');
    };
    expect(await read('backfill', T0, 'incomplete')).toEqual({ wholeAt: null, triedAt: null });
    expect(await read('backfill', T0 + 1, 'complete')).toEqual({ wholeAt: T0 + 1, triedAt: null });
    expect(await read('audit', T0 + 2, 'complete')).toEqual({ wholeAt: T0 + 2, triedAt: T0 + 2 });
    expect(await read('audit', T0 + 3, 'incomplete')).toEqual({ wholeAt: T0 + 2, triedAt: T0 + 3 });
    expect(await read('poll', T0 + 4, 'complete')).toEqual({ wholeAt: T0 + 2, triedAt: T0 + 3 });
    // That one may have read no more than what a longer lookback added.
    expect(await read('backfill', T0 + 5, 'complete')).toEqual({ wholeAt: T0 + 2, triedAt: T0 + 3 });
  });

  test('a reading knows when the newest complete poll of its account began, by the server’s clock', async () => {
    const begin = async () => (await the().beginPoll('prod', 'audit', T0 + 9)).provenUntil;
    const read = async (at: number, end: Parameters<typeof pollEnd>[0]) => {
      const { poll } = await the().beginPoll('prod', 'poll', at);
      await the().endPoll(poll, pollEnd(end));
    };
    expect(await begin()).toBeNull();
    await read(T0, { result: 'complete', clockOffsetMs: 600_000 });
    await read(T0 + 1, { result: 'incomplete' });
    expect(await begin()).toBe(T0 + 600_000);
    await read(T0 + 2, { result: 'complete', clockOffsetMs: null });
    expect(await begin()).toBe(T0 + 2);
  });

  test('an episode knows to the hour when it was last raised', async () => {
    const raise = (at: number) =>
      the().raise({ at, code: 'late-task', subject: 'prod future', facts: { account: 'prod' } }, []);
    await raise(T0);
    await raise(T0 + HOUR - 1);
    expect(await the().episodes()).toMatchObject([{ since: T0, lastAt: T0 }]);
    expect(await raise(T0 + HOUR)).toBe(false);
    expect(await the().episodes()).toMatchObject([{ since: T0, lastAt: T0 + HOUR }]);
  });
}
