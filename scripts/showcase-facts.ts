import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/lib/clock.ts';
import type { TaskEntry, TaskEvent } from '../src/model/alert.ts';
import type { DigestFacts, Message, MessageFacts } from '../src/model/message.ts';
import type { RepairTask } from '../src/model/task.ts';

/** Made-up tasks of a made-up account at a fixed moment, so that the pictures are the same each time: Tuesday, 09:00 in Beijing. */
export const SHOWN_AT = Date.UTC(2026, 10, 24, 1, 0);

const TASK: RepairTask = {
  taskId: 'rep-1h7kq2vm',
  instanceId: 'ins-5rt0j8ny',
  alias: 'kafka-data-03',
  taskTypeId: 103,
  taskTypeName: '实例硬盘异常',
  taskSubType: null,
  taskStatus: 1,
  deviceStatus: 1,
  operateStatus: 1,
  createTime: SHOWN_AT - 3 * MINUTE_MS,
  authTime: SHOWN_AT + 26 * HOUR_MS,
  endTime: null,
  taskDetail:
    '监控到您的云服务器本地硬盘存在异常，数据存在丢失风险。该实例需通过弃盘迁移恢复，请您提前备份数据后再授权。',
  authType: 8,
  authSource: 'Waiting_auth',
  product: 'CVM',
  zone: 'ap-beijing-6',
  region: 'ap-beijing',
  vpcId: null,
  vpcName: null,
  subnetId: null,
  subnetName: null,
  wanIp: null,
  lanIp: '10.2.3.16',
};

const entryOf = (fields: Partial<RepairTask>, ...events: readonly TaskEvent[]): TaskEntry => ({
  account: 'prod',
  task: { ...TASK, ...fields },
  events,
});

const upgrade: Partial<RepairTask> = {
  taskId: 'rep-9c3f0w5t',
  instanceId: 'ins-4kq7u2ro',
  alias: 'shop-web-01',
  taskTypeId: 107,
  authType: 6,
  zone: 'ap-guangzhou-7',
  lanIp: '10.0.12.7',
  createTime: SHOWN_AT - 20 * HOUR_MS,
  authTime: SHOWN_AT + 28 * HOUR_MS,
};
const risk: Partial<RepairTask> = {
  taskId: 'rep-6x2ad8pe',
  instanceId: 'ins-7mw3e6tb',
  alias: '订单服务-gz-07',
  taskTypeId: 101,
  authType: 2,
  zone: 'ap-guangzhou-7',
  lanIp: '10.0.14.21',
  createTime: SHOWN_AT - 2 * DAY_MS + 5 * HOUR_MS,
  authTime: SHOWN_AT + 5 * HOUR_MS,
};
const done: Partial<RepairTask> = {
  taskId: 'rep-3m8sz1qk',
  instanceId: 'ins-2zv8c5pe',
  alias: 'search-es-11',
  taskTypeId: 107,
  authType: 6,
  zone: 'ap-shanghai-4',
  lanIp: '10.1.0.44',
  taskStatus: 2,
  authSource: 'System_mandatory_auth',
  authTime: SHOWN_AT - 6 * HOUR_MS,
};

const pendingAt = (at: number): TaskEvent => ({ event: 'pending', at, again: false });
const moved: TaskEvent = {
  event: 'changed',
  at: SHOWN_AT - 4 * HOUR_MS,
  changes: [{ field: 'authTime', before: SHOWN_AT + 29 * HOUR_MS, after: SHOWN_AT + 5 * HOUR_MS }],
};
const started: TaskEvent = {
  event: 'left',
  at: SHOWN_AT - 6 * HOUR_MS,
  how: 'processing',
  status: 2,
  by: 'System_mandatory_auth',
};

const DIGEST: DigestFacts = {
  kind: 'digest',
  name: 'morning',
  madeAt: SHOWN_AT,
  scheduledAt: SHOWN_AT,
  coversFrom: SHOWN_AT - DAY_MS,
  late: false,
  pending: [entryOf({}), entryOf(risk), entryOf(upgrade)],
  fresh: [entryOf({}, pendingAt(SHOWN_AT - 3 * MINUTE_MS))],
  changed: [entryOf(risk, moved)],
  left: [entryOf(done, started)],
  later: [],
  accounts: [{ account: 'prod', lastCompleteAt: SHOWN_AT - 2 * MINUTE_MS, known: true }],
  deadMessages: 0,
};

function message(key: string, facts: MessageFacts): Message {
  return { key, facts, part: 1, parts: 1, plain: false, resume: null };
}

/** A new task that may lose data, as it is sent the moment it is seen. */
export const SHOWN_ALERT: Message = message('rw-k46ahlzsnd', {
  kind: 'task',
  madeAt: SHOWN_AT,
  entry: entryOf({}, pendingAt(SHOWN_AT)),
});

/** A morning's digest. */
export const SHOWN_DIGEST: Message = message('rw-7pq0f3x2bd', DIGEST);

const more: readonly Partial<RepairTask>[] = [
  {
    taskId: 'rep-5v1ne7ha',
    instanceId: 'ins-8dk2s0xw',
    alias: 'redis-cache-a2',
    taskTypeId: 101,
    authType: 2,
    authTime: SHOWN_AT + 9 * HOUR_MS,
  },
  {
    taskId: 'rep-2t9bw4yc',
    instanceId: 'ins-1fz6m3qa',
    alias: 'ml-train-gpu-4',
    taskTypeId: 104,
    authType: 7,
    authTime: SHOWN_AT + 17 * HOUR_MS,
  },
  {
    taskId: 'rep-8j3rk6ud',
    instanceId: 'ins-6ph9c4ev',
    alias: 'kafka-data-05',
    taskTypeId: 103,
    authType: 5,
    authTime: null,
  },
  {
    taskId: 'rep-4y7mc1zo',
    instanceId: 'ins-3wb5t8gn',
    alias: 'search-es-12',
    taskTypeId: 107,
    authType: 6,
    authTime: SHOWN_AT + 40 * HOUR_MS,
  },
];

/** What the page is drawn with: the digest's tasks among others, some over. */
export const SHOWN_TASKS: readonly RepairTask[] = [
  { ...TASK, authTime: SHOWN_AT + 3 * HOUR_MS + 12 * MINUTE_MS },
  { ...TASK, ...risk },
  { ...TASK, ...upgrade },
  ...more.map((fields) => ({ ...TASK, zone: 'ap-guangzhou-7', ...fields })),
  { ...TASK, ...done },
];
