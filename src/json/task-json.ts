import { isoTime } from '../lib/iso-time.ts';
import { deadlineOf } from '../model/deadline.ts';
import { mayLoseData, type RepairTask } from '../model/task.ts';
import { TASK_STATUSES, TASK_TYPES } from '../model/vocabulary.ts';
import type { StoredTask } from '../store/store.ts';

/** Our reading of a task, the same wherever a task is printed. */
export function readingJson(task: RepairTask) {
  const { certainty, at } = deadlineOf(task);
  const { taskTypeId, taskTypeName, taskStatus } = task;
  return {
    taskType: (taskTypeId === null ? undefined : TASK_TYPES[taskTypeId]?.en) ?? taskTypeName,
    status: TASK_STATUSES[taskStatus]?.en ?? null,
    dataLoss: mayLoseData(task),
    deadline: isoTime(at),
    deadlineCertainty: certainty,
  };
}

/** One task, as `list`, `explain`, `export` and the API show it: texts as the API gave them. Names may be added, never changed. */
export function taskJson({ account, task, firstSeenAt, changedAt, revision }: StoredTask) {
  const { taskType, status, dataLoss, deadline, deadlineCertainty } = readingJson(task);
  const { taskId, instanceId, alias, taskTypeId, taskStatus, authType, authTime } = task;
  return {
    account,
    taskId,
    instanceId,
    alias,
    taskTypeId,
    taskType,
    taskStatus,
    status,
    dataLoss,
    authType,
    authSource: task.authSource,
    deadline,
    deadlineCertainty,
    authTime: isoTime(authTime),
    createTime: isoTime(task.createTime),
    firstSeenAt: isoTime(firstSeenAt),
    changedAt: isoTime(changedAt),
    revision,
    product: task.product,
    region: task.region,
    zone: task.zone,
    lanIp: task.lanIp,
    wanIp: task.wanIp,
    taskDetail: task.taskDetail,
  };
}
