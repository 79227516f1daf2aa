import type { RepairTask } from '../../src/model/task.ts';

/** A parsed task as the vendor's page shows one, pending since 2026-11-20T04:00:00Z with its default start 48 h later. */
export function repairTask(overrides: Partial<RepairTask> = {}): RepairTask {
  const createTime = overrides.createTime ?? Date.UTC(2026, 10, 20, 4);
  return {
    taskId: 'rep-00000001',
    instanceId: 'ins-00000001',
    alias: 'web-1',
    taskTypeId: 101,
    taskTypeName: '实例运行隐患',
    taskSubType: null,
    taskStatus: 1,
    deviceStatus: 1,
    operateStatus: 1,
    createTime,
    authTime: createTime + 48 * 3_600_000,
    endTime: null,
    taskDetail: '监控到您的云服务器存在隐患',
    authType: 2,
    authSource: 'Waiting_auth',
    product: 'CVM',
    zone: 'ap-guangzhou-7',
    region: 'ap-guangzhou',
    vpcId: 'vpc-00000001',
    vpcName: 'Default-VPC',
    subnetId: 'subnet-00000001',
    subnetName: 'Default-Subnet',
    wanIp: null,
    lanIp: '10.0.0.1',
    ...overrides,
  };
}
