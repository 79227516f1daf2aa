import { describe, expect, it } from 'vitest';
import type { ListOptions } from '../../../src/commands/list-options.ts';
import { remoteAccount } from '../../../src/commands/remote-account.ts';
import { remoteDate } from '../../../src/commands/remote-date.ts';
import { remoteQuery } from '../../../src/commands/remote-query.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/clock.ts';
import { requestBody } from '../../../src/tencent/request-body.ts';
import { ACCOUNT } from '../../support/poll-kit.ts';

/** 20:00 in Beijing. */
const NOW = Date.UTC(2026, 10, 24, 12, 0, 0, 500);
const BEIJING = 8 * HOUR_MS;
const CONTEXT = { now: NOW, utcOffsetMs: BEIJING, lookbackMs: 30 * DAY_MS };

/** What goes to the API, by the vendor's names; or the problem. */
function sent(options: ListOptions): unknown {
  const asked = remoteQuery(options, CONTEXT);
  return asked.ok ? JSON.parse(requestBody(asked.query, BEIJING)) : asked.problem;
}

function warnings(options: ListOptions): readonly string[] {
  const asked = remoteQuery(options, CONTEXT);
  return asked.ok ? asked.warnings : [];
}

describe('list --remote', () => {
  it('asks for the lookback, oldest first, a hundred rows, unless told otherwise', () => {
    expect(sent({})).toEqual({
      Limit: 100,
      Offset: 0,
      StartDate: '2026-10-25 20:00:00',
      OrderField: 'CreateTime',
      Order: 0,
    });
  });

  it('reaches every parameter of the call', () => {
    expect(
      sent({
        limit: '20',
        offset: '40',
        product: 'CDH',
        taskStatus: ['1', '2', '1'],
        taskType: ['101', '107'],
        taskId: ['rep-1'],
        instanceId: ['ins-1', 'ins-2'],
        alias: ['web, 1'],
        startDate: '2026-11-01',
        endDate: '2026-11-20',
        orderField: 'AuthTime',
        order: 'desc',
      }),
    ).toEqual({
      Limit: 20,
      Offset: 40,
      Product: 'CDH',
      TaskStatus: [1, 2],
      TaskTypeIds: [101, 107],
      TaskIds: ['rep-1'],
      InstanceIds: ['ins-1', 'ins-2'],
      Aliases: ['web, 1'],
      StartDate: '2026-11-01 00:00:00',
      EndDate: '2026-11-20 23:59:59',
      OrderField: 'AuthTime',
      Order: 1,
    });
  });

  it('takes any day of four digits, the first one of computers too', () => {
    expect(sent({ startDate: '1970-01-01' })).toMatchObject({ StartDate: '1970-01-01 00:00:00' });
    expect(sent({ startDate: '0999-12-31' })).toBe(
      '--start-date is "0999-12-31"; it must lie between the years 1000 and 9998.',
    );
  });

  it('begins the lookback before the end that is given', () => {
    expect(sent({ endDate: '2026-06-30' })).toMatchObject({ StartDate: '2026-05-31 23:59:59' });
  });

  it.each<[ListOptions, string]>([
    [{ limit: '0' }, '--limit is "0"; it must be a whole number from 1 to 100.'],
    [{ limit: '101' }, '--limit is "101"; it must be a whole number from 1 to 100.'],
    [{ limit: 'many' }, '--limit is "many"; it must be a whole number from 1 to 100.'],
    [{ limit: '1e1' }, '--limit is "1e1"; it must be a whole number from 1 to 100.'],
    [{ offset: '-1' }, '--offset is "-1"; it must be a whole number from 0 to 9007199254740991.'],
    [{ taskStatus: ['1', 'two'] }, '--task-status has "two"; it must have numbers: 1 Pending authorization, 2 '],
    [{ taskType: ['10.5'] }, '--task-type has "10.5"; it must have numbers: 101 Instance running risk, '],
    [{ taskId: [''] }, '--task-id has ""; it must have texts such as rep-xxxxxxx1.'],
    [{ alias: ['a\nb'] }, '--alias has "a\nb"; it must have texts such as web-1.'],
    [{ product: '' }, '--product is ""; it must be one of CVM, CDH, CPM2.0.'],
    [{ order: 'up' }, '--order is "up"; it must be asc or desc.'],
    [{ startDate: 'soon' }, '--start-date is "soon"; it must be a day such as 2026-11-24, a time such as '],
    [{ endDate: '2026-02-30' }, '--end-date is "2026-02-30"; it must be a day such as 2026-11-24, '],
    [{ startDate: '9999999d' }, '--start-date is "9999999d"; it must be a day'],
    [
      { startDate: '2026-11-20', endDate: '2026-11-19' },
      '--start-date is 2026-11-20 00:00:00 and lies after --end-date, 2026-11-19 23:59:59; it must lie before.',
    ],
    [
      { startDate: '2026-11-25' },
      '--start-date is 2026-11-25 00:00:00 and lies after now, 2026-11-24 20:00:00; it must lie before.',
    ],
    [{ zone: ['ap-guangzhou-7'] }, '--zone works on the store only; the API has no such filter.'],
    [{ all: true }, '--all works on the store only; the API has no such filter.'],
  ])('refuses %j with a sentence', (options, sentence) => {
    expect(sent(options)).toEqual(expect.stringContaining(sentence));
  });

  it('sends what the vendor may have added by now, and says that it does not know it', () => {
    const options = { product: 'CPM3.0', taskStatus: ['7'], taskType: ['108'], orderField: 'createtime' };
    expect(sent(options)).toMatchObject({
      Product: 'CPM3.0',
      TaskStatus: [7],
      TaskTypeIds: [108],
      OrderField: 'createtime',
    });
    expect(warnings(options)).toEqual([
      '--product has CPM3.0, which this version does not know (did you mean CPM2.0?); it is used as it is.',
      '--task-status has 7, which this version does not know (1, 2, 3, 4, 5, 6); it is used as it is.',
      expect.stringContaining('--task-type has 108'),
      expect.stringContaining('did you mean CreateTime?'),
    ]);
  });

  it('warns of ids of another form, of long lists and of patterns, and sends them', () => {
    const ids = Array.from({ length: 101 }, (_, i) => `ins-${i}`);
    const options = { taskId: ['ins-1'], instanceId: ids, alias: ['web-*'] };
    expect(sent(options)).toMatchObject({ TaskIds: ['ins-1'], InstanceIds: ids, Aliases: ['web-*'] });
    expect(warnings(options)).toEqual([
      '--task-id has "ins-1", which does not look like rep-xxxxxxx1.',
      '--instance-id has 101 values; the API may refuse more than 100.',
      '--alias has "web-*"; the API compares whole names, and * is no pattern there.',
    ]);
  });
});

