import type { Catalogue } from './catalogue.ts';
import { zhDigest } from './zh-cn-digest.ts';
import { zhLists } from './zh-cn-lists.ts';
import { zhOperator } from './zh-cn-operator.ts';
import { zhTask } from './zh-cn-task.ts';

/** The Chinese catalogue, in the vendor's own terms (维修任务, 待授权, 预约 …). */
export const zhCn = {
  language: 'zh-CN',
  time: {
    weekdays: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
    moment: (weekday, date, time, zone) => `${date} ${weekday} ${time} ${zone}`,
    duration(days, hours, minutes) {
      if (days > 0) return hours > 0 ? `${days} 天 ${hours} 小时` : `${days} 天`;
      if (hours > 0) return minutes > 0 ? `${hours} 小时 ${minutes} 分钟` : `${hours} 小时`;
      return minutes > 0 ? `${minutes} 分钟` : '不到 1 分钟';
    },
    ahead: (duration) => `${duration}后`,
    ago: (duration) => `${duration}前`,
    unknown: '时间未知',
  },
  names: {
    unknownType: (id, vendorName) => (vendorName === null ? `任务类型 ${id}` : `${vendorName}（任务类型 ${id}）`),
    typeMissing: '未提供任务类型',
    unknownStatus: (id) => `任务状态 ${id}（未知）`,
    notListed: '不再列出',
    unknownAuthType: (id) => `AuthType ${id}（未知，可能丢弃本地盘数据）`,
    authTypeMissing: '未提供 AuthType（可能丢弃本地盘数据）',
    unknownValue: (raw) => raw,
    product: (code, name) => `${name}（${code}）`,
    none: '无',
    instance: (alias, id) => `${alias}（${id}）`,
    list: (items) => items.join('、'),
    events: { pending: '待授权', changed: '变更', left: '离开待授权', reminder: '提醒' },
  },
  labels: {
    account: '账号',
    task: '任务 ID',
    type: '任务类型',
    instance: '实例',
    place: '可用区',
    lanIp: '内网 IP',
    deadline: '截止时间',
    allows: '授权方式',
    created: '创建时间',
    status: '任务状态',
    product: '产品',
    zone: '可用区',
    region: '地域',
    instanceId: '实例 ID',
    alias: '实例名称',
    certainty: '截止时间来源',
    dataLoss: '可能丢数据',
    event: '事件',
  },
  task: zhTask,
  lists: zhLists,
  digest: zhDigest,
  operator: zhOperator,
  frame: {
    sampleTitle: (title) => `【样例】${title}`,
    sampleBanner: '这是 "repairwatch send-test" 发送的样例，其中的任务并不存在，无需处理。',
    part: (part, parts) => `第 ${part}/${parts} 部分`,
    zone: (timezone) => `时区 ${timezone}`,
    reference: (key) => `编号 ${key}`,
    openConsole: '打开控制台',
    openPage: '打开 repairwatch',
    attached: '完整列表见附件 CSV。',
    colon: '：',
  },
} satisfies Catalogue;
