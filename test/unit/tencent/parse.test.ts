import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatApiTime, parseApiTime } from '../../../src/tencent/api-time.ts';
import { openEnvelope } from '../../../src/tencent/envelope.ts';
import { parsePage } from '../../../src/tencent/parse.ts';

const BEIJING_MS = 8 * 3_600_000;

/** The first row of the vendor's own sample. */
const SAMPLE = {
  TaskId: 'rep-xxxxxxxx',
  InstanceId: 'ins-xxxxxxxx',
  Alias: 'test-1',
  TaskTypeId: 107,
  TaskStatus: 1,
  CreateTime: '2023-03-08 12:00:00',
  AuthTime: '2023-03-10 12:00:00',
  EndTime: null,
  TaskDetail: '监控到您的云服务器',
  DeviceStatus: 1,
  OperateStatus: 1,
  Zone: 'ap-guangzhou-7',
  Region: 'ap-guangzhou',
  VpcId: 'vpc-xxxxxxxx',
  SubnetId: 'subnet-xxxxxxxx',
  SubnetName: 'Default-Subnet',
  VpcName: 'Default-VPC',
  AuthSource: 'System_mandatory_auth',
  WanIp: '1.2.3.4',
  LanIp: '10.0.0.1',
  TaskTypeName: '实例维护升级',
  TaskSubType: null,
  AuthType: 6,
  Product: 'CVM',
};

function pageOf(set: unknown, totalCount: unknown = 1) {
  const fields = { TotalCount: totalCount, RepairTaskInfoSet: set };
  const parsed = parsePage(fields, { utcOffsetMs: BEIJING_MS, requestId: 'req-1', serverDate: null });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.page;
}

function problemOf(fields: unknown): string {
  const parsed = parsePage(fields, { utcOffsetMs: BEIJING_MS, requestId: 'req-1', serverDate: null });
  return parsed.ok ? 'none' : parsed.problem;
}

test("every field of the vendor's sample arrives, its times in UTC", () => {
  const page = pageOf([SAMPLE]);
  expect(page).toMatchObject({ totalCount: 1, bad: [], unknownValues: [], requestId: 'req-1' });
  expect(page.rows).toEqual([
    {
      taskId: 'rep-xxxxxxxx',
      instanceId: 'ins-xxxxxxxx',
      alias: 'test-1',
      taskTypeId: 107,
      taskTypeName: '实例维护升级',
      taskSubType: null,
      taskStatus: 1,
      deviceStatus: 1,
      operateStatus: 1,
      createTime: Date.UTC(2023, 2, 8, 4),
      authTime: Date.UTC(2023, 2, 10, 4),
      endTime: null,
      taskDetail: '监控到您的云服务器',
      authType: 6,
      authSource: 'System_mandatory_auth',
      product: 'CVM',
      zone: 'ap-guangzhou-7',
      region: 'ap-guangzhou',
      vpcId: 'vpc-xxxxxxxx',
      vpcName: 'Default-VPC',
      subnetId: 'subnet-xxxxxxxx',
      subnetName: 'Default-Subnet',
      wanIp: '1.2.3.4',
      lanIp: '10.0.0.1',
    },
  ]);
});

test('numbers written as texts are numbers, an empty text is no text, and a zero date is no time', () => {
  const strange = {
    ...SAMPLE,
    TaskTypeId: '107',
    TaskStatus: '1',
    AuthType: '5',
    Alias: '',
    EndTime: '0000-00-00 00:00:00',
  };
  const page = pageOf([strange], '1');
  expect(page.totalCount).toBe(1);
  expect(page.rows[0]).toMatchObject({ taskTypeId: 107, taskStatus: 1, authType: 5, alias: null, endTime: null });
  expect(page.unknownValues).toEqual([]);
});

test('values that the page does not list pass through and are reported once', () => {
  const strange = {
    ...SAMPLE,
    TaskStatus: 7,
    AuthType: 9,
    AuthSource: 'Robot_auth',
    Product: 'toString',
    TaskTypeId: 'new',
  };
  const page = pageOf([strange, strange]);
  expect(page.rows[0]).toMatchObject({
    taskStatus: 7,
    authType: 9,
    authSource: 'Robot_auth',
    product: 'toString',
    taskTypeId: null,
  });
  expect(page.unknownValues).toEqual([
    'TaskStatus 7',
    'TaskTypeId "new"',
    'AuthType 9',
    'AuthSource Robot_auth',
    'Product toString',
  ]);
});

test('a task is never lost because a field that only decorates it has a wrong type', () => {
  const decorations = Object.keys(SAMPLE).filter((name) => !['TaskId', 'TaskStatus', 'CreateTime'].includes(name));
  for (const wrong of [{}, [], true, 1.5, { a: 1 }, undefined, '2023-02-30 00:00:00']) {
    const row = { ...SAMPLE, ...Object.fromEntries(decorations.map((name) => [name, wrong])) };
    const page = pageOf([row]);
    expect(page.bad).toEqual([]);
    expect(page.rows[0]).toMatchObject({
      taskId: 'rep-xxxxxxxx',
      taskStatus: 1,
      authTime: null,
      endTime: null,
      authType: null,
    });
  }
});

