import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../src/lib/clock.ts';
import { createSchedule, parseSchedule } from '../../../src/lib/schedule.ts';
import type { LateTick } from '../../../src/lib/ticker.ts';
import { timerClock } from '../../support/timer-clock.ts';

const NOON = Date.UTC(2024, 4, 1, 12, 0, 1);

describe('parseSchedule', () => {
  it.each(['*/5 * * * *', '0 9 * * 1-5', '30 */2 * * * *', '0 0 L * *', '0 9 * * MON-FRI'])(
    'takes %s',
    (expression) => {
      expect(parseSchedule(expression)).toEqual({ ok: true });
    },
  );

  it.each([
    ['* * *', 'has 3 fields where 5 or 6 are needed'],
    ['', 'has 0 fields where 5 or 6 are needed'],
    ['@daily', 'has 1 field where 5 or 6 are needed'],
    ['0 25 * * *', 'cannot have "25" as its hour (0 to 23)'],
    ['61 25 * * *', 'cannot have "61" as its minute (0 to 59) and "25" as its hour (0 to 23)'],
    ['0 0 31 2 *', 'names a day that never comes'],
    ['0 0 L-30 2 *', 'names a day that never comes'],
    ['0 0 31 13 *', 'cannot have "13" as its month (1 to 12, JAN to DEC)'],
    ['*/0 * * * *', 'cannot have "*/0" as its minute (0 to 59)'],
    ['0\t9 * * $', 'has characters that no schedule has'],
  ])('refuses %j and says why', (expression, problem) => {
    expect(parseSchedule(expression)).toEqual({ ok: false, problem });
  });
});

