import { type Clock, DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../src/lib/clock.ts';
import type { VendorRow } from '../../src/sandbox/row.ts';
import type { Random } from '../../src/sandbox/seeded-random.ts';
import type { World } from '../../src/sandbox/world.ts';

export interface Life {
  /** Lists tasks that were there before: some booked ones, so that a poll has several pages, some pending, some near a rung, some over. */
  begin(): void;
  /** When the last rung of those has passed. */
  firstRungsPassed(): EpochMs;
  /** One thing that happens, or a storm. */
  happen(): void;
  /** News that is sure to be told: a task in status 1. */
  news(): void;
  /** The planned start of this task moves, where it has one. */
  move(taskId: string): void;
  /** Things happen, at random moments, until the signal. */
  run(clock: Clock, signal: AbortSignal): Promise<void>;
  /** The tasks in status 1. */
  pending(): readonly string[];
  /** Those of them of which a reminder may be due soon. */
  nearRung(): readonly string[];
  /** How often each kind of thing happened. */
  readonly counts: ReadonlyMap<string, number>;
}

const BOOKED_BEFORE = 230;
const PENDING_BEFORE = 12;
const OVER_BEFORE = 30;
const STORM_AT_LEAST = 12;
const STORM_AT_MOST = 40;
/** More open tasks than this and no new ones come, so that polls stay short. */
const OPEN_AT_MOST = 90;
const QUIETEST_MS = 700;
/** Tasks near a rung that life leaves alone: what is told of them at the end is certain. Those of the beginning are left alone by people, too. */
const KEPT_AT_MOST = 40;
const FIRST_RUNGS_AFTER_MS = [12_000, 20_000, 28_000];
const RUNG_WITHIN_MS = 45_000;
const JUST_MS = 6_000;
/** How long before or after its planned start a task is when something is due: the rungs of `settings.ts`, overdue, and a day later. */
const LONG_BEFORE_MS = 30 * HOUR_MS;
const AHEAD_OF_RUNGS_MS = [LONG_BEFORE_MS, 2 * MINUTE_MS, MINUTE_MS, -10 * MINUTE_MS, -10 * MINUTE_MS - DAY_MS];
const TYPES = [101, 103, 105, 106, 107];
const AUTH_TYPES = [1, 2, 3, 4, 5, 6, 7, 8];
const SOURCES = ['Customer_auth', 'System_mandatory_auth', 'Pre_policy_auth'];

type Act = readonly [name: string, weight: number, act: () => void];

/** What life needs of a world, or of several. */
export type LivedIn = Pick<World, 'add' | 'get' | 'load' | 'remove' | 'restore' | 'set' | 'time'>;

export interface LifeOptions {
  /** When the reminders are due that are certain. */
  readonly firstRungsAfterMs?: readonly number[];
}

/** What may happen to repair tasks, by the vendor's page and beyond it, from a seed. */
export function createLife(world: LivedIn, random: Random, options: LifeOptions = {}): Life {
  const { firstRungsAfterMs = FIRST_RUNGS_AFTER_MS } = options;
  const counts = new Map<string, number>();
  const vanished: string[] = [];
  const mine = new Set<string>();
  const kept = new Set<string>();
  const nearBy = new Map<string, number>();
  let firstRungsPassed = 0;

  const below = (most: number): number => Math.floor(random() * most);
  const one = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  const listed = (...statuses: readonly number[]): VendorRow[] =>
    [...mine].flatMap((id) => {
      const row = world.get(id);
      return row !== null && statuses.includes(Number(row.TaskStatus)) ? [row] : [];
    });

  function birth(status: number): void {
    if (listed(1, 2, 4).length < OPEN_AT_MOST) bear(status);
  }

  function bear(status: number): void {
    const planned = random() < 0.2 ? null : Date.now() + 2 * HOUR_MS + below(40) * HOUR_MS;
    mine.add(added(status, planned));
  }

  function added(TaskStatus: number, planned: number | null): string {
    const age = random() < 0.8 ? below(30) * 1000 : below(20) * DAY_MS;
    const kind = { TaskTypeId: one(TYPES) ?? 107, AuthType: one(AUTH_TYPES) ?? 2 };
    const AuthTime = planned === null ? null : world.time(planned);
    return world.add({ TaskStatus, ...kind, AuthTime, CreateTime: world.time(Date.now() - age) }).TaskId;
  }

  /** A task of which a reminder is due soon. */
  function nearRung(ahead: number): string {
    const rung = Date.now() + 2000 + below(RUNG_WITHIN_MS);
    const taskId = added(1, rung + ahead);
    nearBy.set(taskId, rung);
    return taskId;
  }

  function addFirstRungs(): void {
    for (const after of firstRungsAfterMs) {
      firstRungsPassed = Date.now() + after;
      added(1, firstRungsPassed + LONG_BEFORE_MS);
    }
  }

  function bornNearRung(): void {
    const keep = kept.size < KEPT_AT_MOST && random() < 0.5;
    if (keep || listed(1, 2, 4).length < OPEN_AT_MOST)
      (keep ? kept : mine).add(nearRung(one(AHEAD_OF_RUNGS_MS) ?? LONG_BEFORE_MS));
  }

  /** While its reminder waits for the lane, with some luck. */
  function leaveAfterRung(): void {
    const passed = ([, rung]: readonly [string, number]): boolean => Math.abs(Date.now() - rung) < JUST_MS;
    const row = one([...nearBy].filter((each) => mine.has(each[0]) && passed(each)).map(([id]) => world.get(id)));
    if (row?.TaskStatus === 1) world.set(row.TaskId, { TaskStatus: one([2, 4, 6]) ?? 2 });
  }

  /** One of some tasks comes to one of these statuses. */
  function turn(from: readonly number[], to: readonly number[]): void {
    const row = one(listed(...from));
    if (row !== undefined) world.set(row.TaskId, { TaskStatus: one(to) ?? 3, AuthSource: one(SOURCES) ?? null });
  }

  function shift(least: number, most: number): void {
    const row = one(listed(1).filter(({ AuthTime }) => AuthTime !== null));
    const by = least + below(most - least);
    if (row !== undefined) world.set(row.TaskId, { AuthTime: world.time(timeOf(row) + (random() < 0.5 ? by : -by)) });
  }

  function timeOf({ AuthTime }: VendorRow): number {
    // The world's own form of a time, in its own zone; what is lost is its offset, which `world.time` adds.
    const asUtc = Date.parse(`${(AuthTime ?? '').replace(' ', 'T')}Z`);
    return asUtc - (Date.parse(`${world.time(0).replace(' ', 'T')}Z`) || 0);
  }

  function vanish(): void {
    const row = one(listed(1, 2, 4));
    if (row === undefined) return;
    world.remove(row.TaskId);
    vanished.push(row.TaskId);
  }

  function comeBack(): void {
    const [taskId] = vanished.splice(below(vanished.length), 1);
    if (taskId !== undefined) world.restore(taskId);
  }

  function retouch(): void {
    const row = one(listed(1, 2, 4));
    if (row !== undefined) world.set(row.TaskId, { TaskDetail: `Looked at ${below(1000)} times`, VpcName: 'renamed' });
  }

  function otherRepair(): void {
    const row = one(listed(1));
    if (row !== undefined) world.set(row.TaskId, { AuthType: one(AUTH_TYPES) ?? 2 });
  }

  function storm(): void {
    const size = STORM_AT_LEAST + below(STORM_AT_MOST - STORM_AT_LEAST);
    const arriving = random() < 0.6;
    for (let at = 0; at < size; at += 1) {
      if (arriving) birth(1);
      else turn([1], [2, 4, 6]);
    }
  }

  const acts: readonly Act[] = [
    ['born pending', 22, () => birth(1)],
    ['born near a rung', 8, bornNearRung],
    ['left at a rung', 8, leaveAfterRung],
    ['born processing', 4, () => birth(2)],
    ['authorized or booked', 18, () => turn([1], [2, 2, 4])],
    ['cancelled or avoided', 6, () => turn([1, 4], [5, 6])],
    ['ended', 16, () => turn([2], [3])],
    ['started', 8, () => turn([4], [2])],
    ['pending again', 8, () => turn([2, 4, 5, 6], [1])],
    ['planned start moved', 6, () => shift(5 * MINUTE_MS, 3 * HOUR_MS)],
    ['planned start moved a little', 6, () => shift(1000, 5 * MINUTE_MS)],
    ['other repair', 3, otherRepair],
    ['reworded', 5, retouch],
    ['vanished', 5, vanish],
    ['came back', 5, comeBack],
    ['storm', 2, storm],
  ];
  const total = acts.reduce((sum, [, weight]) => sum + weight, 0);

  function happen(): void {
    let drawn = random() * total;
    for (const [name, weight, act] of acts) {
      drawn -= weight;
      if (drawn >= 0) continue;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      act();
      return;
    }
  }

  return {
    counts,
    happen,
    news: () => bear(1),
    firstRungsPassed: () => firstRungsPassed,
    move(taskId) {
      const row = mine.has(taskId) ? world.get(taskId) : null;
      if (row?.AuthTime != null) world.set(taskId, { AuthTime: world.time(timeOf(row) + 20 * MINUTE_MS) });
    },
    nearRung: () => [...nearBy].filter(([id, rung]) => rung > Date.now() && world.get(id) !== null).map(([id]) => id),
    pending: () => [...[...kept].filter((id) => world.get(id) !== null), ...listed(1).map(({ TaskId }) => TaskId)],
    begin() {
      const created = (days: number): string => world.time(Date.now() - days * DAY_MS - below(86_400) * 1000);
      const many = (count: number, status: number) =>
        Array.from({ length: count }, () => ({ TaskStatus: status, CreateTime: created(1 + below(60)) }));
      world.load([...many(BOOKED_BEFORE, 4), ...many(OVER_BEFORE, 3)]);
      for (const row of many(PENDING_BEFORE, 1)) mine.add(world.add(row).TaskId);
      addFirstRungs();
    },
    async run(clock, signal) {
      while (!signal.aborted) {
        happen();
        await clock.sleep(random() * QUIETEST_MS, signal).catch(() => undefined); // aborted: the loop ends
      }
    },
  };
}