describe('a date of list --remote', () => {
  it.each([
    ['2026-11-24', 'start', '2026-11-23T16:00:00Z'],
    ['2026-11-24', 'end', '2026-11-24T15:59:59Z'],
    ['2026-11-24 08:30:15', 'end', '2026-11-24T00:30:15Z'],
    ['2026-11-24T08:30:15Z', 'start', '2026-11-24T08:30:15Z'],
    ['2026-11-24T08:30:15.250Z', 'start', '2026-11-24T08:30:15Z'],
    ['2026-11-24T08:30-05:00', 'start', '2026-11-24T13:30:00Z'],
    ['30d', 'start', '2026-10-25T12:00:00Z'],
    ['1h30m', 'end', '2026-11-24T10:30:00Z'],
  ] as const)('%s as %s is %s', (text, edge, moment) => {
    expect(remoteDate(text, edge, NOW, BEIJING)).toBe(Date.parse(moment));
  });

  it.each(['', 'today', '2026-11-31', '2026-13-01', '24.11.2026', '2026-11-24T08:30', '2026-11-24 25:00:00', '-1d'])(
    '"%s" is none',
    (text) => {
      expect(remoteDate(text, 'start', NOW, BEIJING)).toBeNull();
    },
  );
});

describe('the account of list --remote', () => {
  const accounts = [ACCOUNT, { ...ACCOUNT, name: 'games' }];

  it('is the only one, or the one that is named', () => {
    expect(remoteAccount(undefined, [ACCOUNT])).toBe(ACCOUNT);
    expect(remoteAccount(['games'], accounts)).toBe(accounts[1]);
  });

  it.each([
    [undefined, 'There are several accounts; say with --account which to ask: prod, games.'],
    [['prod', 'games'], '--account has prod, games; --remote asks one account at a time.'],
    [['game'], 'There is no account "game" in the configuration; did you mean games?'],
  ])('is not guessed: %j', (named, problem) => {
    expect(remoteAccount(named, accounts)).toEqual({ problem });
  });
});
