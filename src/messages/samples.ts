import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../lib/clock.ts';
import type { TaskEntry, TaskEvent } from '../model/alert.ts';
import { deadlineOf } from '../model/deadline.ts';
import type { MessageFacts } from '../model/message.ts';
import type { RepairTask } from '../model/task.ts';

type Bare = Exclude<MessageFacts, { kind: 'sample' }>;

const ACCOUNT = 'example';

/** The first task of the vendor's page, with its times moved so that a day and 23 hours are left. */
function exampleTask(madeAt: EpochMs, fields: Partial<RepairTask> = {}): RepairTask {
  const createTime = Math.floor(madeAt / 1000) * 1000 - HOUR_MS;
  return {
    taskId: 'rep-xxxxxxx1',
    instanceId: 'ins-xxxxxxx1',
    alias: 'test-1',
    taskTypeId: 107,
    taskTypeName: '实例维护升级',
    taskSubType: null,
    taskStatus: 1,
    deviceStatus: 1,
    operateStatus: 1,
    createTime,
    authTime: createTime + 2 * DAY_MS,
    endTime: null,
    taskDetail:
      '监控到您的云服务器因底层宿主机架构、软件升级需要发起在线维护，处理过程中云服务器可能出现短时间高负载或者网络抖动。为尽快完成维护以提升实例性能及安全性，需要您授权我们在线维护。感谢您的支持与理解。',
    authType: 6,
    authSource: 'Waiting_auth',
    product: 'CVM',
    zone: 'ap-guangzhou-7',
    region: 'ap-guangzhou',
    vpcId: 'vpc-xxxxxxxx',
    vpcName: 'Default-VPC',
    subnetId: 'subnet-xxxxxxxx',
    subnetName: 'Default-Subnet',
    wanIp: null,
    lanIp: '10.0.0.7',
    ...fields,
  };
}

/** The second task of the vendor's page. */
function runningRisk(madeAt: EpochMs, fields: Partial<RepairTask> = {}): RepairTask {
  return exampleTask(madeAt, {
    taskId: 'rep-xxxxxxx2',
    instanceId: 'ins-xxxxxxx2',
    alias: 'test-2',
    taskTypeId: 101,
    taskTypeName: '实例运行隐患',
    taskDetail:
      '监控到您的云服务器存在隐患，可能导致云服务器高负载或宕机。为尽快修复隐患，需要您授权我们停机处理。感谢您的支持与理解。',
    authType: 2,
    lanIp: '10.0.0.8',
    ...fields,
  });
}

/** A disk warning whose repair may discard local disks, without a known deadline. */
function diskWarning(madeAt: EpochMs, fields: Partial<RepairTask> = {}): RepairTask {
  return exampleTask(madeAt, {
    taskId: 'rep-xxxxxxx3',
    instanceId: 'ins-xxxxxxx3',
    alias: 'test-3',
    taskTypeId: 106,
    taskTypeName: '实例硬盘预警',
    taskDetail: null,
    authTime: null,
    authType: 4,
    lanIp: '10.0.0.9',
    ...fields,
  });
}

const entry = (task: RepairTask, ...events: readonly TaskEvent[]): TaskEntry => ({ account: ACCOUNT, task, events });
const pending = (at: EpochMs): TaskEvent => ({ event: 'pending', at, again: false });

/** One sample of each kind of message, for `send-test`; the same `madeAt` gives the same samples. */
export function sampleMessages(madeAt: EpochMs): MessageFacts[] {
  const bare: Bare[] = [
    { kind: 'task', madeAt, entry: entry(exampleTask(madeAt), pending(madeAt)) },
    { kind: 'task', madeAt, entry: entry(diskWarning(madeAt), pending(madeAt)) },
    changedSample(madeAt),
    { kind: 'task', madeAt, entry: leftEntry(madeAt) },
    reminderSample(madeAt),
    rollUpSample(madeAt, false),
    rollUpSample(madeAt, true),
    operatorSample(madeAt),
    digestSample(madeAt),
  ];
  return bare.map((of) => ({ kind: 'sample', madeAt, of }));
}

