import type { DigestWords } from './catalogue.ts';

const unknown = (n: number): string => (n === 0 ? '' : `；${n} 个账号情况未知`);

export const zhDigest = {
  titlePending: (name, pending, dataLoss, unknownAccounts) =>
    `维修任务摘要 ${name}：待授权 ${pending} 个${dataLoss === 0 ? '' : `，其中 ${dataLoss} 个可能丢失数据`}${unknown(unknownAccounts)}`,
  titleNothing: (name) => `维修任务摘要 ${name}：没有待授权任务`,
  titleUnknown: (name, n) => `维修任务摘要 ${name}：${n === 0 ? '未读取任何账号' : `${n} 个账号情况未知`}`,
  covers: (from, to) => `统计区间：${from} 至 ${to}。`,
  late: (due, from, to) => `本摘要晚到：应于 ${due} 发出，当时 repairwatch 未运行。统计区间为 ${from} 至 ${to}。`,
  unknownAccount: (account, at) =>
    `账号 ${account} 的待授权情况未知：${at === null ? '该账号从未完整读取' : `最近一次完整读取于 ${at}`}，执行 "repairwatch polls" 查看原因。`,
  unknownAccounts: (accounts) =>
    `账号 ${accounts} 的待授权情况未知：各账号最近一次完整读取的时间见下文。执行 "repairwatch polls" 查看原因。`,
  noAccounts: '未读取任何账号，待授权情况未知。',
  nothing: '没有待授权任务：所有账号均已完整读取。',
  nothingSeen: '在已读取的账号中，未发现等待授权的任务。',
  figures: { pending: '待授权', dataLoss: '可能丢数据', fresh: '新增', changed: '变更', left: '离开' },
  figure: (label, value) => `${label} ${value}`,
  more: (n) => `为控制篇幅，另有 ${n} 条仅计数、未逐条列出；执行 "repairwatch list" 可查看全部未结任务。`,
  headingPending: (n) => `待授权（按截止时间）：${n} 个`,
  headingFresh: (n) => `新增：${n} 个`,
  headingChanged: (n) => `变更：${n} 个`,
  headingLeft: (n) => `已离开待授权：${n} 个`,
  headingByDefault: (n) => `由腾讯云默认授权开始：${n} 个`,
  introByDefault: '以下任务由腾讯云系统默认授权，未经人工决定。',
  headingLater: (n) => `后续进展：${n} 项`,
  headingAccounts: (n) => `账号：${n} 个`,
  step: (task, from, to, at) =>
    from === null ? `${task}：首次发现时为${to}，${at}` : `${task}：${from} → ${to}，${at}`,
  firstSeenAs: (status, at) => `${at} 首次发现时已为“${status}”，此前未见待授权。`,
  accountRead: (account, at, relative) => `${account}：最近完整读取于 ${at}（${relative}）`,
  accountUnknown: (account, at) =>
    at === null ? `${account}：情况未知，从未完整读取` : `${account}：情况未知，最近一次完整读取于 ${at}`,
  dead: (n) => `有 ${n} 条消息未能送达：执行 "repairwatch deliveries" 查看，"repairwatch requeue" 重新发送。`,
} satisfies DigestWords;
