import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { askSandbox } from '../support/ask-sandbox.ts';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ switches: { requestsPerSecond: Number.POSITIVE_INFINITY } });
});
afterEach(() => sandbox.close());

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `rep-${i}`);

const VALUE = 'InvalidParameterValue';
const TYPE = 'InvalidParameter';

test.each([
  [{ Limit: 0 }, VALUE],
  [{ Limit: 101 }, VALUE],
  [{ Limit: '20' }, TYPE],
  [{ Limit: 1.5 }, TYPE],
  [{ Limit: null }, TYPE],
  [{ Offset: -1 }, VALUE],
  [{ Offset: '0' }, TYPE],
  [{ Product: 'LIGHTHOUSE' }, VALUE],
  [{ Product: 1 }, TYPE],
  [{ TaskStatus: [7] }, VALUE],
  [{ TaskStatus: ['1'] }, TYPE],
  [{ TaskStatus: 1 }, TYPE],
  [{ TaskStatus: [] }, VALUE],
  [{ TaskTypeIds: [108] }, VALUE],
  [{ TaskIds: ['ins-1'] }, VALUE],
  [{ TaskIds: [1] }, TYPE],
  [{ TaskIds: ids(101) }, VALUE],
  [{ InstanceIds: 'ins-1' }, TYPE],
  [{ Aliases: [null] }, TYPE],
  [{ StartDate: '2023-01-01' }, VALUE],
  [{ StartDate: '2023-01-01T00:00:00Z' }, VALUE],
  [{ StartDate: '2023-02-30 00:00:00' }, VALUE],
  [{ StartDate: '2023-01-01 24:00:00' }, VALUE],
  [{ EndDate: 1_700_000_000 }, TYPE],
  [{ OrderField: 'TaskId' }, VALUE],
  [{ Order: 2 }, VALUE],
  [{ Order: '1' }, TYPE],
  [{ TaskStatuses: [1] }, 'UnknownParameter'],
  [{ limit: 20 }, 'UnknownParameter'],
  ['[]', TYPE],
  ['{', TYPE],
])('%j is answered with %s', async (parameters, code) => {
  expect((await askSandbox(sandbox, parameters)).Error?.Code).toBe(code);
});

test.each([
  [{ Limit: 100, Offset: 0 }],
  [{ Product: '' }],
  [{ Product: 'CPM2.0', OrderField: '', Order: null }],
  [
    {
      TaskStatus: [1, 2, 3, 4, 5, 6],
      TaskTypeIds: [101, 107],
      TaskIds: ids(100),
      InstanceIds: ['ins-1'],
      Aliases: ['中'],
    },
  ],
  [{ StartDate: '2024-02-29 23:59:59', EndDate: '2030-01-01 00:00:00', OrderField: 'EndTime', Order: 1 }],
])('%j is taken', async (parameters) => {
  expect(await askSandbox(sandbox, parameters)).toMatchObject({ TotalCount: 0, RepairTaskInfoSet: null });
});

test.each([10, 50])('a maximum of %i ids is a switch', async (idsMaximum) => {
  sandbox.configure({ idsMaximum });
  expect((await askSandbox(sandbox, { TaskIds: ids(idsMaximum) })).Error).toBeUndefined();
  expect((await askSandbox(sandbox, { TaskIds: ids(idsMaximum + 1) })).Error?.Code).toBe(VALUE);
});

test('a widest span is a switch', async () => {
  const span = (days: number): object => ({
    StartDate: '2023-01-01 00:00:00',
    EndDate: `2023-01-${days + 1} 00:00:00`,
  });
  expect((await askSandbox(sandbox, span(30))).Error).toBeUndefined();
  sandbox.configure({ widestSpanDays: 29 });
  expect((await askSandbox(sandbox, span(29))).Error).toBeUndefined();
  expect((await askSandbox(sandbox, span(30))).Error?.Code).toBe(VALUE);
});

test('whether Limit must be given, and whether a filter may be empty, are switches', async () => {
  sandbox.configure({ limitRequired: true, emptyFilter: 'ignored' });
  sandbox.world().add();
  expect((await askSandbox(sandbox, { Limit: 20 })).Error?.Code).toBe('MissingParameter');
  expect(await askSandbox(sandbox, { Limit: 20, Offset: 0, TaskStatus: [] })).toMatchObject({ TotalCount: 1 });
});