function changedEntry(madeAt: EpochMs): TaskEntry {
  const task = exampleTask(madeAt);
  const before = (task.authTime ?? madeAt) + 12 * HOUR_MS;
  const changes = [
    { field: 'authTime', before, after: task.authTime },
    { field: 'authType', before: 7, after: 6 },
  ] as const;
  return entry(task, { event: 'changed', at: madeAt, changes });
}

function changedSample(madeAt: EpochMs): Bare {
  return { kind: 'task', madeAt, entry: changedEntry(madeAt) };
}

function leftEntry(madeAt: EpochMs): TaskEntry {
  const task = runningRisk(madeAt, {
    taskStatus: 2,
    operateStatus: 2,
    authSource: 'System_mandatory_auth',
    authTime: madeAt,
  });
  return entry(task, { event: 'left', at: madeAt, how: 'processing', status: 2, by: 'System_mandatory_auth' });
}

function reminderSample(madeAt: EpochMs): Bare {
  const authTime = madeAt + HOUR_MS;
  const task = runningRisk(madeAt, { createTime: authTime - 2 * DAY_MS, authTime });
  return { kind: 'task', madeAt, entry: entry(task, { event: 'reminder', at: madeAt, rungMs: HOUR_MS }) };
}

function rollUpSample(madeAt: EpochMs, dataLoss: boolean): Bare {
  const totals = { tasks: 14, dataLoss: 2 };
  const risky = [3, 4].map((n) =>
    entry(
      diskWarning(madeAt, { taskId: `rep-xxxxxxx${n}`, instanceId: `ins-xxxxxxx${n}`, alias: `test-${n}` }),
      pending(madeAt),
    ),
  );
  if (dataLoss) {
    return { kind: 'roll-up', madeAt, reason: 'first-run', dataLoss, totals, lines: risky, groups: [] };
  }
  const group = {
    account: ACCOUNT,
    event: 'pending',
    taskTypeId: 107,
    taskTypeName: '实例维护升级',
    zone: 'ap-guangzhou-7',
    count: 12,
    earliest: deadlineOf(exampleTask(madeAt)),
    taskIds: Array.from({ length: 12 }, (_, n) => `rep-xxxxxx${10 + n}`),
  } as const;
  return { kind: 'roll-up', madeAt, reason: 'first-run', dataLoss, totals, lines: [], groups: [group] };
}

function operatorSample(madeAt: EpochMs): Bare {
  const facts = { account: ACCOUNT, lastComplete: madeAt - 17 * MINUTE_MS };
  return {
    kind: 'operator',
    madeAt,
    notices: [{ event: 'operator', at: madeAt, code: 'poll-stale', subject: ACCOUNT, over: false, facts }],
  };
}

function digestSample(madeAt: EpochMs): Bare {
  const scheduled = runningRisk(madeAt, {
    taskId: 'rep-xxxxxxx5',
    instanceId: 'ins-xxxxxxx5',
    alias: 'test-5',
    taskStatus: 3,
  });
  return {
    kind: 'digest',
    name: 'morning',
    madeAt,
    scheduledAt: madeAt,
    coversFrom: madeAt - DAY_MS,
    late: false,
    pending: [entry(diskWarning(madeAt)), entry(exampleTask(madeAt))],
    fresh: [entry(diskWarning(madeAt), pending(madeAt - HOUR_MS))],
    changed: [changedEntry(madeAt)],
    left: [leftEntry(madeAt)],
    later: [{ account: ACCOUNT, task: scheduled, at: madeAt - HOUR_MS, from: 2, to: 3 }],
    accounts: [{ account: ACCOUNT, lastCompleteAt: madeAt - 2 * MINUTE_MS, known: true }],
    deadMessages: 0,
  };
}
