import { describe, expect, it } from 'vitest';
import { pollDetail } from '../../../src/commands/poll-detail.ts';
import { displayWidth } from '../../../src/lib/text-width.ts';
import type { PollRecord, SetReport } from '../../../src/model/poll.ts';
import type { SetAsideRecord } from '../../../src/store/store.ts';
import { english } from '../../support/speakers.ts';

const T0 = Date.UTC(2026, 10, 24, 4, 0, 7);

const set: SetReport = {
  set: 'live',
  complete: true,
  reason: null,
  requests: 12,
  distinct: 1_140,
  totalCount: 1_151,
  setAside: 0,
};

const record: PollRecord = {
  id: 17,
  account: 'prod',
  kind: 'poll',
  startedAt: T0,
  endedAt: T0 + 3_210,
  result: 'complete',
  reason: null,
  sets: [set, { ...set, set: 'new', requests: 1, distinct: 0, totalCount: 3 }],
  requests: 13,
  retries: 2,
  throttles: 1,
  clockOffsetMs: -1_500,
  checkpointBefore: null,
  checkpointAfter: T0 - 60_000,
};

const show = (poll: Partial<PollRecord>, rows: readonly SetAsideRecord[] = [], width = 100): string =>
  pollDetail({ ...record, ...poll }, rows, english, width).join('\n');

describe('the detail of a poll', () => {
  it('never says "0 tasks" of a set that the API did not answer', () => {
    const failed = {
      ...set,
      complete: false,
      reason: 'it may not be read',
      distinct: 0,
      totalCount: null,
      requests: 1,
    };
    expect(show({ sets: [failed], result: 'incomplete' })).toMatch(/^live +incomplete +1 +unknown +none +/m);
    expect(show({ sets: [{ ...set, distinct: 0, totalCount: 0 }] })).toMatch(/^live +complete +12 +0 +0 +/m);
  });

  it('says everything of its row, times with their zone and to the second', () => {
    expect(show({})).toBe(
      [
        'Poll 17 of account prod: poll, complete',
        '',
        'Began              Tue 2026-11-24 12:00 GMT+8 (2026-11-24T04:00:07.000Z)',
        'Ended              Tue 2026-11-24 12:00 GMT+8 (2026-11-24T04:00:10.210Z)',
        'Took               3.2 s',
        'Requests           13, retries 2, throttled 1',
        "Clock              Tencent Cloud's is 1500 ms behind this machine's",
        'Checkpoint before  none',
        'Checkpoint after   Tue 2026-11-24 11:59 GMT+8 (2026-11-24T03:59:07.000Z)',
        '',
        'Set   Result    Requests  Tasks  TotalCount  Set aside',
        'live  complete  12        1140   1151        0',
        'new   complete  1         0      3           0',
      ].join('\n'),
    );
  });

  it('says of one under way what is known by now', () => {
    const uncounted = { sets: [], requests: null, retries: null, throttles: null };
    const text = show({ ...uncounted, endedAt: null, result: null, clockOffsetMs: null, checkpointAfter: null });
    expect(text).toMatch(/^Poll 17 of account prod: poll, under way\n/);
    expect(text).not.toMatch(/Ended|Took|Checkpoint after|Set /);
  });

  it('does not say that one whose process was killed made no requests', () => {
    const text = show({ result: 'interrupted', sets: [], requests: null, retries: null, throttles: null });
    expect(text).toMatch(/^Requests +unknown$/m);
  });

  it('says why a set was not whole and which limits were found, below it', () => {
    const notes = ['the API refused a list of 100 TaskIds (InvalidParameterValue); lists of at most 50 are asked for'];
    const failed: SetReport = { ...set, set: 'departed', complete: false, reason: 'HTTP 502', totalCount: null, notes };
    const text = show({ result: 'incomplete', reason: 'HTTP 502', sets: [failed] });
    expect(text).toMatch(/^Reason +HTTP 502$/m);
    expect(text.replaceAll('\n    ', ' ')).toMatch(
      /departed {2}incomplete {2}12 +1140 +none +0 HTTP 502; the API refused a list of 100 TaskIds/,
    );
  });

  it('says what an audit found that no poll had shown', () => {
    const found = { pending: 1, open: 0, closed: 7 };
    const text = show({ kind: 'audit', sets: [{ ...set, set: 'audit', found }] });
    expect(text).toMatch(/^Not found by polls +1 pending, 0 processing or scheduled, 7 closed$/m);
  });

  it('shows rows that were set aside, harmless, cut, and no more than a screen of them', () => {
    const hostile = { at: T0, taskId: null, raw: `{"a":"\u001b[31m\u202e${'x'.repeat(4_000)}"}`, problem: 'no TaskId' };
    const named = { at: T0, taskId: 'rep-b', raw: '{"TaskId":"rep-b"}', problem: 'CreateTime is missing' };
    const text = show({ sets: [{ ...set, setAside: 26 }] }, [named, ...Array(25).fill(hostile)], 80);
    expect(text).toMatch(
      /^Task +Could not be read\nrep-b +CreateTime is missing\n {4}\{"TaskId":"rep-b"\}\nno id +no TaskId/m,
    );
    expect(text).toMatch(/\n6 more; --json shows all, uncut$/);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(80);
  });

  it('says that rows were set aside when their text is gone', () => {
    expect(show({ sets: [{ ...set, setAside: 4 }] })).toMatch(
      /Rows that could not be read: 4; their text is no longer kept\.$/,
    );
  });
});
