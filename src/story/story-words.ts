import type { Language } from '../model/vocabulary.ts';
import type { MessageOfTask, WithheldWhy } from '../store/store.ts';

/** What only a task's story says. */
export interface StoryWords {
  readonly heading: string;
  readonly firstSeen: string;
  readonly ended: string;
  readonly revision: string;
  /** An ending of a task that is outside the account's filter. */
  readonly unwatched: string;
  /** null: the deadline has passed, or none is known. */
  reminder(left: string | null): string;
  /** One event that a message told; `left`: of a reminder. */
  told(event: string, left: string | null): string;
  message(state: MessageOfTask['state'], events: string, channel: string): string;
  readonly rollUp: string;
  /** When it was accepted, or given up. */
  settled(state: MessageOfTask['state'], time: string): string;
  due(time: string): string;
  tries(count: number): string;
  receipt(text: string): string;
  acknowledged(by: string, revision: number, until: string | null): string;
  withdrawn(by: string): string;
  mute(id: number, match: string | null): string;
  muted(what: string, by: string | null, until: string, reason: string): string;
  unmuted(what: string, by: string | null): string;
  heldBack(event: string, channel: string, why: WithheldWhy): string;
}

const WHY: Readonly<Record<Language, Readonly<Record<WithheldWhy, string>>>> = {
  en: {
    muted: 'muted',
    acknowledged: 'acknowledged',
    left: 'no longer pending',
    superseded: 'something newer was told',
  },
  'zh-CN': { muted: '已静默', acknowledged: '已认领', left: '已不再待授权', superseded: '已有更新的消息' },
};

export const STORY_WORDS: Readonly<Record<Language, StoryWords>> = {
  en: {
    heading: 'History',
    firstSeen: 'First seen',
    ended: 'Ended',
    revision: 'Revision',
    unwatched: 'outside the filter of the account now',
    reminder: (left) =>
      left === null ? 'Reminder: overdue, or no deadline is known' : `Reminder: ${left} before the deadline`,
    told: (event, left) => (left === null ? `"${event}"` : `"${event}" (${left} before the deadline)`),
    message: (state, events, channel) =>
      ({
        delivered: `${events} sent to ${channel}`,
        waiting: `${events} waits to be sent to ${channel}`,
        sending: `${events} is being sent to ${channel}`,
        unknown: `${events} sent to ${channel}; it is not known whether it arrived, so it is sent again`,
        dead: `${events} could not be delivered to ${channel}`,
      })[state],
    rollUp: 'in one message with other tasks',
    settled: (state, time) => `${state === 'dead' ? 'given up' : 'accepted'} ${time}`,
    due: (time) => `next try ${time}`,
    tries: (n) => (n === 1 ? '1 try' : `${n} tries`),
    receipt: (text) => `receipt: ${text}`,
    acknowledged: (by, revision, until) =>
      `acknowledged by ${by} at revision ${revision}${until === null ? '' : `, until ${until}`}`,
    withdrawn: (by) => `acknowledgement withdrawn by ${by}`,
    mute: (id, match) => `mute ${id}${match === null ? '' : ` (${match})`}`,
    muted: (what, by, until, reason) => `${what}${by === null ? '' : ` by ${by}`}, until ${until}: ${reason}`,
    unmuted: (what, by) => `${what} ended${by === null ? '' : ` by ${by}`}`,
    heldBack: (event, channel, why) => `"${event}" not sent to ${channel}: ${WHY.en[why]}`,
  },
  'zh-CN': {
    heading: '历史',
    firstSeen: '首次发现',
    ended: '结束时间',
    revision: '版本',
    unwatched: '已不在该账号的筛选范围内',
    reminder: (left) => (left === null ? '提醒：已过截止时间，或截止时间未知' : `提醒：距截止时间 ${left}`),
    told: (event, left) => (left === null ? `“${event}”` : `“${event}”（距截止时间 ${left}）`),
    message: (state, events, channel) =>
      ({
        delivered: `${events}已发送到 ${channel}`,
        waiting: `${events}等待发送到 ${channel}`,
        sending: `${events}正在发送到 ${channel}`,
        unknown: `${events}已发送到 ${channel}，但无法确认是否送达，将重新发送`,
        dead: `${events}无法送达 ${channel}`,
      })[state],
    rollUp: '与其他任务合并为一条消息',
    settled: (state, time) => `${state === 'dead' ? '放弃于' : '对方接收于'} ${time}`,
    due: (time) => `下次尝试 ${time}`,
    tries: (n) => `尝试 ${n} 次`,
    receipt: (text) => `回执：${text}`,
    acknowledged: (by, revision, until) => `${by} 认领（版本 ${revision}）${until === null ? '' : `，有效至 ${until}`}`,
    withdrawn: (by) => `${by} 撤回认领`,
    mute: (id, match) => `静默 ${id}${match === null ? '' : `（${match}）`}`,
    muted: (what, by, until, reason) => `${what}${by === null ? '' : `（${by}）`}，至 ${until}：${reason}`,
    unmuted: (what, by) => `${what} 已解除${by === null ? '' : `（${by}）`}`,
    heldBack: (event, channel, why) => `“${event}”未发送到 ${channel}：${WHY['zh-CN'][why]}`,
  },
};
