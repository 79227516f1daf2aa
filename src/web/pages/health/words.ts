import type { PollKind, PollResult } from '../../../model/poll.ts';
import type { Language } from '../../../model/vocabulary.ts';

export interface HealthWords {
  readonly title: string;
  readonly allWell: string;
  readonly accounts: string;
  readonly account: string;
  readonly state: string;
  readonly lastComplete: string;
  readonly checkpoint: string;
  readonly never: string;
  readonly reads: {
    readonly known: string;
    readonly unknown: string;
    readonly blocked: string;
    readonly first: string;
  };
  readonly ledger: string;
  ledgerSays(polls: number): string;
  moreAccounts(count: number): string;
  bar(when: string, result: string, requests: string, took: string, throttles: number): string;
  readonly bands: Readonly<Record<'requests' | 'took' | 'throttles', string>>;
  most(value: string): string;
  readonly none: string;
  readonly unknown: string;
  readonly noPolls: string;
  bandSays(band: string, reach: string): string;
  readonly legend: Readonly<Record<'whole' | 'part' | 'throttled', string>>;
  readonly results: Readonly<Record<PollResult | 'running', string>>;
  readonly kinds: Readonly<Record<PollKind, string>>;
  readonly columns: {
    readonly poll: string;
    readonly kind: string;
    readonly began: string;
    readonly took: string;
    readonly result: string;
    readonly requests: string;
    readonly throttles: string;
    readonly tasks: string;
  };
  readonly asTable: string;
  readonly channels: string;
  readonly channel: string;
  readonly up: string;
  downSince(at: string): string;
  readonly oldest: string;
  readonly nothingWaits: string;
  dead(count: number): string;
  readonly waiting: string;
  readonly digests: string;
  readonly digest: string;
  readonly next: string;
  readonly contents: string;
  readonly preview: string;
  previewTitle(name: string): string;
  readonly previewIntro: string;
  readonly back: string;
  readonly troubles: string;
  since(at: string, relative: string): string;
  readonly loops: string;
  loop(name: string, ago: string): string;
  readonly silent: string;
  moreTroubles(count: number): string;
  readonly seconds: (seconds: string) => string;
}

