import { describe, expect, it } from 'vitest';
import { align } from '../../../bench/chaos/align.ts';
import { expectedOf, LAG_MS, type Silenced, type ToldKind } from '../../../bench/chaos/expected.ts';
import type { Due } from '../../../bench/chaos/histories.ts';
import { silenceBroken } from '../../../bench/chaos/silence-broken.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/clock.ts';
import { apiRequest } from '../../support/api-request.ts';

const START = Date.UTC(2026, 10, 24);
const at = (minutes: number): number => START + minutes * MINUTE_MS;
/** The world's clocks are two hours ahead; all ends after an hour, and is calm from the 50th minute on. */
const TERMS = { rungsMs: [30 * MINUTE_MS, HOUR_MS], utcOffsetMs: 2 * HOUR_MS, calmFrom: at(50), end: at(60) };
const NOBODY: Silenced = { acks: [], mutes: [] };

function due(kind: Due['kind'], minute: number, deadlineMinute: number | null): Due {
  const deadline = deadlineMinute === null ? null : at(deadlineMinute) + TERMS.utcOffsetMs;
  return { kind, earliest: at(minute), latest: at(minute), deadline };
}

const ack = (from: number, to: number) => ({ taskId: 'rep-1', from: at(from), to: at(to) });
const mute = (from: number, to: number) => ({ ...ack(from, from), over: { earliest: at(to), latest: at(to) } });
/** Each as its kind and minute; in brackets what may be left out. */
const expected = (events: readonly Due[], silenced = NOBODY) =>
  expectedOf(events, silenced, TERMS).map(({ kind, earliest, optional }) => {
    const words = `${kind} ${(earliest - START) / MINUTE_MS}`;
    return optional ? `(${words})` : words;
  });

describe('the reminders that are expected', () => {
  it('are those of the rungs that pass while the task waits, certain where the last one lasts until the end', () => {
    expect(expected([due('pending', 1, 100)])).toEqual(['pending 1', 'reminder 40']);
    expect(expected([due('pending', 1, 80)])).toEqual(['pending 1', '(reminder 20)', '(reminder 50)']);
    expect(expected([due('pending', 1, 65)])).toEqual(['pending 1', '(reminder 5)', 'reminder 35']);
  });

  it('leave out what had passed when the task was told, and what passes after it left', () => {
    expect(expected([due('pending', 41, 100)])).toEqual(['pending 41']);
    expect(expected([due('pending', 1, 100), due('left', 30, null)])).toEqual(['pending 1', 'left 30']);
    expect(expected([due('pending', 1, 100), due('left', 45, null)])).toEqual([
      'pending 1',
      '(reminder 40)',
      'left 45',
    ]);
  });

  it('begin anew with another deadline', () => {
    expect(expected([due('pending', 1, 100), due('changed', 10, 91)])).toEqual([
      'pending 1',
      'changed 10',
      'reminder 31',
    ]);
  });

  it('are overdue once ten minutes after the deadline, and again each day', () => {
    expect(expected([due('pending', 1, 15)])).toEqual(['pending 1', 'reminder 25']);
    expect(expected([due('pending', 1, 20 - 24 * 60)])).toEqual(['pending 1', 'reminder 30']);
    expect(expected([due('pending', 1, null)])).toEqual(['pending 1']);
  });

  it('are none once somebody has taken the task on, until it moves', () => {
    const taken = { acks: [ack(20, 21)], mutes: [] };
    expect(expected([due('pending', 1, 100)], taken)).toEqual(['pending 1']);
    expect(expected([due('pending', 1, 75)], taken)).toEqual(['pending 1', '(reminder 15)']);
    const moved = [due('pending', 1, 100), due('changed', 30, 90), due('changed', 31, 101)];
    expect(expected(moved, taken)).toEqual(['pending 1', 'changed 30', 'changed 31', 'reminder 41']);
  });

  it('may come or not where nobody can know whether the acknowledgement meant that state', () => {
    const close = { acks: [ack(1, 2)], mutes: [] };
    expect(expected([due('pending', 1, 100)], close)).toEqual(['pending 1', '(reminder 40)']);
  });
});

