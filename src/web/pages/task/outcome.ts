import { LONGEST_SILENCE_DAYS, NAME_MAX, REASON_MAX } from '../../../model/silence-terms.ts';
import type { Language } from '../../../model/vocabulary.ts';
import type { Wrong } from './silence-form.ts';

/** What came of a form: said once on the page to which it leads. */
export const DONE = ['acknowledged', 'withdrawn', 'muted', 'unmuted'] as const;
export type Done = (typeof DONE)[number];

export function isDone(text: string | undefined): text is Done {
  return DONE.some((done) => done === text);
}

/** Why a form was not taken. */
export type Refusal =
  | { readonly kind: 'wrong'; readonly wrong: Wrong }
  /** The task is another one than the form showed. */
  | { readonly kind: 'moved'; readonly seen: number; readonly revision: number }
  | { readonly kind: 'not-pending' }
  | { readonly kind: 'over' }
  /** The form was of a session that is over. */
  | { readonly kind: 'other-session' }
  | { readonly kind: 'no-mute' };

interface Words {
  readonly done: Readonly<Record<Done, string>>;
  readonly by: Readonly<Record<'empty' | 'too-long', string>>;
  readonly reason: Readonly<Record<'empty' | 'too-long', string>>;
  readonly until: Readonly<Record<'no-moment' | 'passed' | 'too-far', string>>;
  moved(seen: number, revision: number): string;
  readonly notPending: string;
  readonly over: string;
  readonly noMute: string;
  readonly otherSession: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    done: {
      acknowledged: 'Acknowledged. There are no reminders from the next message on.',
      withdrawn: 'The acknowledgement is taken back; reminders go on.',
      muted: 'Muted.',
      unmuted: 'No longer muted; if something was held back, what still waits is told once.',
    },
    by: {
      empty: 'Say who you are, so that others know whom to ask.',
      'too-long': `The name is too long; ${NAME_MAX} characters are enough.`,
    },
    reason: {
      empty: 'Say why, for those who read it later.',
      'too-long': `The reason is too long; ${REASON_MAX} characters are enough.`,
    },
    until: {
      'no-moment':
        'The end must be a duration such as 8h or 3d, or a time with its zone such as 2026-12-01T09:00+08:00.',
      passed: 'The end has passed; it must lie in the future.',
      'too-far': `The end must be within ${LONGEST_SILENCE_DAYS} days.`,
    },
    moved: (seen, revision) =>
      `The task has changed since you saw it (revision ${seen}, now ${revision}), so nothing was acknowledged. This is its state now; acknowledge it again if you take it on like this.`,
    notPending: 'The task no longer waits for authorization, so nothing was acknowledged.',
    over: 'The task is over; nothing more is said of it.',
    noMute: 'That mute has ended already.',
    otherSession: 'You have signed in anew since you loaded that form, so nothing was done. Send it once more.',
  },
  'zh-CN': {
    done: {
      acknowledged: '已认领，从下一条消息起不再提醒。',
      withdrawn: '已撤回认领，恢复提醒。',
      muted: '已静默。',
      unmuted: '已解除静默；如有未发送的消息且任务仍待授权，会通知一次。',
    },
    by: { empty: '请填写您的名字，方便他人联系。', 'too-long': `名字过长，请控制在 ${NAME_MAX} 个字符以内。` },
    reason: { empty: '请填写原因，供他人日后查看。', 'too-long': `原因过长，请控制在 ${REASON_MAX} 个字符以内。` },
    until: {
      'no-moment': '有效期须为时长（如 8h、3d），或带时区的时间（如 2026-12-01T09:00+08:00）。',
      passed: '该时间已过，请填写将来的时间。',
      'too-far': `有效期不能超过 ${LONGEST_SILENCE_DAYS} 天。`,
    },
    moved: (seen, revision) =>
      `任务在您查看后已发生变化（版本 ${seen}，现为 ${revision}），因此未认领。以下为最新状态，如仍由您跟进，请再次认领。`,
    notPending: '任务已不再待授权，因此未认领。',
    over: '任务已结束，不会再发送相关消息。',
    noMute: '该静默已结束。',
    otherSession: '您在打开表单后重新登录过，因此未执行任何操作，请再次提交。',
  },
};

export function doneWords(done: Done, language: Language): string {
  return WORDS[language].done[done];
}

export function refusalWords(refusal: Refusal, language: Language): string {
  const words = WORDS[language];
  if (refusal.kind === 'moved') return words.moved(refusal.seen, refusal.revision);
  if (refusal.kind === 'not-pending') return words.notPending;
  if (refusal.kind === 'over') return words.over;
  if (refusal.kind === 'no-mute') return words.noMute;
  if (refusal.kind === 'other-session') return words.otherSession;
  const { wrong } = refusal;
  return wrong.field === 'until' ? words.until[wrong.fault] : words[wrong.field][wrong.fault];
}
