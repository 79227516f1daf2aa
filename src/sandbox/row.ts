import { type EpochMs, HOUR_MS } from '../lib/clock.ts';
import { formatVendorTime } from './vendor-time.ts';

/** RepairTaskInfo as the vendor's page names its fields; numbers may come as text, as in the vendor's own samples. */
export interface VendorRow {
  readonly TaskId: string;
  readonly InstanceId: string | null;
  readonly Alias: string | null;
  readonly TaskTypeId: number | string;
  readonly TaskTypeName: string | null;
  readonly TaskSubType: string | null;
  readonly TaskStatus: number | string;
  readonly DeviceStatus: number | string | null;
  readonly OperateStatus: number | string | null;
  readonly CreateTime: string;
  readonly AuthTime: string | null;
  readonly EndTime: string | null;
  readonly TaskDetail: string | null;
  readonly Zone: string | null;
  readonly Region: string | null;
  readonly VpcId: string | null;
  readonly VpcName: string | null;
  readonly SubnetId: string | null;
  readonly SubnetName: string | null;
  readonly WanIp: string | null;
  readonly LanIp: string | null;
  readonly AuthType: number | string | null;
  readonly AuthSource: string | null;
  readonly Product: string | null;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  101: '实例运行隐患',
  102: '实例运行异常',
  103: '实例硬盘异常',
  104: '实例网络连接异常',
  105: '实例运行预警',
  106: '实例硬盘预警',
  107: '实例维护升级',
};

const DETAILS: Readonly<Record<string, string>> = {
  101: '监控到您的云服务器存在隐患,可能导致云服务器高负载或宕机。为尽快修复隐患,需要您授权我们停机处理。感谢您的支持与理解。',
  102: '监控到您的云服务器因底层宿主机故障出现运行异常,我们正在紧急处理中。感谢您的支持与理解。',
  103: '监控到您的云服务器本地硬盘存在异常,可能影响数据读写。为尽快恢复,需要您授权我们更换硬盘;若选择弃盘迁移,本地盘数据将被丢弃,请提前备份。',
  104: '监控到您的云服务器所在宿主机网络连接异常,我们正在紧急处理中。感谢您的支持与理解。',
  105: '监控到您的云服务器底层宿主机存在运行风险预警,建议您尽快授权处理,避免影响业务。',
  106: '监控到您的云服务器本地硬盘存在预警,建议您尽快授权更换硬盘,避免数据受到影响。',
  107: '监控到您的云服务器因底层宿主机架构、软件升级需要发起在线维护,处理过程中云服务器可能出现短时间高负载或者网络抖动。为尽快完成维护以提升实例性能及安全性,需要您授权我们在线维护。感谢您的支持与理解。',
};

const AUTH_TYPE_OF: Readonly<Record<string, number>> = { 101: 2, 102: 2, 103: 4, 104: 2, 105: 1, 106: 3, 107: 6 };
const DISK_TYPES: readonly string[] = ['103', '106'];
const DEFAULT_START_AFTER_MS = 48 * HOUR_MS;

export interface RowOrigin {
  /** Makes ids and addresses: the same number gives the same row. */
  readonly number: number;
  /** CreateTime where the overrides give none. */
  readonly createdAt: EpochMs;
  readonly utcOffsetMs: number;
}

/** A whole row of the vendor's: what `given` leaves out is filled in as a pending task of its type would have it. */
export function vendorRow(given: Partial<VendorRow>, { number, createdAt, utcOffsetMs }: RowOrigin): VendorRow {
  const id = number.toString(36).padStart(8, '0');
  const type = String(given.TaskTypeId ?? 107);
  const status = Number(given.TaskStatus ?? 1);
  return {
    TaskId: `rep-${id}`,
    InstanceId: `ins-${id}`,
    Alias: `web-${number}`,
    TaskTypeId: 107,
    TaskTypeName: TYPE_NAMES[type] ?? '未知类型',
    TaskSubType: null,
    TaskStatus: 1,
    DeviceStatus: status,
    OperateStatus: status,
    CreateTime: formatVendorTime(createdAt, utcOffsetMs),
    AuthTime: DISK_TYPES.includes(type) ? null : formatVendorTime(createdAt + DEFAULT_START_AFTER_MS, utcOffsetMs),
    EndTime: null,
    TaskDetail: DETAILS[type] ?? '监控到您的云服务器需要维修,需要您授权我们处理。',
    Zone: 'ap-guangzhou-7',
    Region: 'ap-guangzhou',
    VpcId: 'vpc-2ari9m7h',
    VpcName: 'Default-VPC',
    SubnetId: 'subnet-k1rl7ojr',
    SubnetName: 'Default-Subnet',
    WanIp: null,
    LanIp: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
    AuthType: AUTH_TYPE_OF[type] ?? 2,
    AuthSource: status === 1 ? 'Waiting_auth' : 'Customer_auth',
    Product: 'CVM',
    ...given,
  };
}