describe('a mute', () => {
  it('makes everything that may have been held back optional, and what is told at its end', () => {
    expect(expected([due('pending', 1, 100)], { acks: [], mutes: [mute(2, 41)] })).toEqual([
      '(pending 1)',
      '(still 41)',
      '(reminder 40)',
      '(still 41)',
    ]);
    expect(expected([due('pending', 1, 100), due('left', 10, null)], { acks: [], mutes: [mute(2, 5)] })).toEqual([
      '(pending 1)',
      '(still 5)',
      'left 10',
    ]);
  });
});

describe('the best reading', () => {
  const items = (words: string) =>
    words.split(' ').map((word) => ({
      // The tests write kinds, in brackets the optional ones.
      kind: word.replaceAll(/[()]/g, '') as ToldKind,
      optional: word.startsWith('('),
      earliest: START,
      latest: START,
    }));
  const read = (wanted: string, ...messages: readonly (readonly ToldKind[])[]) => {
    const mentions = messages.map((shows, key) => ({ key: `${key}`, at: at(1), shows, whole: true }));
    const { missing, surplus } = align(items(wanted), mentions);
    return [missing.map(({ kind }) => kind), surplus.map(({ shows }) => shows.join(' '))];
  };

  it('is content with or without what is optional, beside other news or alone', () => {
    expect(read('pending (reminder) changed', ['pending'], ['changed'])).toEqual([[], []]);
    expect(read('pending (reminder) changed', ['pending'], ['reminder'], ['changed'])).toEqual([[], []]);
    expect(read('pending (reminder) changed', ['pending', 'changed'])).toEqual([[], []]);
    expect(read('pending (reminder) changed', ['pending', 'reminder', 'changed'])).toEqual([[], []]);
  });

  it('misses what is certain, and names a reminder that is one too many', () => {
    expect(read('pending reminder', ['pending'])).toEqual([['reminder'], []]);
    expect(read('pending (reminder)', ['pending'], ['reminder'], ['reminder'])).toEqual([[], ['reminder']]);
    expect(read('pending left', ['pending'], ['left'], ['reminder'])).toEqual([[], ['reminder']]);
  });

  it('never explains a reminder beside the news that the task has left', () => {
    expect(read('pending (reminder) left', ['pending'], ['reminder', 'left'])).toEqual([['left'], ['reminder left']]);
    expect(read('pending (reminder) left', ['pending'], ['reminder'], ['left'])).toEqual([[], []]);
  });
});

describe('a message that breaks a silence', () => {
  const mention = (kind: ToldKind, madeAfter: number, tried: number) => ({
    ...{ key: 'rw-1', shows: [kind], whole: true, at: at(tried), madeAfter: at(madeAfter) },
  });
  const broken = (said: ReturnType<typeof mention>, silenced: Silenced, events: readonly Due[] = []) =>
    silenceBroken('rep-1', [said], silenced, events, []);

  it('is one that was certainly made within it', () => {
    const muted = { acks: [], mutes: [mute(10, 20)] };
    expect(broken(mention('left', 11, 12), muted)).toEqual([expect.stringContaining('was muted when it was made')]);
    for (const [after, tried] of [[9, 12] as const, [11, 21] as const])
      expect(broken(mention('left', after, tried), muted)).toEqual([]);
  });

  it('is a reminder of a task that was taken on and has not moved since', () => {
    const taken = { acks: [ack(9, 10)], mutes: [] };
    expect(broken(mention('reminder', 11, 12), taken)).toHaveLength(1);
    expect(broken(mention('changed', 11, 12), taken)).toEqual([]);
    expect(broken(mention('reminder', 11, 12), taken, [due('changed', 11, 100)])).toEqual([]);
    const before: Due = { ...due('pending', 1, 100), latest: at(9) - LAG_MS - 1 };
    expect(broken(mention('reminder', 11, 12), taken, [before])).toHaveLength(1);
  });

  it('is none where the task has become more dangerous', () => {
    const row = (minute: number, AuthType: number) =>
      apiRequest({
        at: at(minute),
        beginsPoll: true,
        // Only these two fields are read.
        answer: { at: at(minute), spoiled: false, rows: [{ TaskId: 'rep-1', AuthType } as never] },
      });
    const muted = { acks: [], mutes: [mute(10, 20)] };
    const said = [mention('changed', 11, 13)];
    expect(silenceBroken('rep-1', said, muted, [], [row(5, 2), row(12, 2)])).toHaveLength(1);
    expect(silenceBroken('rep-1', said, muted, [], [row(5, 2), row(12, 8)])).toEqual([]);
  });
});
