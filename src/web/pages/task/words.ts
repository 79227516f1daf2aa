import type { Language } from '../../../model/vocabulary.ts';
import type { StoryStep } from '../../../story/story-steps.ts';

interface Words {
  readonly back: string;
  readonly facts: string;
  /** Where the story has no step: it was over when it was first seen. */
  readonly noSteps: string;
  readonly console: string;
  /** Who or what a step is about; a reminder says so itself. */
  readonly kinds: Readonly<Record<Exclude<StoryStep['kind'], 'reminder'>, string>>;
  readonly care: string;
  readonly careSays: string;
  readonly acknowledge: string;
  readonly takeOver: string;
  readonly withdraw: string;
  readonly withdrawSays: string;
  readonly mute: string;
  readonly muteSays: string;
  readonly muteDataLoss: string;
  readonly unmute: string;
  muteMatch(id: number, match: string): string;
  muteOwn(id: number): string;
  readonly name: string;
  readonly nameOptional: string;
  readonly end: string;
  readonly untilItChanges: string;
  readonly exactly: string;
  readonly exactlyHint: string;
  readonly reason: string;
  readonly evenDataLoss: string;
  readonly byCommand: string;
  readonly byCommandMute: string;
  readonly whyByCommand: string;
  readonly whyByCommandBearer: string;
  readonly over: string;
  readonly notFound: string;
  notFoundSays(taskId: string, account: string): string;
  readonly toList: string;
}

export const TASK_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    back: 'All waiting tasks',
    facts: 'Facts',
    noSteps: 'Nothing has changed since it was first seen.',
    console: 'Open the console',
    kinds: { change: 'Task', message: 'Message', person: 'Team', held: 'Not sent' },
    care: 'Take care of it',
    careSays: 'Once acknowledged, nobody is reminded of it until it changes.',
    acknowledge: 'Acknowledge',
    takeOver: 'Take it over',
    withdraw: 'Take the acknowledgement back',
    withdrawSays: 'Reminders then go on.',
    mute: 'Mute it',
    muteSays: 'Only digests tell of it until then; if it still waits at the end, that is told once.',
    muteDataLoss: 'This repair may erase local disks. Muted, nobody is reminded of that.',
    unmute: 'End this mute',
    muteMatch: (id, match) => `Mute ${id} covers every task with ${match}; ending it ends it for all of them.`,
    muteOwn: (id) => `Mute ${id} covers this task.`,
    name: 'Your name',
    nameOptional: 'Your name (optional)',
    end: 'Until',
    untilItChanges: 'it changes',
    exactly: 'or exactly (optional)',
    exactlyHint: '2026-12-01T09:00+08:00',
    reason: 'Reason, for those who read it later',
    evenDataLoss: 'Also if it becomes one that may lose data',
    byCommand: 'On the command line',
    byCommandMute: 'Mute it (put in your own end, reason and name)',
    whyByCommand: 'To do this here, set http.token in the configuration and sign in.',
    whyByCommandBearer: 'To do this here, sign in with a browser.',
    over: 'It waits no more, so there is nothing to acknowledge.',
    notFound: 'There is no such task',
    notFoundSays: (taskId, account) =>
      `No task ${taskId} of account ${account} is stored; closed ones are deleted after a while.`,
    toList: 'See what waits',
  },
  'zh-CN': {
    back: '全部待授权任务',
    facts: '任务信息',
    noSteps: '首次发现后没有任何变化。',
    console: '打开控制台',
    kinds: { change: '任务', message: '消息', person: '团队', held: '未发送' },
    care: '认领任务',
    careSays: '认领后，任务变化前不再提醒。',
    acknowledge: '认领',
    takeOver: '改由我认领',
    withdraw: '撤回认领',
    withdrawSays: '撤回后恢复提醒。',
    mute: '静默',
    muteSays: '静默期间仅在摘要中列出；到期后如仍待授权，会通知一次。',
    muteDataLoss: '本次维修可能清空本地盘，静默后将不再提醒。',
    unmute: '解除静默',
    muteMatch: (id, match) => `静默 ${id} 覆盖所有符合 ${match} 的任务，解除后对这些任务全部失效。`,
    muteOwn: (id) => `静默 ${id} 只覆盖本任务。`,
    name: '您的名字',
    nameOptional: '您的名字（可不填）',
    end: '有效期',
    untilItChanges: '直到任务变化',
    exactly: '或指定时间（可不填）',
    exactlyHint: '2026-12-01T09:00+08:00',
    reason: '原因（供他人日后查看）',
    evenDataLoss: '即使变为可能丢数据，也保持静默',
    byCommand: '使用命令行',
    byCommandMute: '静默（请改成您的时长、原因和名字）',
    whyByCommand: '如需在页面上操作，请在配置中设置 http.token 并登录。',
    whyByCommandBearer: '如需在页面上操作，请用浏览器登录。',
    over: '任务已不再待授权，无需认领。',
    notFound: '没有这个任务',
    notFoundSays: (taskId, account) => `账号 ${account} 中没有已存储的任务 ${taskId}；已结束的任务会在一段时间后删除。`,
    toList: '查看待授权任务',
  },
};
