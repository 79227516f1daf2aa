import type { EpochMs } from '../lib/clock.ts';

/**
 * One repair task (维修任务) as the API shows it at one moment, after parsing.
 * Source: RepairTaskInfo on the vendor's page of DescribeTaskInfo. Times are UTC; enumerations keep unknown values as they came.
 */
export interface RepairTask {
  readonly taskId: string;
  readonly instanceId: string | null;
  /** Free text of the customer's: hostile until escaped. */
  readonly alias: string | null;
  /** 101 … 107; see `TASK_TYPES`. */
  readonly taskTypeId: number | null;
  /** The vendor's own Chinese name, used only where `taskTypeId` is not known to us. */
  readonly taskTypeName: string | null;
  readonly taskSubType: string | null;
  /** 1 … 6; see `TASK_STATUSES`. "Pending" is judged by this field alone. */
  readonly taskStatus: number;
  readonly deviceStatus: number | null;
  readonly operateStatus: number | null;
  readonly createTime: EpochMs;
  /** While the task is in status 1: the planned start (assumed); afterwards the moment of the authorization. */
  readonly authTime: EpochMs | null;
  readonly endTime: EpochMs | null;
  /** Chinese prose of the vendor's: hostile until escaped. */
  readonly taskDetail: string | null;
  /** 1 … 8; see `AUTH_TYPES`: what the authorization allows the vendor to do. */
  readonly authType: number | null;
  readonly authSource: string | null;
  readonly product: string | null;
  readonly zone: string | null;
  readonly region: string | null;
  readonly vpcId: string | null;
  readonly vpcName: string | null;
  readonly subnetId: string | null;
  readonly subnetName: string | null;
  readonly wanIp: string | null;
  readonly lanIp: string | null;
}

export const PENDING = 1;
export const PROCESSING = 2;

/** The statuses of a task that is not over: pending authorization, processing, scheduled. They are what the `live` set asks for. */
export const OPEN_STATUSES: readonly number[] = [1, 2, 4];

export function isOpen(task: Pick<RepairTask, 'taskStatus'>): boolean {
  return OPEN_STATUSES.includes(task.taskStatus);
}

/** Processing and ended. */
const BEGUN_STATUSES: readonly number[] = [PROCESSING, 3];

/** The vendor has begun its repair, which may be over. */
export function hasBegun(task: Pick<RepairTask, 'taskStatus'>): boolean {
  return BEGUN_STATUSES.includes(task.taskStatus);
}

/**
 * AuthTypes whose authorization never discards local disks: 1 online migration, 2 shutdown, 3 online disk change, 6 online maintenance,
 * 7 online maintenance or shutdown. Any other value, a missing one included, may.
 */
const KEEPS_LOCAL_DISKS: readonly number[] = [1, 2, 3, 6, 7];

/** True where the repair may discard local disks: AuthType 4, 5, 8 or one that we do not know. */
export function mayLoseData(task: Pick<RepairTask, 'authType'>): boolean {
  return task.authType === null || !KEEPS_LOCAL_DISKS.includes(task.authType);
}

/** The task without what no list shows: the vendor's prose and the network's names, which are most of its size. */
export function listedFacts(task: RepairTask): RepairTask {
  return { ...task, taskDetail: null, vpcId: null, vpcName: null, subnetId: null, subnetName: null };
}
