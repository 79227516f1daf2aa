import { describe, expect, it } from 'vitest';
import { type Log, type LogFields, silentLog } from '../../../src/lib/log.ts';
import { createBackfillLog } from '../../../src/poll/backfill-log.ts';
import { BackfillMeter, type BackfillProgress, sumProgress } from '../../../src/poll/backfill-progress.ts';
import type { Range } from '../../../src/poll/walk.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { repairTask } from '../../support/repair-task.ts';

/** A page with one task in each of these seconds. */
function page(totalCount: number, ...seconds: readonly number[]) {
  return { totalCount, rows: seconds.map((second) => repairTask({ createTime: second * 1000 })), bad: [] };
}

const range = (from: number, until: number, id = 1): Range => ({ id, cursor: from * 1000, until: until * 1000 });

function walked(meter: BackfillMeter, of: Range, seen: ReturnType<typeof page>, second: number): void {
  meter.asked(1);
  meter.page(seen, of, second * 1000);
  meter.proved(seen.rows.filter(({ createTime }) => createTime >= of.cursor && createTime < second * 1000).length);
  of.cursor = second * 1000;
}

describe('the progress of a backfill', () => {
  it('knows no total and no time before the first page', () => {
    const meter = new BackfillMeter('prod', [range(0, 100)], 0);
    expect(meter.progress(60_000)).toMatchObject({ tasks: 0, total: null, secondsLeft: null, over: false });
  });

  it('counts each task of a proven second once, though pages overlap', () => {
    const whole = range(0, 100);
    const meter = new BackfillMeter('prod', [whole], 0);
    walked(meter, whole, page(10, 1, 2, 3, 4), 4);
    walked(meter, whole, page(8, 3, 4, 5, 6), 6);
    expect(meter.progress(1000)).toMatchObject({ requests: 2, tasks: 5, total: 10 });
  });

  it('says the rates and the time that is left at them', () => {
    const whole = range(0, 100);
    const meter = new BackfillMeter('prod', [whole], 5000);
    walked(meter, whole, page(40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 11);
    expect(meter.progress(7000)).toMatchObject({
      tasks: 10,
      total: 40,
      requestsPerSecond: 0.5,
      tasksPerSecond: 5,
      secondsLeft: 6,
    });
  });

  it('gives each half of a cut range half of what was left, until both were asked', () => {
    const whole = range(0, 100);
    const meter = new BackfillMeter('prod', [whole], 0);
    walked(meter, whole, page(13, 1, 2, 3, 4), 4);
    const rest = range(50, 100, 2);
    whole.until = 50_000;
    meter.cut(whole, rest);
    expect(meter.progress(1000)).toMatchObject({ tasks: 3, total: 13 });
    walked(meter, rest, page(2, 60, 70), 100);
    expect(meter.progress(2000)).toMatchObject({ tasks: 5, total: 10 });
    walked(meter, whole, page(3, 4, 5, 6), 50);
    expect(meter.progress(3000)).toMatchObject({ tasks: 8, total: 8, secondsLeft: 0 });
  });

  it('estimates ranges that no TotalCount tells of by what the others hold', () => {
    const [first, second] = [range(0, 100), range(100, 200, 2)];
    const meter = new BackfillMeter('prod', [first, second], 0);
    walked(meter, first, page(4, 20, 40, 60, 80), 100);
    expect(meter.progress(1000)).toMatchObject({ tasks: 4, total: 8 });
  });

  it('does not take a window that the API made narrower for the whole range', () => {
    const whole = range(0, 100);
    const meter = new BackfillMeter('prod', [whole], 0);
    walked(meter, whole, page(2, 5, 10), 20);
    expect(meter.progress(1000)).toMatchObject({ tasks: 2, total: 10 });
  });

  it('counts a second that overfills a page', () => {
    const whole = range(0, 100);
    const meter = new BackfillMeter('prod', [whole], 0);
    walked(meter, whole, page(500, 1, 2, 3), 3);
    meter.proved(498);
    whole.cursor = 4000;
    walked(meter, whole, page(0), 100);
    expect(meter.progress(1000)).toMatchObject({ tasks: 500, total: 500 });
  });

  it('of several accounts is summed, and lasts as long as the slowest', () => {
    const one: BackfillProgress = {
      account: 'a',
      requests: 10,
      tasks: 100,
      total: 400,
      requestsPerSecond: 1,
      tasksPerSecond: 10,
      secondsLeft: 30,
      over: false,
    };
    expect(sumProgress([one, { ...one, total: 1000, secondsLeft: 90 }])).toEqual({
      requests: 20,
      tasks: 200,
      total: 1400,
      requestsPerSecond: 2,
      tasksPerSecond: 20,
      secondsLeft: 90,
      over: false,
    });
    const over = { ...one, tasks: 400, secondsLeft: 0, over: true };
    expect(sumProgress([one, over])).toMatchObject({ tasks: 500, total: 800, tasksPerSecond: 10, secondsLeft: 30 });
    expect(sumProgress([one, { ...one, total: null, secondsLeft: null }])).toMatchObject({
      total: null,
      secondsLeft: null,
    });
    expect(sumProgress([over])).toMatchObject({ over: true });
  });
});

describe('the log of a backfill', () => {
  it('says every five seconds how far it is, and nothing of one that is over sooner', async () => {
    const clock = createFakeClock(0);
    const lines: [string, LogFields | undefined][] = [];
    const log: Log = { ...silentLog, info: (event, fields) => lines.push([event, fields]) };
    const tell = createBackfillLog(log, clock);
    const whole = range(0, 100);
    const meter = new BackfillMeter('prod', [whole], clock.monotonic());
    walked(meter, whole, page(12, 1, 2, 3, 4), 4);
    for (let second = 0; second < 12; second += 1) {
      tell(meter.progress(clock.monotonic()));
      await clock.advance(1000);
    }
    tell(meter.progress(clock.monotonic(), true));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toEqual([
      'backfill-progress',
      {
        account: 'prod',
        requests: 1,
        tasks: 3,
        total: 12,
        share: 0.25,
        requestsPerSecond: 0.2,
        tasksPerSecond: 0.6,
        secondsLeft: 15,
      },
    ]);
  });
});
