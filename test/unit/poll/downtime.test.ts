import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { isAuditDue } from '../../../src/poll/audit.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { PageQuery } from '../../../src/poll/task-reader.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';

const OVERLAP_MS = 10 * MINUTE_MS;
const never = new AbortController().signal;

/** An account that was read whole, and then not for so many days, in each of which so many tasks were created and closed. */
async function unreadFor(days: number, tasksADay: number, switches: ConstructorParameters<typeof ModelWorld>[1] = {}) {
  const queries: PageQuery[] = [];
  const world: ModelWorld = new ModelWorld(() => kit.clock.now(), switches);
  const kit = await pollKit({
    read(query) {
      queries.push(query);
      return world.read(query);
    },
  });
  world.birth(NOW - MINUTE_MS);
  await poll(kit.account, kit.deps, never);
  await backfill(kit.account, kit.deps, never);
  await kit.clock.advance(days * DAY_MS);
  const born = Array.from({ length: days * tasksADay }, (_, at) =>
    world.birth(NOW + Math.floor((at * DAY_MS) / tasksADay / SECOND_MS) * SECOND_MS, 3),
  );
  const pending = world.birth(kit.clock.now() - MINUTE_MS);
  queries.length = 0;
  const unknown = async (): Promise<number> => {
    const known = await Promise.all(born.map((taskId) => kit.store.task(taskId)));
    return known.filter((tasks) => tasks.length === 0).length;
  };
  return { ...kit, world, queries, pending, unknown };
}

describe('after weeks in which nobody read', () => {
  it('a poll reads what is recent, leaves what has piled up to the background, and says so', async () => {
    const { account, deps, store, clock, queries, pending, unknown } = await unreadFor(21, 300);
    const summary = await poll(account, deps, never);
    expect(summary.result).toBe('complete');
    expect(queries.length).toBeLessThan(10);
    expect(await store.task(pending)).toHaveLength(1);
    const until = clock.now() - OVERLAP_MS;
    const from = NOW - OVERLAP_MS;
    const [state] = await store.accounts();
    expect(state).toMatchObject({ checkpoint: clock.now() - MINUTE_MS, provenFrom: null, backfillDone: false });
    expect(await store.backfillRanges('prod')).toMatchObject([{ cursor: from, until }]);
    const note = `6299 tasks created from ${new Date(from).toISOString()} to ${new Date(until).toISOString()} are read in the background`;
    expect(summary.sets.find(({ set }) => set === 'new')?.notes).toEqual([note]);
    // Until it is read no audit would say that the polls had missed it.
    expect(await isAuditDue('prod', store, clock.now() + DAY_MS)).toBe(false);
    expect(await backfill(account, deps, never)).toMatchObject({ complete: true, tasks: 6299 });
    expect(await unknown()).toBe(0);
    expect((await store.accounts())[0]).toMatchObject({ provenFrom: NOW - 30 * DAY_MS, backfillDone: true });
    expect(await isAuditDue('prod', store, clock.now() + DAY_MS)).toBe(true);
    expect((await poll(account, deps, never)).sets.flatMap(({ notes = [] }) => notes)).toEqual([]);
  });

  it('leaves it where the API does not say how much it is', async () => {
    const { account, deps, unknown } = await unreadFor(21, 10, { spanMs: 15 * DAY_MS });
    const summary = await poll(account, { ...deps, poll: { ...deps.poll, sinceMs: NOW - DAY_MS } }, never);
    expect(summary.sets.find(({ set }) => set === 'new')?.notes?.join()).toMatch(/^the tasks created from/);
    expect(await backfill(account, deps, never)).toMatchObject({ complete: true });
    expect(await unknown()).toBe(0);
  });

  it('is no backfill where a poll that was not whole has moved no checkpoint', async () => {
    const { account, deps, store, world } = await unreadFor(21, 300);
    const reader = {
      ...account.reader,
      read: async (query: PageQuery) => {
        const answer = await world.read(query);
        const isRecent = query.limit > 1 && query.taskStatus === undefined && query.taskIds === undefined;
        return answer.ok && isRecent ? { ...answer, page: { ...answer.page, rows: [] } } : answer;
      },
    };
    const before = (await store.accounts())[0]?.checkpoint;
    expect((await poll({ ...account, reader }, deps, never)).result).toBe('incomplete');
    expect(await store.backfillRanges('prod')).toEqual([]);
    expect((await store.accounts())[0]?.checkpoint).toBe(before);
  });

  it('a poll reads by itself what is little', async () => {
    const { account, deps, store, unknown } = await unreadFor(21, 10);
    await poll(account, deps, never);
    expect(await store.backfillRanges('prod')).toEqual([]);
    expect(await unknown()).toBe(0);
  });

  it('a backfill that was under way finishes nothing that a poll has left meanwhile', async () => {
    const { account, deps, store, unknown } = await unreadFor(21, 300);
    const [state] = await store.accounts();
    await store.startBackfill('prod', NOW - 60 * DAY_MS, state?.backfillFrom ?? 0);
    let polled: Promise<unknown> | undefined;
    const reader = {
      ...account.reader,
      read: async (...asked: Parameters<typeof account.reader.read>) => {
        polled ??= poll(account, deps, never);
        await polled;
        return account.reader.read(...asked);
      },
    };
    expect(await backfill({ ...account, reader }, deps, never)).toMatchObject({ complete: true });
    expect(await store.backfillRanges('prod')).toHaveLength(1);
    await backfill(account, deps, never);
    expect(await unknown()).toBe(0);
  });
});

it('a poll after less than a day reads everything by itself, whatever it is', async () => {
  const { account, deps, store, queries, world } = await unreadFor(1, 1);
  for (let made = 0; made < 5_200; made += 1) world.birth(NOW + Math.floor(made / 60) * SECOND_MS, 3);
  await poll(account, deps, never);
  expect(await store.backfillRanges('prod')).toEqual([]);
  expect(queries.length).toBeGreaterThan(50);
});
