import type { Scenario } from './scenario.ts';

/** How long the built-in scenario plays. */
export const DEMO_SECONDS = 55;

const RISK = 'rep-d3m0r1sk';
const DISK = 'rep-d3m0d1sk';
const UPGRADE = 'rep-d3m0upgr';
const WARNING = 'rep-d3m0warn';
const HOSTILE = 'rep-d3m0host';

/** Tasks that wait before anyone looks, then one of each kind of event, then a task's way to its end. */
export const DEMO_SCENARIO: Scenario = [
  {
    at: 0,
    do: 'add',
    taskId: UPGRADE,
    row: { InstanceId: 'ins-4kq7u2ro', Alias: 'shop-web-01', TaskTypeId: 107, CreateTime: '-20h', LanIp: '10.0.12.7' },
  },
  {
    at: 0,
    do: 'add',
    taskId: WARNING,
    row: {
      InstanceId: 'ins-9hd1m0xa',
      Alias: '归档数据库-02',
      TaskTypeId: 106,
      CreateTime: '-200d',
      Zone: 'ap-shanghai-4',
      Region: 'ap-shanghai',
      LanIp: '10.1.0.44',
    },
  },
  {
    at: 0,
    do: 'add',
    taskId: HOSTILE,
    row: {
      InstanceId: 'ins-2zv8c5pe',
      Alias: '<!channel> *web*',
      TaskTypeId: 105,
      CreateTime: '-3h',
      AuthType: 7,
      LanIp: '10.0.12.9',
    },
  },
  {
    at: 8,
    do: 'add',
    taskId: RISK,
    row: {
      InstanceId: 'ins-7mw3e6tb',
      Alias: '订单服务-gz-07',
      TaskTypeId: 101,
      CreateTime: 'now',
      WanIp: '203.0.113.24',
      LanIp: '10.0.14.21',
    },
  },
  {
    at: 14,
    do: 'add',
    taskId: DISK,
    row: {
      InstanceId: 'ins-5rt0j8ny',
      Alias: 'kafka-data-03',
      TaskTypeId: 103,
      AuthType: 8,
      CreateTime: 'now',
      AuthTime: '+26h',
      TaskDetail:
        '监控到您的云服务器本地硬盘存在异常,数据存在丢失风险。该实例需通过弃盘迁移恢复,授权后本地盘数据将被丢弃且无法找回,请您提前备份数据后再授权。感谢您的支持与理解。',
      Zone: 'ap-beijing-6',
      Region: 'ap-beijing',
      LanIp: '10.2.3.16',
    },
  },
  { at: 20, do: 'set', taskId: RISK, row: { AuthTime: '+5h30m' } },
  {
    at: 28,
    do: 'set',
    taskId: UPGRADE,
    row: { TaskStatus: 4, DeviceStatus: 4, OperateStatus: 4, AuthTime: '+30m', AuthSource: 'Customer_auth' },
  },
  { at: 36, do: 'set', taskId: UPGRADE, row: { TaskStatus: 2, DeviceStatus: 2, OperateStatus: 2, AuthTime: 'now' } },
  { at: 44, do: 'set', taskId: UPGRADE, row: { TaskStatus: 3, DeviceStatus: 3, OperateStatus: 3, EndTime: 'now' } },
];
