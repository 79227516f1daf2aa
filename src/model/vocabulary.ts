export type Language = 'zh-CN' | 'en';

/** A name in each language the messages speak. */
export type Names = Readonly<Record<Language, string>>;

/** TaskTypeId → name. Source: the vendor's page of DescribeTaskInfo. */
export const TASK_TYPES: Readonly<Record<number, Names>> = {
  101: { 'zh-CN': '实例运行隐患', en: 'Instance running risk' },
  102: { 'zh-CN': '实例运行异常', en: 'Instance running exception' },
  103: { 'zh-CN': '实例硬盘异常', en: 'Instance disk exception' },
  104: { 'zh-CN': '实例网络连接异常', en: 'Instance network exception' },
  105: { 'zh-CN': '实例运行预警', en: 'Instance running warning' },
  106: { 'zh-CN': '实例硬盘预警', en: 'Instance disk warning' },
  107: { 'zh-CN': '实例维护升级', en: 'Instance maintenance upgrade' },
};

/** TaskStatus → name. */
export const TASK_STATUSES: Readonly<Record<number, Names>> = {
  1: { 'zh-CN': '待授权', en: 'Pending authorization' },
  2: { 'zh-CN': '处理中', en: 'Processing' },
  3: { 'zh-CN': '已结束', en: 'Ended' },
  4: { 'zh-CN': '已预约', en: 'Scheduled' },
  5: { 'zh-CN': '已取消', en: 'Cancelled' },
  6: { 'zh-CN': '已避免', en: 'Avoided' },
};

/** AuthType → what the authorization lets the vendor do. */
export const AUTH_TYPES: Readonly<Record<number, Names>> = {
  1: { 'zh-CN': '在线迁移', en: 'Online migration' },
  2: { 'zh-CN': '停机维修', en: 'Shutdown' },
  3: { 'zh-CN': '在线换盘', en: 'Online disk replacement' },
  4: {
    'zh-CN': '停机换盘或弃盘迁移(丢弃本地盘数据)',
    en: 'Shutdown disk replacement, or migration that discards local disks',
  },
  5: { 'zh-CN': '停机维修或弃盘迁移(丢弃本地盘数据)', en: 'Shutdown, or migration that discards local disks' },
  6: { 'zh-CN': '在线维护', en: 'Online maintenance' },
  7: { 'zh-CN': '在线维护或停机维修', en: 'Online maintenance or shutdown' },
  8: { 'zh-CN': '弃盘迁移(丢弃本地盘数据)', en: 'Migration that discards local disks' },
};

/** AuthSource → who gave the authorization. */
export const AUTH_SOURCES: Readonly<Record<string, Names>> = {
  Waiting_auth: { 'zh-CN': '等待授权', en: 'waiting for authorization' },
  Customer_auth: { 'zh-CN': '客户授权', en: 'authorized by the customer' },
  System_mandatory_auth: { 'zh-CN': '系统默认授权', en: "authorized by Tencent Cloud's default" },
  Pre_policy_auth: { 'zh-CN': '预置策略授权', en: 'authorized by a preset policy' },
};

/** Product → name. */
export const PRODUCTS: Readonly<Record<string, Names>> = {
  CVM: { 'zh-CN': '云服务器', en: 'Cloud Virtual Machine' },
  CDH: { 'zh-CN': '专用宿主机', en: 'Dedicated host' },
  'CPM2.0': { 'zh-CN': '裸金属云服务器', en: 'Bare metal' },
};