export const HEALTH_WORDS: Readonly<Record<Language, HealthWords>> = {
  en: {
    title: 'Health',
    allWell: 'All accounts are read, all channels are up, nothing is stuck.',
    accounts: 'Accounts',
    account: 'Account',
    state: 'State',
    lastComplete: 'Last complete poll',
    checkpoint: 'Read up to',
    never: 'never',
    reads: { known: 'up to date', unknown: 'not known', blocked: 'blocked', first: 'reading its history' },
    ledger: 'Polls',
    ledgerSays: (polls) =>
      `The last ${polls} polls of each account, the newest on the right. Each measure has a scale of its own.`,
    moreAccounts: (count) => `${count} more accounts are in the table above only.`,
    bar: (when, result, requests, took, throttles) =>
      `${when}: ${result}, ${requests} requests, ${took}${throttles === 0 ? '' : `, ${throttles} throttled`}`,
    bands: { requests: 'Requests', took: 'Duration', throttles: 'Throttled' },
    most: (value) => `up to ${value}`,
    none: 'none',
    unknown: 'not known',
    noPolls: 'There was no poll yet.',
    bandSays: (band, reach) => `${band}: ${reach}`,
    legend: {
      whole: 'complete',
      part: 'not complete, or not known',
      throttled: 'requests that the API refused as too many',
    },
    results: { complete: 'complete', incomplete: 'incomplete', interrupted: 'interrupted', running: 'under way' },
    kinds: { poll: 'poll', backfill: 'history', audit: 'audit' },
    columns: {
      poll: 'Poll',
      kind: 'Kind',
      began: 'Began',
      took: 'Took',
      result: 'Result',
      requests: 'Requests',
      throttles: 'Throttled',
      tasks: 'Tasks',
    },
    asTable: 'The newest, as a table',
    channels: 'Channels',
    channel: 'Channel',
    up: 'up',
    downSince: (at) => `down since ${at}`,
    oldest: 'Oldest waiting',
    nothingWaits: 'none',
    dead: (count) =>
      count === 1
        ? '1 message could not be delivered; "repairwatch deliveries --state dead" shows it, "requeue" sends it again.'
        : `${count} messages could not be delivered; "repairwatch deliveries --state dead" shows them, "requeue" sends them again.`,
    waiting: 'Messages waiting',
    digests: 'Digests',
    digest: 'Digest',
    next: 'Next',
    contents: 'Contents',
    preview: 'Preview',
    previewTitle: (name) => `Digest ${name}, as it would be now`,
    previewIntro: 'This is a preview: nothing is sent.',
    back: 'Health',
    troubles: 'Not over yet; the operator was told',
    since: (at, relative) => `since ${at} (${relative})`,
    loops: 'Loops of the service',
    loop: (name, ago) => `${name}: ${ago}`,
    silent: 'silent',
    moreTroubles: (count) => `and ${count} more`,
    seconds: (seconds) => `${seconds} s`,
  },
  'zh-CN': {
    title: '运行状况',
    allWell: '所有账号读取正常，所有渠道可用，没有积压。',
    accounts: '账号',
    account: '账号',
    state: '状态',
    lastComplete: '最近一次完整轮询',
    checkpoint: '已读至',
    never: '从未',
    reads: { known: '读取正常', unknown: '未知', blocked: '被拒绝', first: '正在读取历史' },
    ledger: '轮询',
    ledgerSays: (polls) => `每个账号最近 ${polls} 次轮询，最新的在右侧；每项指标各有刻度。`,
    moreAccounts: (count) => `另有 ${count} 个账号仅列在上表中。`,
    bar: (when, result, requests, took, throttles) =>
      `${when}：${result}，${requests} 次请求，${took}${throttles === 0 ? '' : `，限频 ${throttles} 次`}`,
    bands: { requests: '请求数', took: '耗时', throttles: '限频' },
    most: (value) => `最多 ${value}`,
    none: '无',
    unknown: '未知',
    noPolls: '还没有轮询记录。',
    bandSays: (band, reach) => `${band}：${reach}`,
    legend: { whole: '完整', part: '不完整或未知', throttled: '被 API 限频的请求' },
    results: { complete: '完整', incomplete: '不完整', interrupted: '中断', running: '进行中' },
    kinds: { poll: '轮询', backfill: '历史', audit: '核对' },
    columns: {
      poll: '编号',
      kind: '类别',
      began: '开始时间',
      took: '耗时',
      result: '结果',
      requests: '请求数',
      throttles: '限频',
      tasks: '任务数',
    },
    asTable: '最近记录（表格）',
    channels: '渠道',
    channel: '渠道',
    up: '可用',
    downSince: (at) => `自 ${at} 起不可用`,
    oldest: '最早的待发消息',
    nothingWaits: '没有待发消息',
    dead: (count) =>
      `${count} 条消息无法送达；可用 "repairwatch deliveries --state dead" 查看，用 "requeue" 重新发送。`,
    waiting: '待发消息',
    digests: '摘要',
    digest: '摘要',
    next: '下一次',
    contents: '内容',
    preview: '预览当前内容',
    previewTitle: (name) => `摘要 ${name} 的当前内容`,
    previewIntro: '预览不会发送任何消息。',
    back: '运行状况',
    troubles: '尚未恢复的问题（已通知值班人员）',
    since: (at, relative) => `自 ${at} 起（${relative}）`,
    loops: '服务内部循环',
    loop: (name, ago) => `${name}：${ago}`,
    silent: '无响应',
    moreTroubles: (count) => `另有 ${count} 项`,
    seconds: (seconds) => `${seconds} 秒`,
  },
};
