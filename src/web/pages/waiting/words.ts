import type { Language } from '../../../model/vocabulary.ts';
import type { TaskQuery } from '../../../store/store.ts';
import type { Filter } from './query.ts';
import type { Lane } from './waiting-view.ts';

interface LaneWords {
  readonly heading: string;
  /** `more`: beside the one on top. */
  counted(tasks: number, more: boolean): string;
  readonly says: string | null;
}

interface Words {
  readonly titles: Readonly<Record<TaskQuery['state'], string>>;
  readonly figures: {
    readonly waiting: string;
    tasks(count: number): string;
    readonly dataLoss: string;
    readonly next: string;
  };
  readonly filter: string;
  readonly filters: Readonly<Record<Filter | 'text', string>>;
  readonly textHint: string;
  readonly all: string;
  readonly waiting: string;
  readonly open: string;
  readonly closed: string;
  readonly groupOpen: string;
  readonly groupClosed: string;
  readonly apply: string;
  readonly clear: string;
  readonly first: string;
  readonly dataLoss: string;
  readonly lostData: string;
  readonly lanes: Readonly<Record<Lane['name'], LaneWords>>;
  /** Before the name of one that starts by itself sooner than the first, or should have started. */
  readonly sooner: string;
  readonly overdue: string;
  /** Between that name and its time. */
  readonly pause: string;
  readonly nextStep: string;
  readonly authorize: string;
  readonly authorizeDataLoss: string;
  /** The same where no command is known to be safe. */
  readonly authorizeThere: string;
  readonly authorizeThereDataLoss: string;
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
  readonly stop: string;
  accounts(count: number): string;
}

const EN_LAPSED =
  'The API gave no start, and the estimate passed hours ago. Check them in the console: they may start at any moment, or not by themselves at all.';
const ZH_LAPSED =
  'API 没有给出开始时间，按创建时间估算的时间也早已过去。请到控制台核实：这些任务可能随时开始，也可能不会自动开始。';

export const WAITING_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    titles: { pending: 'Waiting for authorization', open: 'Open repair tasks', closed: 'Closed repair tasks' },
    figures: {
      waiting: 'waiting',
      tasks: (n) => (n === 1 ? 'task' : 'tasks'),
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
    all: 'All',
    waiting: 'Waiting',
    open: 'All open',
    closed: 'All closed',
    groupOpen: 'Open',
    groupClosed: 'Closed',
    apply: 'Filter',
    clear: 'Clear filters',
    first: 'Most urgent',
    dataLoss: 'May lose data',
    lostData: 'May have lost data',
    lanes: {
      risk: {
        heading: 'May lose data',
        counted: (n, more) => (more ? `${n} more may lose data` : `May lose data: ${n}`),
        says: 'Local disks may be erased. Back up their data before you authorize any of these.',
      },
      'risk-lapsed': {
        heading: 'May lose data, and the estimated start has passed',
        counted: (n, more) => `May lose data, and the estimated start has passed: ${n}${more ? ' more' : ''}`,
        says: EN_LAPSED,
      },
      others: {
        heading: 'Without a risk for data',
        counted: (n, more) => `${n} ${more ? 'more ' : ''}without a risk for data`,
        says: null,
      },
      'others-lapsed': {
        heading: 'The estimated start has passed',
        counted: (n, more) => `The estimated start has passed: ${n}${more ? ' more' : ''}`,
        says: EN_LAPSED,
      },
      closed: {
        heading: 'The latest change first',
        counted: (n) => (n === 1 ? '1 task' : `${n} tasks, the latest change first`),
        says: null,
      },
    },
    sooner: 'Starts even sooner, without a risk for data:',
    overdue: 'Overdue already, without a risk for data:',
    pause: ', ',
    nextStep: 'Next step',
    authorize: 'Authorize it in the console, or book a time with the command.',
    authorizeDataLoss: 'Back up the local disks. Then authorize it in the console, or book a time with the command.',
    authorizeThere: 'Authorize it in the console.',
    authorizeThereDataLoss: 'Back up the local disks. Then authorize it in the console.',
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
    stop: '.',
    accounts: (n) => (n === 1 ? 'The account was read' : `All ${n} accounts were read`),
  },
  'zh-CN': {
    titles: { pending: '等待授权的维修任务', open: '未关闭的维修任务', closed: '已关闭的维修任务' },
    figures: {
      waiting: '待授权',
      tasks: () => '任务',
      dataLoss: '可能丢数据',
      next: '后有任务自动开始',
    },
    filter: '筛选',
    filters: { account: '账号', status: '状态', type: '任务类型', zone: '可用区', product: '产品', text: '关键字' },
    textHint: 'ID、名称、IP 等',
    all: '全部',
    waiting: '待授权',
    open: '全部未关闭',
    closed: '全部已关闭',
    groupOpen: '未关闭',
    groupClosed: '已关闭',
    apply: '筛选',
    clear: '清除筛选',
    first: '最紧急',
    dataLoss: '可能丢数据',
    lostData: '可能已丢数据',
    lanes: {
      risk: {
        heading: '可能丢数据',
        counted: (n, more) => (more ? `另有 ${n} 个可能丢数据` : `可能丢数据：${n} 个`),
        says: '维修可能清空本地盘，请务必先备份数据再授权。',
      },
      'risk-lapsed': {
        heading: '可能丢数据，且已过预计开始时间',
        counted: (n, more) => `可能丢数据，且已过预计开始时间：${more ? '另有 ' : ''}${n} 个`,
        says: ZH_LAPSED,
      },
      others: {
        heading: '无丢数据风险',
        counted: (n, more) => (more ? `另有 ${n} 个无丢数据风险` : `无丢数据风险：${n} 个`),
        says: null,
      },
      'others-lapsed': {
        heading: '已过预计开始时间',
        counted: (n, more) => `已过预计开始时间：${more ? '另有 ' : ''}${n} 个`,
        says: ZH_LAPSED,
      },
      closed: { heading: '最近变化的在前', counted: (n) => `${n} 个任务，最近变化的在前`, says: null },
    },
    sooner: '另有任务更早自动开始（无丢数据风险）：',
    overdue: '另有任务已到开始时间（无丢数据风险）：',
    pause: '，',
    nextStep: '下一步',
    authorize: '到控制台授权，或用命令预约维修时间。',
    authorizeDataLoss: '先备份本地盘数据，再到控制台授权，或用命令预约维修时间。',
    authorizeThere: '到控制台授权。',
    authorizeThereDataLoss: '先备份本地盘数据，再到控制台授权。',
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
    stop: '。',
    accounts: (n) => (n === 1 ? '账号已完整读取' : `全部 ${n} 个账号均已完整读取`),
  },
};
