import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, SECOND_MS, systemClock } from '../../src/lib/clock.ts';
import type { Arrival } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/registry.ts';
import type { Store } from '../../src/store/store.ts';
import { type ServiceKit, startKit, textOf } from '../support/service-kit.ts';

const TASKS = 3_200;
const LOOKBACK_MS = 30 * DAY_MS;
/** Enough to be in the middle: 32 pages hold all. */
const PAGES_BEFORE_KILL = 14;
const RANGES_MAX = 64;

interface Window {
  readonly StartDate: string;
  readonly EndDate: string;
}

/** The window of a backfill's request, the only one with an end and without a filter; null for any other. */
function historyWindow({ params }: Arrival): Window | null {
  const call = params as Partial<Window> & { readonly TaskStatus?: unknown; readonly TaskIds?: unknown }; // the service's own form
  const { StartDate, EndDate, TaskStatus, TaskIds } = call;
  if (StartDate === undefined || EndDate === undefined || TaskStatus !== undefined || TaskIds !== undefined)
    return null;
  return { StartDate, EndDate };
}

/** Lets so many requests of a backfill through, and holds all others until `open`. */
function createGate(count: number) {
  const held = Promise.withResolvers<void>();
  let isOpen = false;
  let passed = 0;
  return {
    open(): void {
      isOpen = true;
      held.resolve();
    },
    async onRequest(arrival: Arrival): Promise<void> {
      if (isOpen || historyWindow(arrival) === null) return;
      passed += 1;
      if (passed > count) await held.promise;
    },
  };
}

let kit: ServiceKit;
let gate: ReturnType<typeof createGate>;

beforeEach(async () => {
  gate = createGate(PAGES_BEFORE_KILL);
  kit = await startKit({ sandbox: { onRequest: gate.onRequest, switches: { latencyMs: 20 } } });
});

afterEach(async () => {
  gate.open();
  await kit.close();
});

async function inStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ engine: 'sqlite', path: kit.file.storePath }, { mode: 'reader', clock: systemClock });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const windows = (since = 0): readonly Window[] =>
  kit.sandbox.arrivals.entries.slice(since).flatMap((arrival) => historyWindow(arrival) ?? []);

describe('a backfill that is killed', () => {
  it('never delays the polls, and goes on where it was', { timeout: 120_000 }, async () => {
    const world = kit.sandbox.world();
    const firstAt = Date.now() - LOOKBACK_MS + DAY_MS;
    const step = (LOOKBACK_MS - 2 * DAY_MS) / TASKS;
    const ids = Array.from({ length: TASKS }, (_, i) => `rep-${String(i).padStart(8, '0')}`);
    const createdAt = (i: number): string => kit.sandbox.time(firstAt + i * step);
    world.load(ids.map((TaskId, i) => ({ TaskId, TaskStatus: 3, CreateTime: createdAt(i) })));

    const first = kit.start();
    await kit.sandbox.answers.untilCount(PAGES_BEFORE_KILL, ({ arrival }) => historyWindow(arrival) !== null);
    // No request of the backfill is answered any more, and yet:
    const { TaskId } = world.add();
    await kit.hook.accepted.until((request) => textOf(request).includes(TaskId));
    await first.polls(2);
    expect(first.log.filter((line) => line.event === 'backfill-finished' && line['complete'] === true)).toEqual([]);
    await first.stop('SIGKILL');
    gate.open();

    const left = await inStore((store) => store.backfillRanges('prod'));
    const leftMs = left.reduce((sum, { cursor, until }) => sum + ((until ?? Number.NaN) - cursor), 0);
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThan(0.75 * LOOKBACK_MS);

    const asked = kit.sandbox.arrivals.entries.length;
    const second = kit.start();
    await second.waitForLog('taken-up');
    // Whoever is killed cannot say what it did, and 0 would be a lie.
    expect(await inStore((store) => store.polls({ limit: 99 }))).toContainEqual(
      expect.objectContaining({ kind: 'backfill', result: 'interrupted', requests: null, sets: [] }),
    );
    const finished = await second.waitForLog('backfill-finished');
    expect(finished).toMatchObject({ account: 'prod', complete: true });

    // One second before the cursor is asked for again, since nobody says whether bounds belong to the window.
    const allowed = left.map(({ cursor, until }) => [
      kit.sandbox.time(cursor - SECOND_MS),
      kit.sandbox.time(until ?? Number.NaN),
    ]);
    const outside = windows(asked).filter(
      ({ StartDate, EndDate }) => !allowed.some(([from = '', to = '']) => from <= StartDate && EndDate <= to),
    );
    expect(outside).toEqual([]);
    const tasksLeft = ids.filter((_, i) =>
      left.some(({ cursor, until }) => cursor <= firstAt + i * step && firstAt + i * step < (until ?? Number.NaN)),
    ).length;
    expect(windows(asked).length).toBeLessThanOrEqual(1.05 * Math.ceil(tasksLeft / 100) + RANGES_MAX);
    expect(windows(asked).length).toBeLessThan(TASKS / 100);
    const known = await inStore((store) => Promise.all(ids.map((id) => store.task(id))));
    expect(known.filter((tasks) => tasks.length !== 1)).toEqual([]);
  });
});

describe('a backfill that is stopped', () => {
  it('says in the ledger what it did', { timeout: 120_000 }, async () => {
    const createdAt = (i: number): string => kit.sandbox.time(Date.now() - (i + 1) * 600_000);
    const rows = Array.from({ length: 2_500 }, (_, i) => ({ TaskStatus: 3, CreateTime: createdAt(i) }));
    kit.sandbox.world().load(rows);
    const service = kit.start();
    await kit.sandbox.answers.untilCount(PAGES_BEFORE_KILL, ({ arrival }) => historyWindow(arrival) !== null);
    await service.stop();
    const ledger = await inStore((store) => store.polls({ limit: 99 }));
    const requests = ledger.find(({ kind }) => kind === 'backfill')?.requests ?? 0;
    expect(requests).toBeGreaterThanOrEqual(PAGES_BEFORE_KILL);
    expect((await kit.run(['polls'])).stdout).toMatch(
      new RegExp(`backfill .* interrupted +${requests} +[1-9]\\d+\\n {4}the service was stopped$`, 'm'),
    );
  });
});

describe('a backfill that takes long', () => {
  it('says in the log how far it is', { timeout: 120_000 }, async () => {
    gate.open();
    kit.configure({ poll: { schedule: '0 0 1 1 *', timezone: 'Asia/Shanghai', requestsPerSecond: 3 } });
    const createdAt = (i: number): string => kit.sandbox.time(Date.now() - (i + 1) * 600_000);
    const rows = Array.from({ length: 2_500 }, (_, i) => ({ TaskStatus: 3, CreateTime: createdAt(i) }));
    kit.sandbox.world().load(rows);
    const service = kit.start();
    const line = await service.waitForLog('backfill-progress');
    const { account, requests, tasks, total, share, requestsPerSecond, tasksPerSecond, secondsLeft } = line;
    expect(account).toBe('prod');
    for (const figure of [requests, tasks, requestsPerSecond, tasksPerSecond, secondsLeft])
      expect(figure).toBeGreaterThan(0);
    expect(total).toBeGreaterThan(2_250);
    expect(total).toBeLessThan(2_750);
    expect(share).toBeCloseTo(Number(tasks) / Number(total), 2);
    expect(tasks).toBeLessThan(2_500);
    const finished = await service.waitForLog('backfill-finished');
    expect(finished).toMatchObject({ complete: true, tasks: 2_500 });
  });
});
