import { DAY_MS, HOUR_MS, MINUTE_MS } from '../src/lib/clock.ts';
import type { TaskEntry, TaskEvent } from '../src/model/alert.ts';
import type { DigestFacts, Message, MessageFacts } from '../src/model/message.ts';
import type { RepairTask } from '../src/model/task.ts';

/** Made-up tasks of a made-up account at a fixed moment, so that the pictures are the same each time: Tuesday, 09:00 in Beijing. */
const NOW = Date.UTC(2026, 10, 24, 1, 0);

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
  createTime: NOW - 3 * MINUTE_MS,
  authTime: NOW + 26 * HOUR_MS,
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
  createTime: NOW - 20 * HOUR_MS,
  authTime: NOW + 28 * HOUR_MS,
};
const risk: Partial<RepairTask> = {
  taskId: 'rep-6x2ad8pe',
  instanceId: 'ins-7mw3e6tb',
  alias: '订单服务-gz-07',
  taskTypeId: 101,
  authType: 2,
  zone: 'ap-guangzhou-7',
  lanIp: '10.0.14.21',
  createTime: NOW - 2 * DAY_MS + 5 * HOUR_MS,
  authTime: NOW + 5 * HOUR_MS,
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
  authTime: NOW - 6 * HOUR_MS,
};

const pendingAt = (at: number): TaskEvent => ({ event: 'pending', at, again: false });
const moved: TaskEvent = {
  event: 'changed',
  at: NOW - 4 * HOUR_MS,
  changes: [{ field: 'authTime', before: NOW + 29 * HOUR_MS, after: NOW + 5 * HOUR_MS }],
};
const started: TaskEvent = {
  event: 'left',
  at: NOW - 6 * HOUR_MS,
  how: 'processing',
  status: 2,
  by: 'System_mandatory_auth',
};

const DIGEST: DigestFacts = {
  kind: 'digest',
  name: 'morning',
  madeAt: NOW,
  scheduledAt: NOW,
  coversFrom: NOW - DAY_MS,
  late: false,
  pending: [entryOf({}), entryOf(risk), entryOf(upgrade)],
  fresh: [entryOf({}, pendingAt(NOW - 3 * MINUTE_MS))],
  changed: [entryOf(risk, moved)],
  left: [entryOf(done, started)],
  later: [],
  accounts: [{ account: 'prod', lastCompleteAt: NOW - 2 * MINUTE_MS, known: true }],
  deadMessages: 0,
};

function message(key: string, facts: MessageFacts): Message {
  return { key, facts, part: 1, parts: 1, plain: false, resume: null };
}

/** A new task that may lose data, as it is sent the moment it is seen. */
export const SHOWN_ALERT: Message = message('rw-k46ahlzsnd', {
  kind: 'task',
  madeAt: NOW,
  entry: entryOf({}, pendingAt(NOW)),
});

/** A morning's digest. */
export const SHOWN_DIGEST: Message = message('rw-7pq0f3x2bd', DIGEST);
