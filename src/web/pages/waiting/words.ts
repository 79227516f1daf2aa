import type { Language } from '../../../model/vocabulary.ts';
import type { Filter } from './query.ts';

interface Words {
  readonly title: string;
  readonly titleOpen: string;
  readonly figures: {
    readonly waiting: string;
    readonly tasks: string;
    readonly dataLoss: string;
    readonly next: string;
  };
  readonly filter: string;
  readonly filters: Readonly<Record<Filter | 'text', string>>;
  readonly textHint: string;
  readonly all: string;
  readonly waiting: string;
  readonly open: string;
  readonly apply: string;
  readonly clear: string;
  readonly first: string;
  readonly dataLoss: string;
  /** Over the lanes; null: their number is not counted. `more`: beside the one on top. */
  laneDataLoss(tasks: number | null, more: boolean): string;
  laneOthers(tasks: number | null, more: boolean): string;
  readonly laneDataLossSays: string;
  readonly sooner: string;
  readonly nextStep: string;
  readonly authorize: string;
  readonly authorizeDataLoss: string;
  readonly console: string;
  readonly story: string;
  readonly command: string;
  readonly more: string;
  readonly searchOn: string;
  readonly toStart: string;
  readonly nothingPasses: string;
  readonly nothingSoFar: string;
  readonly nothing: string;
  unknown(count: number): string;
  blocked(account: string): string;
  readonly health: string;
  accounts(count: number): string;
}

export const WAITING_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Waiting for authorization',
    titleOpen: 'Open repair tasks',
    figures: {
      waiting: 'waiting',
      tasks: 'tasks',
      dataLoss: 'may lose data',
      next: 'until the next one starts by itself',
    },
    filter: 'Filter',
    filters: {
      account: 'Account',
      status: 'Status',
      type: 'Type',
      zone: 'Zone',
      product: 'Product',
      text: 'Text',
    },
    textHint: 'id, name, address …',
    all: 'all',
    waiting: 'waiting',
    open: 'all open',
    apply: 'Filter',
    clear: 'Show all',
    first: 'Most urgent',
    dataLoss: 'May lose data',
    laneDataLoss: (n, more) =>
      n === null ? 'May lose data' : more ? `${n} more may lose data` : `May lose data: ${n}`,
    laneOthers: (n, more) =>
      n === null ? 'Without a risk for data' : `${n} ${more ? 'more ' : ''}without a risk for data`,
    laneDataLossSays: 'Local disks may be erased. Back up their data before you authorize any of these.',
    sooner: 'Starts even sooner, without a risk for data:',
    nextStep: 'Next step',
    authorize: 'Authorize it in the console, or book a time with the command.',
    authorizeDataLoss: 'Back up the local disks. Then authorize it in the console, or book a time with the command.',
    console: 'Open the console',
    story: 'See the task',
    command: 'Command',
    more: 'Next tasks',
    searchOn: 'Search on',
    toStart: 'Back to the most urgent',
    nothingPasses: 'No task passes these filters.',
    nothingSoFar: 'None of the tasks looked through so far holds this text.',
    nothing: 'Nothing waits for you.',
    unknown: (n) =>
      n === 1
        ? 'What waits in this account is not known, so this list may not be whole:'
        : 'What waits in these accounts is not known, so this list may not be whole:',
    blocked: (account) => `${account} cannot be read until someone acts.`,
    health: 'See why',
    accounts: (n) => (n === 1 ? 'The account was read' : `All ${n} accounts were read`),
  },
  'zh-CN': {
    title: '等待授权的维修任务',
    titleOpen: '未结束的维修任务',
    figures: {
      waiting: '待授权',
      tasks: '任务',
      dataLoss: '可能丢数据',
      next: '后有任务自动开始',
    },
    filter: '筛选',
    filters: { account: '账号', status: '状态', type: '任务类型', zone: '可用区', product: '产品', text: '关键字' },
    textHint: 'ID、名称、IP 等',
    all: '全部',
    waiting: '待授权',
    open: '全部未结束',
    apply: '筛选',
    clear: '清除筛选',
    first: '最紧急',
    dataLoss: '可能丢数据',
    laneDataLoss: (n, more) => (n === null ? '可能丢数据' : more ? `另有 ${n} 个可能丢数据` : `可能丢数据：${n} 个`),
    laneOthers: (n, more) =>
      n === null ? '无丢数据风险' : more ? `另有 ${n} 个无丢数据风险` : `无丢数据风险：${n} 个`,
    laneDataLossSays: '维修可能清空本地盘，请务必先备份数据再授权。',
    sooner: '另有任务更早自动开始（无丢数据风险）：',
    nextStep: '下一步',
    authorize: '到控制台授权，或用命令预约维修时间。',
    authorizeDataLoss: '先备份本地盘数据，再到控制台授权，或用命令预约维修时间。',
    console: '打开控制台',
    story: '查看任务',
    command: '命令',
    more: '后面的任务',
    searchOn: '继续查找',
    toStart: '回到最紧急的任务',
    nothingPasses: '没有符合筛选条件的任务。',
    nothingSoFar: '目前查找过的任务中没有包含该关键字的。',
    nothing: '没有需要您处理的任务。',
    unknown: () => '以下账号的情况未知，本列表可能不完整：',
    blocked: (account) => `${account} 目前无法读取，需要人工处理。`,
    health: '查看原因',
    accounts: (n) => (n === 1 ? '账号已完整读取' : `全部 ${n} 个账号均已完整读取`),
  },
};
