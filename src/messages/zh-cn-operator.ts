import type { OperatorValues, OperatorWords } from './catalogue.ts';

const lateTask: Readonly<Record<string, (v: OperatorValues) => string>> = {
  'started-early': (v) =>
    `账号 ${v.account} 的任务 ${v.taskId} 比显示的截止时间提前 15 分钟以上开始，且未经人工授权：如非预置策略所致，显示的截止时间可能偏晚，请检查该账号的 utcOffset 设置。`,
  'proven-second': (v) =>
    `账号 ${v.account} 的任务 ${v.taskId} 出现在此前已完整读取过的时间点，可能是 utcOffset 设置有误或接口数据延迟，请到控制台核对其创建时间。`,
  future: (v) =>
    `账号 ${v.account} 的任务 ${v.taskId} 创建时间比当前晚 ${v.offset}，说明该账号的时间可能整体偏移，请检查其 utcOffset 设置和本机时钟。`,
};

const whyStale = (v: OperatorValues): string =>
  v.whyStale === null
    ? '执行 "repairwatch polls" 查看原因'
    : `最近一次轮询的原因是“${v.whyStale}”，执行 "repairwatch polls" 查看全部轮询`;

export const zhOperator = {
  title: (n) => `repairwatch 需要关注：${n} 条通知`,
  titleOver: (title) => `【已恢复】${title}`,
  titles: {
    'account-blocked': (v) => `账号 ${v.account} 被拒绝访问`,
    'poll-stale': (v) => `账号 ${v.account} 长时间未完整读取`,
    'tasks-vanished': (v) => `账号 ${v.account} 的任务突然大量消失`,
    'rows-set-aside': (v) => `账号 ${v.account} 有无法解析的数据`,
    'unknown-value': (v) => `账号 ${v.account} 出现未知取值`,
    unrouted: (v) => `账号 ${v.account} 有告警未匹配到路由`,
    'message-dead': (v) => `发往 ${v.channel} 的消息未能送达`,
    'lane-down': (v) => `渠道 ${v.channel} 不可用`,
    'recipient-refused': (v) => `渠道 ${v.channel} 的一个收件人被拒收`,
    'messages-waiting': (v) => `发往 ${v.channel} 的消息积压`,
    'store-unwritable': () => '数据库无法写入',
    'channel-removed': (v) => `渠道 ${v.channel} 已从配置中移除`,
    'reload-refused': () => '修改后的配置未被接受',
    'clock-off': () => '本机时钟不准',
    'late-task': (v) => `任务 ${v.taskId} 的时间异常`,
    'audit-found': (v) => `账号 ${v.account} 的每日审计发现了轮询未读到的任务`,
  },
  begun: {
    'account-blocked': (v) =>
      `腾讯云拒绝 repairwatch 读取账号 ${v.account}（${v.message}），该账号的待授权情况未知：请修复密钥或授予 cvm:DescribeTaskInfo 权限，然后执行 "repairwatch check --online"。`,
    'poll-stale': (v) =>
      v.lastComplete === null
        ? `账号 ${v.account} 从未完整读取，其待授权情况未知：${whyStale(v)}。`
        : `账号 ${v.account} 最近一次完整读取是 ${v.lastComplete}，其待授权情况未知：${whyStale(v)}。`,
    'tasks-vanished': (v) =>
      `账号 ${v.account} 的 ${v.open} 个未完结任务中有 ${v.vanished} 个同时消失，repairwatch 未据此下任何结论：请确认该账号的密钥是否换成了另一个腾讯云账号的。`,
    'rows-set-aside': (v) =>
      `账号 ${v.account} 有 ${v.count} 条数据无法解析，已搁置（例如：${v.example}）：请到控制台查看这些任务，并升级 repairwatch。`,
    'unknown-value': (v) =>
      `账号 ${v.account} 出现当前版本不认识的取值 ${v.value}：已原样展示并按有风险处理，请检查 repairwatch 是否有新版本。`,
    unrouted: (v) =>
      `账号 ${v.account} 任务 ${v.taskId} 的“${v.event}”告警没有匹配到任何路由，已改发运维渠道：请立即查看该任务，并添加一条兜底路由。`,
    'message-dead': (v) =>
      `发往渠道 ${v.channel} 的消息 ${v.key} 未能送达（${v.reason}）：执行 "repairwatch deliveries" 查看内容，"repairwatch requeue ${v.key}" 重新发送。`,
    'lane-down': (v) =>
      `渠道 ${v.channel} 无法发送任何消息（${v.reason}）：请修复其 webhook 或登录信息，然后执行 "repairwatch send-test ${v.channel}"；在此之前消息会一直保留。`,
    'recipient-refused': (v) =>
      `邮件服务器永久拒收发给 ${v.recipient}（渠道 ${v.channel} 的收件人）的邮件（${v.reason}），其他收件人不受影响：请更正该地址，或将其从该渠道的 "to" 中移除。`,
    'messages-waiting': (v) =>
      `自 ${v.since} 起有消息等待发往渠道 ${v.channel}，已超过半小时，而该渠道并未被判定为不可用：执行 "repairwatch deliveries --state waiting" 查看原因；送达之前消息会一直保留。`,
    'store-unwritable': (v) =>
      v.replica === null
        ? `自 ${v.since} 起 repairwatch 无法写入数据库（${v.reason}），修复之前不再发送其他消息；其间的情况将在恢复后补发。`
        : `自 ${v.since} 起副本 ${v.replica} 无法写入数据库（${v.reason}）；若其他副本也无法写入，修复之前不再发送其他消息；其间的情况将在恢复后补发。`,
    'channel-removed': (v) =>
      `渠道 ${v.channel} 已不在配置中，但仍有消息等待经它发送：请恢复该渠道，或让其他渠道接管其路由。`,
    'reload-refused': (v) =>
      `修改后的配置有 ${v.count} 处问题（第一处：${v.reason}），因此继续使用原有配置，本次修改均未生效：执行 "repairwatch check" 查看全部问题，改正后重新加载。`,
    'clock-off': (v) =>
      `本机 ${v.host} 的时钟比腾讯云${v.behind ? '慢' : '快'} ${v.offset}（读取的 ${v.accounts} 个账号中有 ${v.count} 个如此），显示的时间和截止时间可能有误：请用 NTP 校准。`,
    'late-task': (v) =>
      (Object.hasOwn(lateTask, v.kind) ? lateTask[v.kind] : undefined)?.(v) ??
      `账号 ${v.account} 的任务 ${v.taskId} 时间异常（${v.kind}），请检查该账号的 utcOffset 设置。`,
    'audit-found': (v) =>
      `账号 ${v.account} 的每日审计发现 ${v.count} 个轮询未曾读到的待授权任务（例如 ${v.taskId}），已照常通知：可能是接口数据延迟，也可能是漏读，请到控制台核对其创建时间，并执行 "repairwatch polls ${v.poll}" 查看详情。`,
  },
  over: {
    'account-blocked': (v) => `账号 ${v.account} 已可正常读取。`,
    'poll-stale': (v) => `账号 ${v.account} 已恢复完整读取。`,
    'tasks-vanished': (v) => `账号 ${v.account} 的未完结任务已恢复正常判断。`,
    'rows-set-aside': (v) => `账号 ${v.account} 的数据已全部可以解析。`,
    'unknown-value': (v) => `账号 ${v.account} 已连续两天未出现未知取值 ${v.value}。`,
    unrouted: (v) => `账号 ${v.account} 已连续两天没有告警匹配不到路由。`,
    'message-dead': (v) => `发往渠道 ${v.channel} 的消息 ${v.key} 已重新排队发送。`,
    'lane-down': (v) => `渠道 ${v.channel} 已恢复发送。`,
    'recipient-refused': (v) => `渠道 ${v.channel} 的邮件服务器已不再拒收 ${v.recipient}。`,
    'messages-waiting': (v) => `发往渠道 ${v.channel} 的消息已恢复正常发送，不再积压。`,
    'store-unwritable': (v) => `数据库已恢复写入，正在补读并补发 ${v.since} 以来的情况。`,
    'channel-removed': (v) => `渠道 ${v.channel} 已恢复配置，或已没有消息等待经它发送。`,
    'reload-refused': () => '配置已重新被接受并生效。',
    'clock-off': (v) => `本机 ${v.host} 的时钟已不再偏差。`,
    'late-task': (v) => `账号 ${v.account} 已连续两天未出现时间异常的任务。`,
    'audit-found': (v) => `账号 ${v.account} 最近一次审计未发现轮询遗漏的待授权任务。`,
  },
} satisfies OperatorWords;
