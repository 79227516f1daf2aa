import { describe, expect, it } from 'vitest';
import type { ApiRequest, Said } from '../../../bench/chaos/journal.ts';
import { historiesOf } from '../../../bench/chaos/oracle.ts';
import { unitOfKey } from '../../../bench/chaos/unit-of-key.ts';
import { type VendorRow, vendorRow } from '../../../src/sandbox/row.ts';
import { apiRequest } from '../../support/api-request.ts';

const TASK = 'rep-00000001';
const START = Date.UTC(2026, 10, 24);
const NOTHING_SAID: Said = { wholePolls: [], settled: [], undelivered: [], leases: [] };

function row(fields: Partial<VendorRow> = {}): VendorRow {
  return vendorRow({ TaskId: TASK, ...fields }, { number: 1, createdAt: START, utcOffsetMs: 0 });
}

type Page = Partial<Omit<ApiRequest, 'answer'>> & {
  readonly rows?: readonly VendorRow[] | null;
  readonly spoiled?: boolean;
};

/** Requests a second apart, each of its own body; `rows: null`: not answered. */
function requests(...pages: readonly Page[]): ApiRequest[] {
  return pages.map(({ rows = [], spoiled = false, ...page }, index) => {
    const at = START + index * 1000;
    const answer = rows === null ? null : { at: at + 5, spoiled, rows };
    return apiRequest({ at, body: `${index}`, answer, ...page });
  });
}

/** What each history owes, as kinds. */
function owed(...pages: readonly Page[]): string[] {
  const histories = historiesOf({ requests: requests(...pages), said: null }).get(TASK) ?? [];
  return histories.map(({ due }) => due.map(({ kind }) => kind).join(' ')).toSorted();
}

const poll = (...rows: readonly VendorRow[]): Page => ({ beginsPoll: true, rows });
const end: Page = { rows: null };

