import { createTask, type ScheduledTask, type TaskOptions, validateDetailed } from 'node-cron';
import { type Clock, DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from './clock.ts';
import { type ClockShift, createClockShifts } from './clock-shifts.ts';
import { type LateTick, startTicker, type Ticker } from './ticker.ts';

/** When to run: five or six cron fields (the first of six is the second) and the IANA zone whose clock they mean. */
export interface ScheduleSpec {
  readonly schedule: string;
  readonly timezone: string;
}

export interface Schedule {
  /**
   * The next tick strictly after the host's now. A time that the zone's clock leaves out when it is set forward comes at that moment; one that
   * it shows twice when it is set back comes once.
   */
  nextRun(): EpochMs;
  /** The same for what may come too often but not too seldom: a time that the clock shows twice comes twice. */
  nextTick(): EpochMs;
  /** The longest wait between two of the coming ticks, in milliseconds: what lies between two polls at the most. */
  longestGapMs(): number;
  /** The shortest of them. */
  shortestGapMs(): number;
  /**
   * Calls `run` at each tick, and once for all that passed while the process could not run; `onLate` is told of that first, for the log.
   * Overlap is the caller's to prevent.
   */
  onTick(clock: Pick<Clock, 'now' | 'sleep'>, run: () => void, onLate: (late: LateTick) => void): Ticker;
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
  const task = quietTask({ schedule: expression, timezone: 'UTC' });
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

/**
 * To be asked, never started: node-cron's own timer lists each tick that was missed, so that a clock that is set forward by days ends the
 * process by its heap.
 */
function quietTask({ schedule, timezone }: ScheduleSpec): ScheduledTask {
  return createTask(schedule, () => undefined, { timezone, logger: SILENT });
}

/** The schedule must have passed `parseSchedule` and the zone must exist; otherwise this or a later call throws. */
export function createSchedule(spec: ScheduleSpec): Schedule {
  const shiftsOf = createClockShifts(spec.timezone);
  const nextRun = remembered((now) => nextAfter(spec, shiftsOf, now, false));
  const nextTick = remembered((now) => nextAfter(spec, shiftsOf, now, true));
  return {
    nextRun,
    nextTick,
    longestGapMs: () => Math.max(...comingGaps(spec)),
    shortestGapMs: () => Math.min(...comingGaps(spec)),
    onTick: (clock, run, onLate) => startTicker(nextTick, clock, run, onLate),
  };
}

/** Without the one night in which the zone's clock is set, which would count for all the others. */
function comingGaps({ schedule }: ScheduleSpec): readonly number[] {
  const task = quietTask({ schedule, timezone: 'UTC' });
  const ticks = task.getNextRuns(TICKS_LOOKED_AT).map((tick) => tick.getTime());
  void task.destroy();
  return ticks.slice(1).map((tick, at) => tick - (ticks[at] ?? tick));
}

/** `find` at the host's now, asked anew only once the answer has come or the clock was set back. */
function remembered(find: (now: EpochMs) => EpochMs): () => EpochMs {
  let known = { from: Number.POSITIVE_INFINITY, next: Number.NEGATIVE_INFINITY };
  return () => {
    const now = Date.now();
    if (now < known.from || now >= known.next) known = { from: now, next: find(now) };
    return known.next;
  };
}

/**
 * The next tick after the host's now. node-cron alone would leave out the whole day on which the clock skips its time, and, where it is set back,
 * one of the two hours that look alike: `twice` asks for both.
 */
function nextAfter(
  spec: ScheduleSpec,
  shiftsOf: ReturnType<typeof createClockShifts>,
  now: EpochMs,
  twice: boolean,
): EpochMs {
  const task = quietTask(spec);
  const [next] = task.getNextRuns(1);
  void task.destroy();
  if (next === undefined) throw new Error(`The schedule "${spec.schedule}" has no next run.`);
  const until = next.getTime();
  const stepMs = spec.schedule.trim().split(/\s+/).length === 5 ? MINUTE_MS : SECOND_MS;
  const byClock = quietTask({ ...spec, timezone: 'UTC' });
  const shows = (reading: number): boolean => byClock.match(new Date(reading));
  for (const shift of shiftsOf(now - DAY_MS, until)) {
    const isBack = shift.after < shift.before;
    if (isBack && !twice) continue;
    const at = isBack ? firstShown(shift, now, stepMs, shows) : passedOver(shift, now, stepMs, shows);
    if (at !== null && at < until) {
      void byClock.destroy();
      return at;
    }
  }
  void byClock.destroy();
  return until;
}

type Shows = (reading: number) => boolean;

/** The moment at which the clock skips a tick after `now`; null where it skips none. */
function passedOver({ at, before, after }: ClockShift, now: EpochMs, stepMs: number, shows: Shows): EpochMs | null {
  if (at <= now) return null;
  for (let reading = at + before; reading < at + after; reading += stepMs) if (shows(reading)) return at;
  return null;
}

/** The first tick after `now` while the clock shows what it shows twice, either time; null where there is none. */
function firstShown({ at, before, after }: ClockShift, now: EpochMs, stepMs: number, shows: Shows): EpochMs | null {
  const from = Math.max(at - (before - after), Math.floor(now / stepMs) * stepMs + stepMs);
  for (let moment = from; moment < at + (before - after); moment += stepMs)
    if (shows(moment + (moment < at ? before : after))) return moment;
  return null;
}
