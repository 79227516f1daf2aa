import type { TaskEventName } from '../model/alert.ts';
import type { ListWords } from './catalogue.ts';

const risk = (n: number): string => (n === 0 ? '' : `，其中 ${n} 个可能丢失数据`);

const groupEvents: Readonly<Record<TaskEventName, (n: number) => string>> = {
  pending: (n) => `${n} 个待授权`,
  changed: (n) => `${n} 个有变更`,
  left: (n) => `${n} 个已离开待授权状态`,
  reminder: (n) => `${n} 个提醒`,
};

export const zhLists = {
  titleFirstRun: (n, dataLoss) => `已有 ${n} 个维修任务待授权${risk(dataLoss)}`,
  titleMany: (n, dataLoss) => `${n} 个维修任务有新动态${risk(dataLoss)}`,
  titleDataLoss: (n) => `【可能丢失数据】${n} 个维修任务`,
  titleReturned: (waiting, passed, dataLoss) =>
    waiting === 0
      ? `中断恢复汇总：${passed} 个维修任务均已不在待授权状态`
      : passed === 0
        ? `中断恢复汇总：${waiting} 个维修任务待授权${risk(dataLoss)}`
        : `中断恢复汇总：${waiting + passed} 个维修任务有新动态，${waiting} 个当前待授权${risk(dataLoss)}`,
  introFirstRun: 'repairwatch 首次读取该账号时，这些任务已处于待授权状态；此后新任务将逐个通知。',
  introMany: '短时间内动态较多，合并通知。',
  introReturned: (why, since) =>
    `${why === 'down' ? `自 ${since} 起，本渠道一直无法接收消息。` : `自 ${since} 起，repairwatch 未在运行，或其数据库是用当时的备份恢复的。`}以下为当前情况；中断前已通知且没有变化的任务不再重复。`,
  introDataLoss: (n) =>
    n === 1
      ? '该维修可能清空实例的本地盘数据，授权前请务必先备份。'
      : '这些维修可能清空实例的本地盘数据，授权前请务必逐一备份。',
  totals: (n, dataLoss) =>
    dataLoss === 0
      ? `共 ${n} 个维修任务，均不涉及本地盘数据丢失。`
      : `共 ${n} 个维修任务，其中 ${dataLoss} 个可能丢失数据。`,
  totalsReturned: (waiting, passed, dataLoss) =>
    `当前有 ${waiting} 个维修任务待授权${risk(dataLoss)}${passed === 0 ? '' : `；另有 ${passed} 个在中断期间已离开待授权状态`}。`,
  headingPassed: (n) => `已不在待授权状态：${n} 个`,
  headingDataLoss: (n) => `可能清空本地盘：${n} 个`,
  headingTasks: (n) => `任务：${n} 个`,
  headingGroups: (n) => `按账号、类型、可用区汇总：${n} 个`,
  group: (where, event, n, earliest) => `${where}：${groupEvents[event](n)}，最早截止时间 ${earliest}`,
  groupAlso: (events) => `；其中另有：${events.map(([event, n]) => groupEvents[event](n)).join('、')}`,
  more: (n) => `另有 ${n} 项`,
  moreByCommand: (n) => `另有 ${n} 个：执行 "repairwatch list" 查看完整列表`,
  moreAttached: (n) => `另有 ${n} 个：完整列表见附件 CSV`,
  nextStep: '请在控制台授权；执行 "repairwatch explain 任务ID" 可得到单个任务的授权命令。',
  tag: '可能丢数据',
  certainty: { stated: '接口给出', estimated: '估算：创建时间 + 48 小时', none: '未知' },
} satisfies ListWords;