describe('the oracle', () => {
  it('demands what was shown and was followed by another request of the same process', () => {
    expect(owed(poll(row()), poll(row({ TaskStatus: 2 })), end)).toEqual(['pending left']);
  });

  it('leaves open what was shown to a process that asked for nothing more', () => {
    expect(owed(poll(row()))).toEqual(['', 'pending']);
    expect(owed(poll(row()), { ...end, life: 2 })).toEqual(['', 'pending']);
  });

  it('knows that a state which lasts is told once, whenever it was committed', () => {
    expect(owed(poll(row()), { ...poll(row()), life: 2 }, { ...end, life: 2 })).toEqual(['pending']);
  });

  it('leaves open what a retry of the same request, a long silence or a spoiled page followed', () => {
    expect(owed({ ...poll(row()), body: 'same' }, { ...end, body: 'same' })).toEqual(['', 'pending']);
    expect(owed(poll(row()), { ...end, at: START + 9_000 })).toEqual(['', 'pending']);
    expect(owed({ ...poll(row()), spoiled: true }, end)).toEqual(['', 'pending']);
  });

  it('lets a row that contradicts one of the same poll wait for the answer by id', () => {
    const left = row({ TaskStatus: 2 });
    expect(owed(poll(row()), { set: 'new', rows: [left] }, end)).toEqual(['pending']);
    expect(owed(poll(row()), { set: 'new', rows: [left] }, { set: 'ids', taskIds: [TASK], rows: [left] }, end)).toEqual(
      ['pending left'],
    );
  });

  it('demands "left" of a task that two polls asked for twice in vain', () => {
    const gone: Page = { set: 'ids', taskIds: [TASK], body: 'by id' };
    const without: readonly Page[] = [poll(), gone, gone];
    expect(owed(poll(row()), ...without, end)).toEqual(['pending']);
    expect(owed(poll(row()), ...without, ...without, end)).toEqual(['pending left']);
    expect(owed(poll(row()), ...without, ...without, poll(row()), end)).toEqual(['pending left pending']);
  });

  it('counts a spoiled answer by id that did not list the task, unless the same was asked for again', () => {
    const other = vendorRow({ TaskId: 'rep-00000002' }, { number: 2, createdAt: START, utcOffsetMs: 0 });
    const batch: Page = { set: 'ids', taskIds: [TASK, other.TaskId], rows: [other], body: 'batch' };
    const alone: Page = { set: 'ids', taskIds: [TASK], body: 'alone' };
    const whole: readonly Page[] = [poll(), batch, alone];
    expect(owed(poll(row()), ...whole, poll(), { ...batch, spoiled: true }, alone, end)).toEqual(['pending left']);
    const retried: readonly Page[] = [{ ...batch, spoiled: true }, batch, poll(row())];
    expect(owed(poll(row()), ...whole, poll(), ...retried, end)).toEqual(['pending']);
  });

  it('leaves open whether a second question by id, so late that it may be the first one again, was another one', () => {
    const asked = (second: number): Page => ({
      ...{ set: 'ids', taskIds: [TASK], body: 'by id', at: START + second * 1000 },
    });
    const early: readonly Page[] = [poll(row()), poll(), asked(2), asked(3), { ...poll(), at: START + 4_000 }];
    const second = (first: number, next: number): readonly Page[] => [
      ...early,
      asked(first),
      asked(next),
      { ...end, at: START + (next + 1) * 1000 },
    ];
    expect(owed(...second(5, 6))).toEqual(['pending left']);
    expect(owed(...second(5, 15))).toEqual(['pending', 'pending left']);
  });

  it('takes five minutes and more from what was last told for a change, and adds small steps up', () => {
    const at = (minute: number): Page => poll(row({ AuthTime: `2026-11-26 10:0${minute}:00` }));
    expect(owed(at(0), at(4), end)).toEqual(['pending']);
    expect(owed(at(0), at(4), at(5), end)).toEqual(['pending changed']);
    expect(owed(poll(row()), poll(row({ AuthType: 8 })), end)).toEqual(['pending changed']);
    expect(owed(poll(row()), poll(row({ TaskDetail: 'other words' })), end)).toEqual(['pending']);
  });

  it('never demands what only the history showed', () => {
    expect(owed({ set: 'history', rows: [row()] }, end)).toEqual(['', 'pending']);
  });
});

describe('the oracle of replicas', () => {
  const UNIT = unitOfKey('AKID');
  const taken = (life: number, second: number) => ({
    ...{ life, at: START + second * 1000, unit: UNIT, taken: true, fence: life },
  });
  const owedTo = (said: Partial<Said>, ...pages: readonly Page[]): string[] => {
    const asked = requests(...pages.map((page) => ({ ...page, key: 'AKID' })));
    const histories = historiesOf({ requests: asked, said: { ...NOTHING_SAID, ...said } }).get(TASK) ?? [];
    return histories.map(({ due }) => due.map(({ kind }) => kind).join(' ')).toSorted();
  };

  it('never takes a later whole poll of a process that was stopped for the one that was cut off, however much others ask meanwhile', () => {
    const others = Array.from({ length: 400 }, () => ({ ...poll(row({ TaskStatus: 4 })), life: 2 }));
    const wholePolls = [{ life: 1, account: 'prod', at: START + 500_000 }];
    const back: Page = { ...poll(row({ TaskStatus: 4 })), at: START + 499_000 };
    expect(owedTo({ wholePolls }, poll(row()), ...others, back)).toContain('');
  });

  it('goes by the requests of whoever has the lease when a process that was stopped begins a poll late', () => {
    const leases = [taken(1, -10), taken(2, -5)];
    const wholePolls = [{ life: 2, account: 'prod', at: START + 3_000 }];
    const late = { ...poll(), life: 1 };
    const pages: readonly Page[] = [{ ...poll(), life: 2 }, late, { life: 2, set: 'new', rows: [row()] }];
    expect(owedTo({ leases, wholePolls }, ...pages)).toEqual(['pending']);
    expect(owedTo({ leases: [taken(2, -5), taken(1, 0.5)], wholePolls: [] }, ...pages)).toEqual([]);
  });
});
