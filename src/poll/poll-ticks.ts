import { createHash } from 'node:crypto';
import type { Config, ScheduleConfig } from '../config/config.ts';
import { type Clock, type EpochMs, SECOND_MS } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createSchedule, type Schedule } from '../lib/schedule.ts';
import { scheduleOf } from '../watch/poll-intervals.ts';
import type { Poller } from './poller.ts';
import { createTickWatch, type TickWatch } from './tick-watch.ts';

type Ticked = Pick<Poller, 'account' | 'tick'>;

/** Ticks every account by its schedule, those of one schedule spread over its interval. */
export interface PollTicks {
  /**
   * Every account now; where they are many, the gate of the polls lets them begin one after the other. Those with a place go on with it: one that has
   * passed meanwhile is made up for.
   */
  begin(places: ReadonlyMap<string, Place>): void;
  /** To be called now and then. True where a schedule did not tick when it should have. */
  isLate(): boolean;
  /** Polls all now, and lets the schedules go by the wall clock as it is now. */
  anew(): Promise<void>;
  /** Resolves to where each account stands in its schedule. */
  stop(): Promise<ReadonlyMap<string, Place>>;
}

/** Where an account stands between two polls. */
export interface Place {
  /** When it is polled after a tick that has been; null: it was. */
  readonly at: EpochMs | null;
  /** The tick that comes next. */
  readonly nextTickAt: EpochMs;
}

interface Group {
  readonly members: readonly Ticked[];
  readonly spreadMs: number;
  readonly schedule: Schedule;
  /** The tick that comes next. */
  nextTickAt: EpochMs;
  readonly watch: TickWatch;
  onTick(): void;
}

export interface PollTicksDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Starts the schedules of these accounts. */
export function startPollTicks(
  config: Pick<Config, 'accounts' | 'poll'>,
  pollers: readonly Ticked[],
  { clock, log }: PollTicksDeps,
): PollTicks {
  const stopped = new AbortController();
  const waiting = new Map<string, EpochMs>();
  const specs = new Map(config.accounts.map((account) => [account.name, scheduleOf(account, config.poll)]));
  const specOf = ({ account }: Ticked): ScheduleConfig => specs.get(account) ?? config.poll;
  const bySchedule = Map.groupBy(pollers, (poller) => textOf(specOf(poller)));
  const groups = [...bySchedule.values()].flatMap((group) =>
    group.slice(0, 1).map((first) => groupOf(createSchedule(specOf(first)), group)),
  );

  function groupOf(schedule: Schedule, members: readonly Ticked[]): Group {
    const spreadMs = spreadOf(members.length, schedule.shortestGapMs());
    const tickAll = (): void => {
      for (const member of members) member.tick();
    };
    const watch = createTickWatch(clock, schedule.longestGapMs(), tickAll);
    const group: Group = {
      members,
      spreadMs,
      schedule,
      nextTickAt: schedule.nextTick(),
      watch,
      onTick() {
        watch.ticked();
        group.nextTickAt = schedule.nextTick();
        for (const member of members) tickLater(member, afterTick(member, spreadMs));
      },
    };
    return group;
  }

  function tickLater(member: Ticked, afterMs: number): void {
    if (afterMs <= 0) {
      member.tick();
      return;
    }
    waiting.set(member.account, clock.now() + afterMs);
    clock.sleep(afterMs, stopped.signal).then(
      () => {
        waiting.delete(member.account);
        member.tick();
      },
      () => undefined, // a stop is no failure: nobody is ticked any more
    );
  }

  function goOn(member: Ticked, { at, nextTickAt }: Place, spreadMs: number): void {
    const now = clock.now();
    if (at !== null) tickLater(member, at - now);
    else if (nextTickAt <= now) tickLater(member, nextTickAt + afterTick(member, spreadMs) - now);
  }

  const run = ({ schedule, onTick }: Group) =>
    schedule.onTick(clock, onTick, ({ dueAt, lateMs }) =>
      log.warn('polls-missed', { dueAt: new Date(dueAt).toISOString(), lateMs }),
    );
  let running = groups.map(run);
  const stopSchedules = () => Promise.all(running.map((schedule) => schedule.stop()));
  const pollAll = (): void => {
    for (const poller of pollers) poller.tick();
  };
  return {
    begin(places) {
      for (const { members, spreadMs } of groups)
        for (const member of members) {
          const place = places.get(member.account);
          if (place === undefined) member.tick();
          else goOn(member, place, spreadMs);
        }
    },
    // Each of them, since a look is also what ticks in a silent schedule's place.
    isLate: () => groups.filter(({ watch }) => watch.look()).length > 0,
    async anew() {
      for (const group of groups) {
        group.watch.ticked();
        group.nextTickAt = group.schedule.nextTick();
      }
      pollAll();
      await stopSchedules();
      running = groups.map(run);
    },
    async stop() {
      stopped.abort();
      await stopSchedules();
      const places = groups.flatMap(({ members, nextTickAt }) =>
        members.map(({ account }) => [account, { at: waiting.get(account) ?? null, nextTickAt }] as const),
      );
      return new Map(places);
    },
  };
}

/** The next tick of any schedule. */
export function nextPollAt({ accounts, poll }: Pick<Config, 'accounts' | 'poll'>): EpochMs {
  const specs = accounts.map((account) => scheduleOf(account, poll));
  const different = new Map(specs.map((spec) => [textOf(spec), spec]));
  return Math.min(...[...different.values()].map((spec) => createSchedule(spec).nextTick()));
}

/** The same for the same schedule. */
function textOf({ schedule, timezone }: ScheduleConfig): string {
  return `${schedule} ${timezone}`;
}

/** One account polls at its tick. Each further one widens the spread by a second, until it fills the time between two ticks. */
export function spreadOf(accounts: number, gapMs: number): number {
  return Math.min(gapMs, (accounts - 1) * SECOND_MS);
}

function afterTick({ account }: Ticked, spreadMs: number): number {
  return phaseOf(account) * spreadMs;
}

/** Where in the spread an account has its place, in [0, 1): by its name alone, so that it is the same after a restart and in every replica. */
export function phaseOf(account: string): number {
  return createHash('sha256').update(account).digest().readUInt32BE() / 2 ** 32;
}