describe('createSchedule', () => {
  beforeEach(() => void vi.useFakeTimers({ now: NOON }));
  afterEach(() => void vi.useRealTimers());

  /** The runs that follow each other from a moment on, to the minute. */
  function nextRuns(schedule: string, timezone: string, from: string, count: number): readonly string[] {
    vi.setSystemTime(Date.parse(from));
    const { nextRun } = createSchedule({ schedule, timezone });
    return Array.from({ length: count }, () => {
      const next = nextRun();
      vi.setSystemTime(next);
      return new Date(next).toISOString().slice(0, 16);
    });
  }

  function ticking(schedule: string, timezone = 'UTC') {
    const runs: number[] = [];
    const late: LateTick[] = [];
    const handle = createSchedule({ schedule, timezone }).onTick(
      timerClock,
      () => runs.push(Date.now()),
      (tick) => late.push(tick),
    );
    return { runs, late, handle };
  }

  it('knows the next run in its zone', () => {
    expect(createSchedule({ schedule: '0 9 * * *', timezone: 'Asia/Shanghai' }).nextRun()).toBe(
      Date.UTC(2024, 4, 2, 1),
    );
    expect(createSchedule({ schedule: '0 9 * * *', timezone: 'America/New_York' }).nextRun()).toBe(
      Date.UTC(2024, 4, 1, 13),
    );
  });

  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-28', ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']],
    ['America/New_York', '30 2 * * *', '2026-03-07', ['2026-03-07T07:30', '2026-03-08T07:00', '2026-03-09T06:30']],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-02', ['2026-10-02T15:45', '2026-10-03T15:30', '2026-10-04T15:15']],
    ['America/Santiago', '0 0 * * *', '2026-09-05', ['2026-09-05T04:00', '2026-09-06T04:00', '2026-09-07T03:00']],
    ['Europe/Berlin', '30 2 * * 0', '2026-03-26', ['2026-03-29T01:00', '2026-04-05T00:30', '2026-04-12T00:30']],
    ['Europe/Berlin', '30 2 29 3 *', '2026-03-30', ['2027-03-29T00:30', '2028-03-29T00:30', '2029-03-29T00:30']],
    ['Europe/Berlin', '0 3 * * *', '2026-03-28', ['2026-03-28T02:00', '2026-03-29T01:00', '2026-03-30T01:00']],
  ])('comes once on the day on which %s skips %s', (timezone, schedule, from, expected) => {
    expect(nextRuns(schedule, timezone, from, 3)).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24', ['2026-10-24T00:30', '2026-10-25T01:30', '2026-10-26T01:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31', ['2026-10-31T05:30', '2026-11-01T05:30', '2026-11-02T06:30']],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04', ['2026-04-04T15:15', '2026-04-05T15:15', '2026-04-06T15:15']],
  ])('comes once on the day on which %s repeats %s', (timezone, schedule, from, expected) => {
    expect(nextRuns(schedule, timezone, from, 3)).toEqual(expected);
  });

  it('is late by no second run where it was asked between the two times that a clock shows', () => {
    expect(nextRuns('30 1 * * *', 'America/New_York', '2026-11-01T05:45Z', 1)).toEqual(['2026-11-02T06:30']);
    expect(nextRuns('30 1 * * *', 'America/New_York', '2026-11-01T06:15Z', 1)).toEqual(['2026-11-02T06:30']);
  });

  it('looks anew where the host clock is set back', () => {
    const daily = createSchedule({ schedule: '0 9 * * *', timezone: 'UTC' });
    vi.setSystemTime(Date.UTC(2024, 4, 2, 10));
    expect(daily.nextRun()).toBe(Date.UTC(2024, 4, 3, 9));
    vi.setSystemTime(Date.UTC(2024, 4, 2, 8));
    expect(daily.nextRun()).toBe(Date.UTC(2024, 4, 2, 9));
  });

  it('has the same longest gap on the day on which the clocks of its zone are set', () => {
    vi.setSystemTime(Date.UTC(2026, 10, 1, 3));
    const gap = (schedule: string) => createSchedule({ schedule, timezone: 'America/New_York' }).longestGapMs();
    expect(gap('*/5 * * * *')).toBe(5 * MINUTE_MS);
    expect(gap('*/5 9-18 * * *')).toBe(14 * HOUR_MS + 5 * MINUTE_MS);
  });

  it.each([
    ['Europe/Berlin', '2026-10-24T23:30Z', ['23:45', '00:00', '00:15', '00:30', '00:45', '01:00', '01:15', '01:30']],
    ['America/New_York', '2026-11-01T05:15Z', ['05:30', '05:45', '06:00', '06:15', '06:30', '06:45', '07:00', '07:15']],
    ['Europe/Berlin', '2026-03-29T00:30Z', ['00:45', '01:00', '01:15', '01:30', '01:45', '02:00', '02:15', '02:30']],
  ])('ticks on while %s sets its clock at %s', (timezone, from, expected) => {
    vi.setSystemTime(Date.parse(from));
    const { nextTick } = createSchedule({ schedule: '*/15 * * * *', timezone });
    const ticks = Array.from({ length: 8 }, () => {
      const next = nextTick();
      vi.setSystemTime(next);
      return new Date(next).toISOString().slice(11, 16);
    });
    expect(ticks).toEqual(expected);
  });

  it('runs once at each tick', async () => {
    const { runs, late, handle } = ticking('*/5 * * * *');
    await vi.advanceTimersByTimeAsync(15 * MINUTE_MS);
    await handle.stop();
    expect(runs.map((at) => new Date(at).toISOString().slice(11, 19))).toEqual(['12:05:00', '12:10:00', '12:15:00']);
    expect(late).toEqual([]);
  });

  it('runs once for all ticks that passed unseen, tells since when, and goes on', async () => {
    const { runs, late, handle } = ticking('*/5 * * * *');
    vi.setSystemTime(NOON + HOUR_MS + MINUTE_MS);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect(runs).toHaveLength(1);
    const dueAt = Date.UTC(2024, 4, 1, 12, 5);
    expect(late).toEqual([{ dueAt, lateMs: (runs[0] ?? 0) - dueAt }]);
    await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
    await handle.stop();
    expect(runs.slice(1).map((at) => new Date(at).toISOString().slice(11, 19))).toEqual(['13:05:00', '13:10:00']);
    expect(late).toHaveLength(1);
  });

  it('does not run twice where it looks again at the very tick that follows the missed ones', async () => {
    const { runs, late, handle } = ticking('*/5 * * * *');
    vi.setSystemTime(Date.UTC(2024, 4, 1, 12, 9, 45));
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    await handle.stop();
    expect(late).toHaveLength(1);
    expect(runs).toEqual([Date.UTC(2024, 4, 1, 12, 10)]);
  });

  it.each([
    ['* * * * * *', MINUTE_MS, 60],
    ['* * * * *', HOUR_MS, 60],
    ['0 9 * * *', DAY_MS, 1],
  ])(
    'costs one look where the host clock of %s is set forward by years, and goes on by the new clock',
    async (schedule, forMs, count) => {
      const { runs, late, handle } = ticking(schedule, 'America/New_York');
      vi.setSystemTime(NOON + 20 * 365 * DAY_MS);
      await vi.advanceTimersByTimeAsync(20 * SECOND_MS);
      expect(late).toHaveLength(1);
      runs.length = 0;
      await vi.advanceTimersByTimeAsync(forMs);
      await handle.stop();
      expect(runs).toHaveLength(count);
    },
  );

  it.each([HOUR_MS, 10 * 365 * DAY_MS])(
    'is silent for no longer than until the next tick of a clock that is set back by %d ms',
    async (backMs) => {
      const { runs, late, handle } = ticking('*/5 * * * *');
      await vi.advanceTimersByTimeAsync(6 * MINUTE_MS);
      vi.setSystemTime(Date.now() - backMs);
      runs.length = 0;
      await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
      await handle.stop();
      expect(runs).toHaveLength(2);
      expect(late).toEqual([]);
    },
  );

  it('a clock that is corrected by a second just after a tick does not repeat it', async () => {
    const { runs, handle } = ticking('*/5 * * * *');
    await vi.advanceTimersByTimeAsync(5 * MINUTE_MS - SECOND_MS);
    vi.setSystemTime(Date.now() - SECOND_MS);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    await handle.stop();
    expect(runs).toHaveLength(1);
  });

  it('calls nothing after stop, and can be stopped twice', async () => {
    const { runs, late, handle } = ticking('*/5 * * * *');
    await handle.stop();
    await handle.stop();
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect([runs, late]).toEqual([[], []]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
