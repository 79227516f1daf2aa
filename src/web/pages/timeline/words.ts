import type { Language } from '../../../model/vocabulary.ts';

export interface TimelineWords {
  readonly title: string;
  readonly intro: string;
  readonly by: string;
  readonly byAccount: string;
  readonly byZone: string;
  readonly next: string;
  readonly nextNothing: string;
  readonly overdue: string;
  readonly past: string;
  readonly pastNothing: string;
  readonly noZone: string;
  others(lanes: number): string;
  mark(lane: string, when: string, tasks: number, dataLoss: number): string;
  /** A mark that is one task. */
  one(instance: string, passed: boolean, when: string, dataLoss: boolean): string;
  /** How the moments of a mark's tasks are known. */
  begun(seen: number, authorized: number): string;
  readonly pastSays: string;
  chart(tasks: number, lanes: number): string;
  cut(shown: number): string;
  readonly columns: {
    readonly starts: string;
    readonly left: string;
    readonly instance: string;
    readonly account: string;
    readonly type: string;
    readonly place: string;
    readonly day: string;
    readonly started: string;
    readonly seen: string;
    readonly authorized: string;
    readonly dataLoss: string;
  };
  readonly legend: { readonly safe: string; readonly dataLoss: string };
  readonly asTable: string;
  readonly subscribe: string;
}

export const TIMELINE_WORDS: Readonly<Record<Language, TimelineWords>> = {
  en: {
    title: 'Timeline',
    intro: 'When repairs start by themselves if nobody acts, and when they started.',
    by: 'A row for each',
    byAccount: 'account',
    byZone: 'zone',
    next: 'The next 72 hours',
    nextNothing: 'No task that waits starts by itself within 72 hours, as far as is known.',
    overdue: 'overdue',
    past: 'Repairs that started in the last 30 days',
    pastNothing: 'No repair is known to have started in the last 30 days.',
    begun: (seen, authorized) =>
      authorized === 0
        ? 'seen to start'
        : seen === 0
          ? 'by the time of the authorization'
          : `${seen} seen to start, ${authorized} by the time of the authorization`,
    pastSays:
      'Repairs under way or over. Where no poll saw the start, the mark is at the AuthTime of the API, the earliest that it can have been.',
    noZone: 'zone not given',
    others: (lanes) => `${lanes} others`,
    mark: (lane, when, tasks, dataLoss) =>
      `${lane}, ${when}: ${tasks === 1 ? '1 task' : `${tasks} tasks`}${dataLoss === 0 ? '' : `, ${dataLoss} may lose data`}`,
    one: (instance, passed, when, dataLoss) =>
      `${instance}: ${passed ? 'overdue since' : 'starts'} ${when}${dataLoss ? ', may lose data' : ''}`,
    chart: (tasks, lanes) =>
      `Chart of ${tasks === 1 ? '1 task' : `${tasks} tasks`} in ${lanes === 1 ? '1 row' : `${lanes} rows`}; the same follows as a table.`,
    cut: (shown) => `Only the first ${shown} are shown.`,
    columns: {
      starts: 'Starts',
      left: 'Time left',
      instance: 'Instance',
      account: 'Account',
      type: 'Type',
      place: 'Zone',
      day: 'Day',
      started: 'Started',
      seen: 'Seen to start',
      authorized: 'By authorization',
      dataLoss: 'May have lost data',
    },
    legend: { safe: 'keeps local disks', dataLoss: 'may lose data' },
    asTable: 'As a table',
    subscribe: 'Subscribe as a calendar (anyone with this link can read it)',
  },
  'zh-CN': {
    title: '时间线',
    intro: '无人处理时维修何时自动开始，以及过去的维修何时开始。',
    by: '每行对应一个',
    byAccount: '账号',
    byZone: '可用区',
    next: '未来 72 小时',
    nextNothing: '据目前所知，72 小时内没有待授权任务会自动开始。',
    overdue: '已逾期',
    past: '过去 30 天内开始的维修',
    pastNothing: '过去 30 天内没有已知的维修开始。',
    begun: (seen, authorized) =>
      authorized === 0
        ? '轮询时发现开始'
        : seen === 0
          ? '按授权时间'
          : `${seen} 个由轮询发现开始，${authorized} 个按授权时间`,
    pastSays:
      '包括处理中和已结束的任务。未能观察到开始时刻的，按 API 的授权时间（AuthTime）标注，即最早可能开始的时间。',
    noZone: '未提供可用区',
    others: (lanes) => `其他 ${lanes} 项`,
    mark: (lane, when, tasks, dataLoss) =>
      `${lane}，${when}：${tasks} 个任务${dataLoss === 0 ? '' : `，其中 ${dataLoss} 个可能丢数据`}`,
    one: (instance, passed, when, dataLoss) =>
      `${instance}：${passed ? '已逾期，原定' : '自动开始'} ${when}${dataLoss ? '，可能丢数据' : ''}`,
    chart: (tasks, lanes) => `图表：${lanes} 行，共 ${tasks} 个任务；下方表格内容相同。`,
    cut: (shown) => `仅显示前 ${shown} 个。`,
    columns: {
      starts: '自动开始时间',
      left: '剩余时间',
      instance: '实例',
      account: '账号',
      type: '任务类型',
      place: '可用区',
      day: '日期',
      started: '已开始',
      seen: '轮询发现',
      authorized: '按授权时间',
      dataLoss: '可能已丢数据',
    },
    legend: { safe: '保留本地盘数据', dataLoss: '可能丢数据' },
    asTable: '以表格查看',
    subscribe: '以日历形式订阅（任何持有该链接的人都可以查看）',
  },
};
