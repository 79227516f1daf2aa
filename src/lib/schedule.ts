import { createTask, type ScheduledTask, type TaskOptions, validateDetailed } from 'node-cron';
import { type EpochMs, MINUTE_MS, SECOND_MS } from './clock.ts';
import { skippedTimes } from './skipped-time.ts';

/** When to run: five or six cron fields (the first of six is the second) and the IANA zone whose clock they mean. */
export interface ScheduleSpec {
  readonly schedule: string;
  readonly timezone: string;
}

/** A burst of ticks that passed while the process could not run: asleep, stopped, or its clock moved. */
export interface MissedTicks {
  readonly count: number;
  readonly first: EpochMs;
  readonly last: EpochMs;
}

export interface Schedule {
  /**
   * The next tick strictly after the host's now. A time that the zone's clock leaves out when it is set forward comes at that moment; one that
   * it shows twice when it is set back comes once.
   */
  nextRun(): EpochMs;
  /** The longest wait between two of the coming ticks, in milliseconds: what lies between two polls at the most. */
  longestGapMs(): number;
  /** The shortest of them. */
  shortestGapMs(): number;
  /**
   * Calls `run` at each tick, and once for a whole burst of missed ticks (not at all for it when a tick on time follows at once);
   * `onMissed` is told of each burst, for the log. Overlap is the caller's to prevent. After `stop` nothing is called any more.
   */
  onTick(run: () => void, onMissed: (missed: MissedTicks) => void): { stop(): Promise<void> };
}

export type ParsedSchedule = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** node-cron's name of a field → ours, and what it takes. */
const FIELDS: Readonly<Record<string, string>> = {
  second: 'second (0 to 59)',
  minute: 'minute (0 to 59)',
  hour: 'hour (0 to 23)',
  dayOfMonth: 'day of the month (1 to 31, L)',
  month: 'month (1 to 12, JAN to DEC)',
  dayOfWeek: 'day of the week (0 to 7, SUN to SAT)',
};

/** Whether the text is a schedule that ever comes; `problem` is a fragment after "it", such as "has 3 fields where 5 or 6 are needed". */
export function parseSchedule(expression: string): ParsedSchedule {
  const fields = expression
    .trim()
    .split(/\s+/)
    .filter((field) => field !== '');
  if (fields.length !== 5 && fields.length !== 6) {
    const count = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`;
    return { ok: false, problem: `has ${count} where 5 or 6 are needed` };
  }
  const { valid, errors } = validateDetailed(expression);
  if (valid && comes(expression)) return { ok: true };
  const everyMonth = fields.with(fields.length - 2, '*').join(' ');
  // A day that is wrong only together with its month, as 31 February.
  const never = valid || (errors[0]?.field === 'dayOfMonth' && validateDetailed(everyMonth).valid);
  if (never) return { ok: false, problem: 'names a day that never comes' };
  const known = errors.flatMap(({ field, value }) => {
    const label = FIELDS[field];
    return label === undefined ? [] : [`"${value ?? ''}" as its ${label}`];
  });
  if (known.length === 0) return { ok: false, problem: 'has characters that no schedule has' };
  return { ok: false, problem: `cannot have ${known.join(' and ')}` };
}

/** node-cron looks a hundred years ahead and throws when it finds no day, as for `0 0 L-30 2 *`. */
function comes(expression: string): boolean {
  const task = quietTask({ schedule: expression, timezone: 'UTC' }, () => undefined);
  try {
    return task.getNextRuns(1).length === 1;
  } catch {
    return false;
  } finally {
    void task.destroy();
  }
}

const SILENT: NonNullable<TaskOptions['logger']> = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  debug: () => undefined,
};

/** More than a day of ticks five minutes apart, so that the night of an office-hours schedule counts. */
const TICKS_LOOKED_AT = 300;

function quietTask({ schedule, timezone }: ScheduleSpec, run: () => void): ScheduledTask {
  return createTask(schedule, run, { timezone, logger: SILENT });
}

/** The schedule must have passed `parseSchedule` and the zone must exist; otherwise this or a later call throws. */
export function createSchedule(spec: ScheduleSpec): Schedule {
  let known = { from: Number.POSITIVE_INFINITY, next: Number.NEGATIVE_INFINITY };
  return {
    nextRun() {
      const now = Date.now();
      if (now < known.from || now >= known.next) known = { from: now, next: nextAfter(spec, now) };
      return known.next;
    },
    longestGapMs: () => Math.max(...comingGaps(spec)),
    shortestGapMs: () => Math.min(...comingGaps(spec)),
    onTick: (run, onMissed) => startTicking(spec, run, onMissed),
  };
}

/** Without the one night in which the zone's clock is set, which would count for all the others. */
function comingGaps({ schedule }: ScheduleSpec): readonly number[] {
  const task = quietTask({ schedule, timezone: 'UTC' }, () => undefined);
  const ticks = task.getNextRuns(TICKS_LOOKED_AT).map((tick) => tick.getTime());
  void task.destroy();
  return ticks.slice(1).map((tick, at) => tick - (ticks[at] ?? tick));
}

/** The next tick after the host's now. node-cron alone would leave out the whole day on which the clock skips its time. */
function nextAfter(spec: ScheduleSpec, now: EpochMs): EpochMs {
  const task = quietTask(spec, () => undefined);
  const [next] = task.getNextRuns(1);
  void task.destroy();
  if (next === undefined) throw new Error(`The schedule "${spec.schedule}" has no next run.`);
  const step = spec.schedule.trim().split(/\s+/).length === 5 ? MINUTE_MS : SECOND_MS;
  const byClock = quietTask({ ...spec, timezone: 'UTC' }, () => undefined);
  const skipped = skippedTimes(spec.timezone, now, next.getTime()).find(({ from, to }) => {
    for (let reading = from; reading < to; reading += step) if (byClock.match(new Date(reading))) return true;
    return false;
  });
  void byClock.destroy();
  return skipped?.at ?? next.getTime();
}

function startTicking(spec: ScheduleSpec, run: () => void, onMissed: (missed: MissedTicks) => void) {
  let missed: MissedTicks | null = null;
  let caughtUp = false;
  let flush: NodeJS.Immediate | null = null;
  let stopped = false;
  const tick = () => {
    caughtUp = true;
    // Outside node-cron's promise, which would swallow what `run` throws.
    queueMicrotask(() => {
      if (!stopped) run();
    });
  };
  const task = quietTask(spec, tick);
  task.on('execution:missed', ({ date }) => {
    const at = date.getTime();
    missed = missed === null ? { count: 1, first: at, last: at } : { ...missed, count: missed.count + 1, last: at };
    if (flush !== null) return;
    caughtUp = false;
    // node-cron tells a burst in one go, then starts the tick that is on time, if there is one, within the same turn.
    flush = setImmediate(() => {
      const burst = missed;
      [missed, flush] = [null, null];
      if (burst !== null) onMissed(burst);
      if (!caughtUp) run();
    });
  });
  void task.start();
  return {
    async stop() {
      stopped = true;
      if (flush !== null) clearImmediate(flush);
      await task.destroy();
    },
  };
}
