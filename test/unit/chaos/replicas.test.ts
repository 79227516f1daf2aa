import { describe, expect, it } from 'vitest';
import { createOwnerOf, fateOf, isStray } from '../../../bench/chaos/committed.ts';
import { type ApiRequest, type Arrival, emptyJournal, type Said, type Upset } from '../../../bench/chaos/journal.ts';
import { judgeRepeats } from '../../../bench/chaos/repeats.ts';
import { judgeHandovers } from '../../../bench/chaos/replicas/handovers.ts';
import { mayRestUntil } from '../../../bench/chaos/replicas/may-rest-until.ts';
import { slownessOf } from '../../../bench/chaos/slowness.ts';
import { unitOfKey } from '../../../bench/chaos/unit-of-key.ts';
import { SECOND_MS } from '../../../src/lib/clock.ts';
import { apiRequest } from '../../support/api-request.ts';

const NOTHING: Said = { wholePolls: [], settled: [], undelivered: [], leases: [] };
const at = (seconds: number): number => seconds * SECOND_MS;
const UNIT = unitOfKey('AKID');

function asks(life: number, second: number, more: Partial<ApiRequest> = {}): ApiRequest {
  return apiRequest({ life, at: at(second), key: 'AKID', body: `${second}`, ...more });
}

function upset(kind: Upset['kind'], life: number, from: number, to: number): Upset {
  return { kind, life, moment: 'somewhen', from: at(from), to: at(to) };
}

function lease(life: number, second: number, fence: number, taken = true): Said['leases'][number] {
  return { life, at: at(second), unit: UNIT, taken, fence };
}

describe('an answer to a replica', () => {
  it('was committed where the same poll goes on, or ends whole', () => {
    const taken = { wentOn: true, inTime: true };
    expect(fateOf(asks(1, 1), [asks(2, 2), asks(1, 3)], NOTHING)).toEqual(taken);
    const said = { ...NOTHING, wholePolls: [{ life: 1, account: 'prod', at: at(2) }] };
    expect(fateOf(asks(1, 1), [asks(1, 3, { beginsPoll: true })], said)).toEqual(taken);
  });

  it('may not have been where another poll follows, or nothing', () => {
    const unknown = { wentOn: false, inTime: false };
    expect(fateOf(asks(1, 1), [asks(1, 3, { beginsPoll: true })], NOTHING)).toEqual(unknown);
    expect(fateOf(asks(1, 1), [asks(2, 2)], NOTHING)).toEqual(unknown);
  });

  it('in the middle of the polls of another counts for nothing', () => {
    const nobody = () => undefined;
    expect(isStray(asks(1, 2), asks(2, 1), nobody)).toBe(true);
    expect(isStray(asks(1, 2, { beginsPoll: true }), asks(2, 1), nobody)).toBe(false);
    const ownerOf = createOwnerOf({ ...NOTHING, leases: [lease(1, 0, 1), lease(2, 1.5, 2)] });
    expect(isStray(asks(1, 1, { beginsPoll: true }), undefined, ownerOf)).toBe(false);
    expect(isStray(asks(1, 2, { beginsPoll: true }), undefined, ownerOf)).toBe(true);
  });
});

describe('a repeat among replicas', () => {
  const message = (life: number, second: number): Arrival => ({
    ...{ life, at: at(second), channel: 'slack', key: 'rw-1', title: '', text: '', plain: false, answered: true },
  });
  const reasons = (upsets: Upset[], said: Partial<Said> = {}) => {
    const arrivals = [message(1, 10), message(2, 30)];
    const { counts, unexplained } = judgeRepeats({
      ...emptyJournal(),
      arrivals,
      upsets,
      said: { ...NOTHING, ...said },
    });
    return [
      ...Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [name] : [])),
      ...unexplained.map(() => '!'),
    ];
  };

  it('has its reason in what happened between the acceptance and its record', () => {
    expect(reasons([upset('kill', 1, 10, Number.POSITIVE_INFINITY)])).toEqual(['killed']);
    expect(reasons([upset('freeze', 1, 10, 40)])).toEqual(['frozen']);
    expect(reasons([upset('hold', 1, 9, 40)])).toEqual(['parted']);
  });

  it('has it later where another writer held up the record', () => {
    const silent = upset('freeze', 3, 9, 40);
    expect(reasons([silent, upset('kill', 1, 16, Number.POSITIVE_INFINITY)])).toEqual(['killed']);
    expect(reasons([silent, upset('kill', 1, 17, Number.POSITIVE_INFINITY)])).toEqual(['!']);
    expect(reasons([silent, upset('hold', 4, 16, 40), upset('freeze', 1, 23, 40)])).toEqual(['frozen']);
    expect(reasons([upset('freeze', 3, 13, 40), upset('kill', 1, 16, Number.POSITIVE_INFINITY)])).toEqual(['!']);
  });

  it('has it in its own process, which was thawed just before', () => {
    expect(reasons([upset('freeze', 2, 5, 29)])).toEqual(['sent late']);
    expect(reasons([upset('freeze', 2, 5, 20)])).toEqual(['!']);
  });

  it('has none in its own process where that was parted from its store and could see that its lease was over', () => {
    expect(reasons([upset('hold', 2, 5, 29)])).toEqual(['!']);
  });

  it('has none where the acceptance was recorded, or nothing happened then', () => {
    const settled = [{ life: 1, at: at(11), channel: 'slack', key: 'rw-1' } as const];
    expect(reasons([upset('kill', 1, 12, Number.POSITIVE_INFINITY)], { settled })).toEqual(['!']);
    expect(reasons([])).toEqual(['!']);
    expect(reasons([upset('freeze', 1, 14, 40)])).toEqual(['!']);
  });
});

