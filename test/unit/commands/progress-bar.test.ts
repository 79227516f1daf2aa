import { describe, expect, it } from 'vitest';
import { barLine, progressBar } from '../../../src/commands/progress-bar.ts';
import { displayWidth } from '../../../src/lib/text-width.ts';
import type { BackfillProgress } from '../../../src/poll/backfill-progress.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const HALF: BackfillProgress = {
  account: 'prod',
  requests: 15,
  tasks: 1500,
  total: 3000,
  requestsPerSecond: 17.8,
  tasksPerSecond: 1780,
  secondsLeft: 84,
  over: false,
};
const ERASE = '\r\u001b[K';

function terminal(columns = 80) {
  let written = '';
  const write = (text: string): boolean => {
    written += text;
    return true;
  };
  return { isTTY: true, columns, write, written: () => written };
}

describe('the line of a backfill', () => {
  it('is a bar with the share, the rate and the time left, within 80 columns', () => {
    const line = barLine(['prod'], HALF, 79);
    expect(line).toMatch(/^prod history {2}\[=+ +\] {1,2}50 % {2}1500 of about 3000, 1780 tasks\/s, 84 s left$/);
    expect(displayWidth(line)).toBeLessThanOrEqual(79);
  });

  it.each([20, 40, 60, 79, 200])('keeps to %i columns', (columns) => {
    const long = { ...HALF, tasks: 123_456_789, total: 987_654_321, secondsLeft: 80_000 };
    expect(displayWidth(barLine(['账户'.repeat(20)], long, columns))).toBeLessThanOrEqual(columns);
    expect(displayWidth(barLine(['a', 'b'], long, columns))).toBeLessThanOrEqual(columns);
  });

  it('draws no bar while the total is not known', () => {
    expect(barLine(['prod'], { ...HALF, total: null, secondsLeft: null }, 79)).toBe(
      'prod history  1500 tasks, 1780 tasks/s',
    );
  });

  it('names several accounts by their number', () => {
    expect(barLine(['a', 'b', 'c'], HALF, 79)).toMatch(/^history of 3 accounts {2}/);
  });

  it.each([
    [89, '89 s'],
    [600, '10 min'],
    [7_500, '2 h 5 min'],
  ])('says %i seconds as %s', (secondsLeft, says) => {
    expect(barLine(['prod'], { ...HALF, secondsLeft }, 79)).toContain(`${says} left`);
  });
});

describe('the bar on a terminal', () => {
  it('is not drawn where there is none, or one that cannot erase', () => {
    const clock = createFakeClock(0);
    expect(progressBar({ write: () => true }, {}, clock)).toBeNull();
    expect(progressBar(terminal(), { TERM: 'dumb' }, clock)).toBeNull();
  });

  it('is drawn anew in place, at most five times a second, and erased at the end', async () => {
    const clock = createFakeClock(0);
    const tty = terminal();
    const bar = progressBar(tty, {}, clock);
    for (let page = 0; page < 10; page += 1) {
      bar?.show(HALF);
      await clock.advance(100);
    }
    expect(tty.written().split(ERASE)).toHaveLength(6);
    bar?.show({ ...HALF, over: true });
    expect(tty.written().endsWith(ERASE)).toBe(true);
    expect(tty.written().replaceAll(ERASE, '')).not.toMatch(/\p{Cc}/u);
  });

  it('stays until the last account is over', async () => {
    const clock = createFakeClock(0);
    const tty = terminal();
    const bar = progressBar(tty, {}, clock);
    bar?.show(HALF);
    bar?.show({ ...HALF, account: 'games' });
    await clock.advance(1000);
    bar?.show({ ...HALF, over: true });
    expect(tty.written()).toMatch(/history of 2 accounts[^\r]+$/);
    bar?.show({ ...HALF, account: 'games', over: true });
    expect(tty.written().endsWith(ERASE)).toBe(true);
  });

  it('lets lines of the log pass above it, whole', () => {
    const tty = terminal();
    const bar = progressBar(tty, {}, createFakeClock(0));
    const write = bar?.below(tty);
    write?.('before\n');
    bar?.show(HALF);
    const line = tty.written().slice(`before\n${ERASE}`.length);
    write?.('a line\n');
    expect(tty.written()).toBe(`before\n${ERASE}${line}${ERASE}a line\n${line}`);
  });
});