test('a deadline that cannot be read is reported, since its task will show an estimate', () => {
  expect(pageOf([{ ...SAMPLE, AuthTime: '2023-02-30 00:00:00' }]).unknownValues).toEqual([
    'AuthTime in an unknown form',
  ]);
});

test.each([
  [{ TaskId: undefined }, null, 'TaskId is missing; it must be a text'],
  [{ TaskId: 5 }, null, 'TaskId is 5; it must be a text'],
  [{ TaskId: '' }, '', 'TaskId is ""; it must be a text'],
  [{ TaskStatus: null }, 'rep-xxxxxxxx', 'TaskStatus is null; it must be a whole number'],
  [{ TaskStatus: 'open' }, 'rep-xxxxxxxx', 'TaskStatus is "open"; it must be a whole number'],
  [
    { CreateTime: '2023-02-30 12:00:00' },
    'rep-xxxxxxxx',
    'CreateTime is "2023-02-30 12:00:00"; it must be like 2023-03-08 12:00:00',
  ],
  [
    { CreateTime: '0000-00-00 00:00:00' },
    'rep-xxxxxxxx',
    'CreateTime is "0000-00-00 00:00:00"; it must be like 2023-03-08 12:00:00',
  ],
])('a row with %j is set aside and its neighbours are not', (wrong, taskId, problem) => {
  const row = { ...SAMPLE, ...wrong };
  const page = pageOf([SAMPLE, row, SAMPLE], 3);
  expect(page.rows).toHaveLength(2);
  expect(page.bad).toEqual([{ taskId, raw: JSON.stringify(row), problem }]);
});

test('what is set aside is no longer than 4,000 characters', () => {
  const page = pageOf([{ TaskDetail: '😀'.repeat(4000) }, null, 'x']);
  expect(page.bad.map(({ raw }) => raw.length)).toEqual([4000, 4, 3]);
  expect(page.bad[0]?.raw.isWellFormed()).toBe(true);
});

test('a null set is an empty one, but without a TotalCount there is no page', () => {
  expect(pageOf(null, 0)).toMatchObject({ totalCount: 0, rows: [], bad: [] });
  expect(problemOf({ RepairTaskInfoSet: [] })).toContain('TotalCount');
  expect(problemOf({ TotalCount: -1, RepairTaskInfoSet: [] })).toContain('TotalCount');
  expect(problemOf({ TotalCount: 1, RepairTaskInfoSet: {} })).toContain('RepairTaskInfoSet');
  expect(problemOf([])).not.toBe('none');
});

test.each([
  '',
  '{',
  '<html>',
  'null',
  '[]',
  '7',
  '{"Response":null}',
  '{"Response":[]}',
  '{"Response":{"Error":{}}}',
  '{"response":{}}',
])('the body %j is no answer', (body) => {
  expect(openEnvelope(body).kind).toBe('bad');
});

test('an error comes out of the envelope with its RequestId', () => {
  const body = '{"Response":{"Error":{"Code":"InternalError","Message":"oops"},"RequestId":"req-2"}}';
  expect(openEnvelope(body)).toEqual({ kind: 'error', code: 'InternalError', message: 'oops', requestId: 'req-2' });
});

test('a time that is written for the API is read back as the same second, in any zone', () => {
  const moment = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2099, 0) });
  fc.assert(
    fc.property(moment, fc.integer({ min: -12, max: 14 }), (at, hours) => {
      const written = formatApiTime(at, hours * 3_600_000);
      expect(parseApiTime(written, hours * 3_600_000)).toBe(Math.floor(at / 1000) * 1000);
    }),
  );
  expect(formatApiTime(Date.UTC(2026, 0, 31, 16, 0, 0, 999), BEIJING_MS)).toBe('2026-02-01 00:00:00');
});

test.each([
  '2023-02-29 00:00:00',
  '2023-13-01 00:00:00',
  '2023-00-01 00:00:00',
  '2023-04-31 00:00:00',
  '2023-04-00 00:00:00',
  '2023-04-01 24:00:00',
  '2023-04-01 00:60:00',
  '2023-04-01 00:00:60',
  '2023-04-01',
  '2023-04-01T00:00:00',
  ' 2023-04-01 00:00:00',
  '1900-02-29 00:00:00',
  7,
])('%j is no time', (text) => {
  expect(parseApiTime(text, 0)).toBeUndefined();
});

test('leap days are days', () => {
  expect(parseApiTime('2024-02-29 00:00:00', 0)).toBe(Date.UTC(2024, 1, 29));
  expect(parseApiTime('2000-02-29 00:00:00', 0)).toBe(Date.UTC(2000, 1, 29));
});