describe('a hand-over', () => {
  const problems = (requests: ApiRequest[], leases: Said['leases'], upsets: Upset[] = []) =>
    judgeHandovers({ ...emptyJournal(), requests, upsets }, { ...NOTHING, leases }).problems;

  it('is right where the new owner waits a second', () => {
    expect(problems([asks(1, 1), asks(2, 3.1)], [lease(1, 0, 1), lease(2, 2, 2)])).toEqual([]);
    expect(problems([asks(1, 1), asks(2, 2.9)], [lease(1, 0, 1), lease(2, 2, 2)])).toHaveLength(1);
  });

  it('is wrong where two ask at a time, except for one request of one that was just thawed', () => {
    const both = [asks(2, 20), asks(1, 20.5), asks(2, 20.9)];
    expect(problems(both, [lease(1, 0, 1)])).toHaveLength(2);
    expect(problems(both, [lease(1, 0, 1)], [upset('freeze', 1, 1, 20.4)])).toEqual([]);
  });

  it('from a killed replica is late after two leases in which nothing else happens', () => {
    const kill = upset('kill', 1, 10, Number.POSITIVE_INFINITY);
    const taken = (second: number) => [lease(1, 0, 1), lease(2, second, 2)];
    expect(problems([], taken(25), [kill])).toEqual([]);
    expect(problems([], taken(41), [kill])).toHaveLength(1);
    expect(problems([], taken(41), [kill, upset('freeze', 2, 20, 40)])).toEqual([]);
  });
});

describe('a lane', () => {
  const word = (second: number, more: Partial<Said['undelivered'][number]> = {}) => ({
    ...({ life: 1, at: at(second), channel: 'slack', key: 'rw-1', outcome: 'unknown' } as const),
    ...more,
  });
  const until = (before: number, said: Partial<Said>) =>
    mayRestUntil('slack', at(before), { ...NOTHING, ...said }) / SECOND_MS;

  it('may be silent for the lease of a message whose acceptance nobody knows, from the last word on it', () => {
    expect(until(100, { undelivered: [word(30), word(40, { outcome: 'retry' }), word(50)] })).toBe(110);
    expect(until(45, { undelivered: [word(30), word(40), word(50)] })).toBe(100);
  });

  it('may not where its last word was another one', () => {
    expect(until(100, {})).toBe(0);
    expect(until(100, { undelivered: [word(30), word(40, { outcome: 'retry' })] })).toBe(0);
    expect(until(100, { undelivered: [word(30)], settled: [word(40)] })).toBe(0);
    expect(until(100, { undelivered: [word(30, { channel: 'mail' })] })).toBe(0);
  });
});

it('a run has more time only on a machine on which more than twice as many want to run as it has processors', () => {
  expect([0.5, 2, 4].map((load) => slownessOf(load, 2))).toEqual([1, 1, 1]);
  expect(slownessOf(9, 2)).toBe(2.25);
  const message = (life: number, second: number): Arrival => ({
    ...{ life, at: at(second), channel: 'mail', key: 'rw-1', title: '', text: '', plain: false, answered: true },
  });
  const arrivals = [message(1, 10), message(2, 30)];
  const kill = (second: number) => [upset('kill', 1, second, Number.POSITIVE_INFINITY)];
  const unexplained = (slowness: number, second: number) =>
    judgeRepeats({ ...emptyJournal(), arrivals, said: NOTHING, slowness, upsets: kill(second) }).unexplained.length;
  expect([unexplained(1, 12), unexplained(1, 15), unexplained(2, 15), unexplained(2, 17)]).toEqual([0, 1, 0, 1]);
  const said = { ...NOTHING, leases: [{ ...lease(1, 20, 1, false), unit: 'lane mail' }] };
  const held = (slowness: number) => judgeRepeats({ ...emptyJournal(), arrivals, said, slowness }).counts['held up'];
  expect([held(1), held(2)]).toEqual([0, 1]);
});
