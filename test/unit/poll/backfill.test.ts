import { describe, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { audit } from '../../../src/poll/audit.ts';
import { backfill } from '../../../src/poll/backfill.ts';
import type { BackfillProgress } from '../../../src/poll/backfill-progress.ts';
import { poll } from '../../../src/poll/poll.ts';
import type { PageQuery } from '../../../src/poll/task-reader.ts';
import type { Store } from '../../../src/store/store.ts';
import { ModelWorld } from '../../support/model-world.ts';
import { NOW, pollKit } from '../../support/poll-kit.ts';

const TASKS = 4_000;
const LOOKBACK_MS = 30 * DAY_MS;
/** As far apart as fills the lookback. */
const APART_MS = 640 * SECOND_MS;
const never = new AbortController().signal;

describe('a longer lookback', () => {
  const at = (days: number): number => NOW - days * DAY_MS;

  /** A month of history, of which a week was read. */
  async function aWeekRead() {
    const world = new ModelWorld(NOW);
    for (const days of [2, 5, 9, 20]) world.birth(at(days), 3);
    const queries: PageQuery[] = [];
    const kit = await pollKit({
      read(query) {
        queries.push(query);
        return world.read(query);
      },
    });
    const weekly = { ...kit.deps, poll: { ...kit.deps.poll, lookbackMs: 7 * DAY_MS } };
    await poll(kit.account, weekly, never);
    await backfill(kit.account, weekly, never);
    return { ...kit, world, queries };
  }

  it('has the older part read in the background, once', async () => {
    const { account, deps, store, queries } = await aWeekRead();
    const summary = await poll(account, deps, never);
    expect(summary.sets.map(({ set }) => set)).toEqual(['live', 'new', 'departed']);
    expect(await store.backfillRanges('prod')).toMatchObject([{ cursor: at(30), until: at(7) }]);
    queries.length = 0;
    expect(await backfill(account, deps, never)).toMatchObject({ complete: true, tasks: 2 });
    expect(queries).toMatchObject([{ startDate: at(30) - SECOND_MS, endDate: at(7) }]);
    await poll(account, deps, never);
    expect(await backfill(account, deps, never)).toBeNull();
  });

  it('a shorter one, and the longer one again, has nothing read', async () => {
    const { account, deps } = await aWeekRead();
    const daily = { ...deps, poll: { ...deps.poll, lookbackMs: DAY_MS } };
    const weekly = { ...deps, poll: { ...deps.poll, lookbackMs: 7 * DAY_MS } };
    for (const each of [daily, weekly]) {
      await poll(account, each, never);
      expect(await backfill(account, each, never)).toBeNull();
    }
  });

  it('lets no audit say of the older part that the polls had missed it', async () => {
    const { account, deps, world } = await aWeekRead();
    world.birth(at(3), 3);
    // The backfill has not begun: the audit reads the older part first.
    expect(await audit(account, deps, never)).toMatchObject({ tasks: 5, found: { pending: 0, open: 0, closed: 1 } });
    await poll(account, deps, never);
    await backfill(account, deps, never);
    world.birth(at(20), 3);
    expect((await audit(account, deps, never)).found).toEqual({ pending: 0, open: 0, closed: 1 });
  });

  it('is read although an older version of the program did not say how far back it had read', async () => {
    const { account, deps, store } = await aWeekRead();
    const forgetful = { ...deps, store: { ...store, beginPoll: begunBefore(store) } };
    await poll(account, forgetful, never);
    expect(await store.backfillRanges('prod')).toMatchObject([{ cursor: at(30), until: NOW }]);
  });
});

/** As a store that an older version of the program has written. */
function begunBefore(store: Store): Store['beginPoll'] {
  return async (...poll) => {
    const begun = await store.beginPoll(...poll);
    return { ...begun, state: { ...begun.state, backfillFrom: null, provenFrom: null } };
  };
}

it('tells about the right total all along, also while ranges are cut', async () => {
  const world = new ModelWorld(NOW);
  for (let made = 0; made < TASKS; made += 1) world.birth(NOW - SECOND_MS - made * APART_MS, 3);
  const { store, account, deps } = await pollKit(world);
  await store.startBackfill(account.config.name, NOW - LOOKBACK_MS, NOW);
  const told: BackfillProgress[] = [];
  await backfill(account, { ...deps, onBackfill: (progress) => told.push(progress) }, never);
  const totals = told.map(({ total }) => total ?? Number.NaN);
  expect(told.length).toBeGreaterThan(40);
  expect(Math.min(...totals)).toBeGreaterThan(0.9 * TASKS);
  expect(Math.max(...totals)).toBeLessThan(1.1 * TASKS);
  expect(totals.at(-1)).toBe(TASKS);
  await store.close();
});
