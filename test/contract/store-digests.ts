import { expect, test } from 'vitest';
import type { DigestInput } from '../../src/store/store.ts';
import {
  claimedOf,
  digestFacts,
  LEASE_MS,
  oneEach,
  page,
  pollEnd,
  pollThatFinds,
  T0,
  taskRow,
} from '../support/store-world.ts';
import type { TheStore } from './store.ts';

const DAY = 86_400_000;

export function digestCases(the: TheStore): void {
  const sync = (names: readonly string[], nextAt = T0 + DAY, scheduleKey = 'daily') =>
    the().syncDigests(
      names.map((name) => ({ name, scheduleKey, nextAt })),
      T0,
    );
  const make = async (name: string, scheduledAt: number, channels = ['mail']) => {
    const inputs: DigestInput[] = [];
    const digest = { name, scheduledAt, nextAt: scheduledAt + DAY, channels };
    const made = await the().makeDigest(digest, scheduledAt + 5, (given) => {
      inputs.push(given);
      return digestFacts(given);
    });
    return { made, ids: inputs.flatMap(({ changes }) => changes.map(({ change }) => change.taskId)), inputs };
  };

  test('a digest is due at its time, also when nobody was running, and then at the next', async () => {
    await sync(['morning']);
    expect(await the().dueDigests(T0 + DAY - 1)).toEqual([]);
    await sync(['morning'], T0 + 5 * DAY); // A restart after the missed moment.
    expect(await the().dueDigests(T0 + 3 * DAY)).toEqual([{ name: 'morning', scheduledAt: T0 + DAY }]);
    await make('morning', T0 + DAY);
    expect(await the().dueDigests(T0 + DAY + 10)).toEqual([]);
    expect(await the().dueDigests(T0 + 2 * DAY)).toEqual([{ name: 'morning', scheduledAt: T0 + 2 * DAY }]);
  });

  test('a moved schedule is due when it says now; a name that is gone is forgotten', async () => {
    await sync(['morning', 'evening']);
    await sync(['morning'], T0 + 7, 'hourly');
    expect(await the().dueDigests(T0 + 2 * DAY)).toEqual([{ name: 'morning', scheduledAt: T0 + 7 }]);
  });

  test('of two makers of one digest one makes it, a message per channel', async () => {
    await sync(['morning']);
    const results = await Promise.all([1, 2].map(() => make('morning', T0 + DAY, ['mail', 'slack'])));
    expect(results.map(({ made }) => made).sort()).toEqual([false, true]);
    expect((await make('morning', T0 + DAY)).made).toBe(false);
    const log = await the().deliveries({ limit: 9 });
    expect(log.map(({ channel, kind, state }) => [channel, kind, state])).toEqual([
      ['slack', 'digest', 'waiting'],
      ['mail', 'digest', 'waiting'],
    ]);
    expect(new Set(log.map(({ key }) => key)).size).toBe(2);
  });

  test('a digest goes out as it was frozen', async () => {
    await pollThatFinds(the(), ['rep-a'], []);
    await sync(['morning']);
    const { inputs } = await make('morning', T0 + DAY);
    const claimed = claimedOf(await the().claim({ channels: ['mail'] }, T0 + DAY + 9, LEASE_MS, oneEach));
    expect(inputs[0]?.pending.map(({ task }) => task.taskId)).toEqual(['rep-a']);
    expect(claimed).toMatchObject({ madeAt: T0 + DAY + 5, message: { part: 1, parts: 1 } });
    expect(claimed.message.facts).toEqual(inputs.map(digestFacts)[0]);
  });

  test('each change is in exactly one digest of a name, whatever is committed beside them', async () => {
    await sync(['morning', 'evening']);
    const ids = Array.from({ length: 12 }, (_, index) => `rep-${index}`);
    const commits = ids.map((id) => pollThatFinds(the(), [id]));
    const digests = [1, 2, 3].map((day) => make('morning', T0 + day * DAY));
    await Promise.all(commits);
    const told = (await Promise.all([...digests, make('morning', T0 + 4 * DAY)])).flatMap((digest) => digest.ids);
    expect([...told].sort()).toEqual([...ids].sort());
    expect((await make('evening', T0 + DAY)).ids).toHaveLength(12);
    expect((await make('morning', T0 + 5 * DAY)).ids).toEqual([]);
  });

  test('a digest covers from the one before, a new name from when it was set up', async () => {
    await pollThatFinds(the(), ['rep-old']);
    await sync(['morning']);
    expect((await make('morning', T0 + DAY)).inputs).toMatchObject([{ coversFrom: T0, changes: [] }]);
    expect((await make('morning', T0 + 2 * DAY)).inputs).toMatchObject([{ coversFrom: T0 + DAY + 5 }]);
  });

  test('a preview shows what the digest will say and takes nothing', async () => {
    await sync(['morning']);
    await pollThatFinds(the(), ['rep-a']);
    const preview = await the().previewDigest('morning', T0 + DAY + 5);
    const { inputs } = await make('morning', T0 + DAY);
    expect(inputs).toEqual([preview]);
    expect(preview).toMatchObject({
      changes: [{ change: { taskId: 'rep-a', from: null, to: 1, event: null }, stored: { account: 'prod' } }],
      accounts: [{ account: 'prod' }],
      deadMessages: 0,
    });
  });

  test('changes of a removed account wait until it is back', async () => {
    await sync(['morning']);
    await pollThatFinds(the(), ['rep-a']);
    await the().syncAccounts([], T0);
    expect((await make('morning', T0 + DAY)).inputs).toMatchObject([{ changes: [], pending: [], accounts: [] }]);
    await the().syncAccounts([{ name: 'prod', filterKey: 'all' }], T0);
    expect((await make('morning', T0 + 2 * DAY)).ids).toEqual(['rep-a']);
  });

  test('a change keeps what was told about it', async () => {
    await sync(['morning']);
    const { poll } = await the().beginPoll('prod', 'poll', T0);
    const event = { event: 'left', at: T0, how: 'processing', status: 2, by: 'Customer_auth' } as const;
    const change = { taskId: 'rep-a', at: T0, from: 1, to: 2, event };
    await the().commitPage(poll, [], () => page({ write: [taskRow({ taskId: 'rep-a' })], changes: [change] }));
    await the().endPoll(poll, pollEnd());
    expect((await make('morning', T0 + DAY)).inputs).toMatchObject([{ changes: [{ change }] }]);
    expect(await the().changes('prod', 'rep-a')).toEqual([change]);
  });
}
