import { describe, expect, it } from 'vitest';
import { listFilter } from '../../../src/commands/list-filter.ts';
import type { ListOptions } from '../../../src/commands/list-options.ts';
import type { StoredTask } from '../../../src/store/store.ts';
import { repairTask } from '../../support/repair-task.ts';

const STORED: StoredTask = {
  account: 'prod',
  task: repairTask({
    taskId: 'rep-1',
    instanceId: 'ins-1',
    alias: 'shop-web-01',
    taskStatus: 4,
    taskTypeId: 101,
    product: 'CVM',
    zone: 'ap-guangzhou-7',
    lanIp: '10.0.0.7',
  }),
  ending: null,
  firstSeenAt: 0,
  changedAt: 0,
  absentPolls: 0,
  toldAuthTime: null,
  revision: 1,
  seenPoll: 1,
};

const read = (options: ListOptions) => listFilter(options, ['prod', 'games']);

function lets(options: ListOptions): boolean | string {
  const filter = read(options);
  return filter.ok ? filter.lets(STORED) : filter.problem;
}

describe('the filters of list', () => {
  it.each<[ListOptions, ListOptions]>([
    [{ account: ['games', 'prod'] }, { account: ['games'] }],
    [{ account: ['pr*'] }, { account: ['g*'] }],
    [{ taskStatus: ['2', '4'] }, { taskStatus: ['1'] }],
    [{ taskType: ['101'] }, { taskType: ['103', '107'] }],
    [{ product: 'CVM' }, { product: 'CDH' }],
    [{ taskId: ['rep-1'] }, { taskId: ['rep-2'] }],
    [{ instanceId: ['ins-1'] }, { instanceId: ['ins-10'] }],
    [{ alias: ['db-*', 'shop-*'] }, { alias: ['web-*'] }],
    [{ zone: ['ap-guangzhou-7'] }, { zone: ['ap-guangzhou-3'] }],
    [{ text: 'WEB-01' }, { text: 'web-02' }],
    [{ text: '10.0.0' }, { text: '10.0.1' }],
  ])('%j lets a task through that %j does not', (through, out) => {
    expect(lets(through)).toBe(true);
    expect(lets(out)).toBe(false);
    expect(lets({ ...through, ...out })).toBe(false);
  });

  it('looks at open tasks of a status that is asked for, without --all', () => {
    expect(read({})).toMatchObject({ pendingOnly: true, narrows: false });
    expect(read({ all: true })).toMatchObject({ pendingOnly: false, narrows: false });
    expect(read({ taskStatus: ['2'] })).toMatchObject({ pendingOnly: false, narrows: true });
  });

  it('refuses a closed status, unless closed tasks are shown', () => {
    const closed = { taskStatus: ['3', '1'] };
    expect(read(closed)).toMatchObject({ ok: false, problem: expect.stringContaining('--task-status has 3') });
    expect(listFilter(closed, ['prod'], true)).toMatchObject({ ok: true });
  });

  it('says which product or type it does not know', () => {
    expect(read({ taskType: ['108'] })).toMatchObject({ ok: true, warnings: [expect.stringContaining('108')] });
  });

  it.each<[ListOptions, string]>([
    [{ limit: '20' }, "--limit is for the API's pages; add --remote, or leave it out."],
    [{ orderField: 'AuthTime' }, "--order-field is for the API's pages; add --remote, or leave it out."],
    [{ taskStatus: ['3'] }, '--task-status has 3; the store lists open tasks (1, 2, 4), and --remote all.'],
    [{ account: ['prd'] }, 'There is no account "prd" in the configuration; did you mean prod?'],
  ])('refuses %j with a sentence', (options, problem) => {
    expect(lets(options)).toBe(problem);
  });
});
