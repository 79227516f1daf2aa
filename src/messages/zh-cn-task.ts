import type { LeftHow, WatchedField } from '../model/alert.ts';
import type { TaskWords } from './catalogue.ts';

const fields: Readonly<Record<WatchedField, string>> = {
  authTime: '计划开始时间',
  authType: '授权方式',
  taskTypeId: '任务类型',
  instanceId: '实例',
  product: '产品',
  taskSubType: '任务子类型',
};

const leftTitles: Readonly<Record<LeftHow, string>> = {
  processing: '维修已开始',
  scheduled: '维修已预约',
  ended: '维修已结束',
  cancelled: '维修任务已取消',
  avoided: '维修任务已避免',
  unlisted: '维修任务不再列出',
  other: '维修任务已离开待授权状态',
};

const leftSentences: Readonly<Record<LeftHow, (status: string) => string>> = {
  processing: () => '维修已开始',
  scheduled: () => '已授权并预约，将在预约时间开始维修',
  ended: () => '维修已结束',
  cancelled: () => '任务已取消',
  avoided: () => '任务已避免，无需再维修',
  unlisted: () => '接口不再返回该任务，但这不代表问题已解决，请检查实例',
  other: (status) => `任务不再处于待授权状态，当前状态为“${status}”`,
};

export const zhTask = {
  titlePending: (what, again) => (again ? `维修任务再次待授权：${what}` : `维修任务待授权：${what}`),
  titleStillPending: (what) => `维修任务仍待授权：${what}`,
  titleChanged: (what) => `待授权维修任务有变更：${what}`,
  titleLeft: (how, what, byDefault) =>
    byDefault && how === 'processing' ? `维修已由腾讯云默认授权开始：${what}` : `${leftTitles[how]}：${what}`,
  titleReminder(tier, what, left) {
    if (tier === 'overdue') return `已过计划时间仍待授权：${what}`;
    if (tier === 'no-deadline') return `仍待授权，截止时间未知：${what}`;
    if (tier === 'calm') return `授权还剩 ${left}：${what}`;
    return tier === 'firm' ? `授权仅剩 ${left}：${what}` : `【紧急】授权仅剩 ${left}：${what}`;
  },
  what: (instance, type) => `${instance} ${type}`,
  dataLossTitle: (title) => `【可能丢失数据】${title}`,
  dataLossWarning: '本次维修可能清空实例的本地盘数据，请务必先备份再授权。',
  unknownAuthTypeWarning: (authType) =>
    `${authType}：repairwatch 无法判断该授权允许的操作，请按可能清空本地盘处理，先备份数据。`,
  pending: (at, again) => (again ? `任务回到待授权状态（${at} 发现）。` : `任务等待您授权（${at} 首次发现）。`),
  pendingAfter: (over, firstSeen) =>
    `${over === 'mute' ? '静默' : '认领'}已结束，任务仍在等待您授权（${firstSeen} 首次发现）。`,
  changed: (changes) => `变更：${changes.join('；')}。`,
  change: (field, before, after) => `${fields[field]}：${before} → ${after}`,
  left: (how, status, by) =>
    by === null ? `${leftSentences[how](status)}。` : `${leftSentences[how](status)}（${by}）。`,
  reminder(tier, left, last) {
    if (tier === 'overdue') return `计划开始时间（${left}）已过，任务仍待授权。`;
    if (tier === 'no-deadline') return '任务仍待授权，且没有已知的截止时间。';
    if (tier === 'calm') return `距默认开始还有 ${left}，现在正适合选一个合适的时间预约维修。`;
    if (tier === 'firm') return `距默认开始仅剩 ${left}，请尽快预约，或提前做好业务切换准备。`;
    return `距默认开始仅剩 ${left}${last ? '，这是最后一次提醒' : ''}：请立即处理，否则将由腾讯云决定维修时间。`;
  },
  reminderReadAt: (at) =>
    at === null
      ? '该账号从未完整读取，以上情况可能已变化。'
      : `以上为 ${at} 的情况；此后该账号未能完整读取，情况可能已变化。`,
  reminderLate: (due) => `本提醒晚到：应于 ${due} 发出，当时 repairwatch 未能发送。`,
  deadlineStated: (time, relative) => `${time}（${relative}）`,
  deadlineEstimated: (time, relative) => `${time}（${relative}），估算值：创建时间 + 48 小时`,
  deadlineNone: '未知：官方文档未说明会自动开始',
  startsBy: (time, relative, estimated) =>
    `${estimated ? '预计 ' : ''}${time} 自动开始（${relative}${estimated ? '，估算' : ''}）`,
  wasDue: (time, relative, estimated) => `已过计划开始时间 ${time}（${relative}${estimated ? '，估算' : ''}）`,
  startsNever: '截止时间未知',
  deadlineShort: (time, estimated) => (estimated ? `约 ${time}` : time),
  deadlineShortNone: '截止时间未知',
  ifNobodyActs(certainty, time, passed) {
    if (passed) return `计划开始时间（${time}）已过，腾讯云随时可能自动开始维修。`;
    return certainty === 'stated'
      ? `腾讯云将于 ${time} 自动开始维修。`
      : `腾讯云预计于 ${time} 左右自动开始维修；接口未给出时间，此处按创建时间 + 48 小时估算。`;
  },
  ifNobodyActsNone: '官方文档未说明此类任务会自动开始：任务将一直等待授权，在此期间故障不会消除。',
  happened: (at, what) => `${at}：${what}`,
  headingIfNobodyActs: '如果无人处理',
  headingChanges: '变更内容',
  headingEvents: '经过',
  headingNextStep: '下一步',
  headingVendorSays: '腾讯云说明',
  nextStep: '请在控制台授权，或使用以下命令：',
  nextStepDataLoss: '请先备份本地盘数据，再到控制台授权，或使用以下命令：',
  nextStepNothing: '请在控制台授权。',
  book: '预约授权（请改成合适的时间：5 分钟至 48 小时内，北京时间）',
  immediate: '或立即授权：马上开始维修，不可撤销',
  takeOn: '由您跟进？认领后，任务状态变化前不再提醒（请改成您的名字）',
  acknowledged: (by, at, relative, until) =>
    `${by} 已于 ${at} 认领（${relative}）${until === null ? '' : `，有效至 ${until}`}`,
  muted: (until, by, reason) => `静默至 ${until}${by === null ? '' : `（${by}）`}：${reason}`,
} satisfies TaskWords;
