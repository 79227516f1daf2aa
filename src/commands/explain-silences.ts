import type { LinesPart } from '../messages/document.ts';
import type { Speaker } from '../messages/speak.ts';
import { covers } from '../model/silence.ts';
import type { Language } from '../model/vocabulary.ts';
import type { SilenceStory, StoredTask, WithheldWhy } from '../store/store.ts';
import { matchText } from './match-option.ts';

interface Words {
  readonly heading: string;
  acknowledged(by: string, revision: number, until: string | null): string;
  withdrawn(by: string): string;
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

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    heading: 'Acknowledged, muted, held back',
    acknowledged: (by, revision, until) =>
      `acknowledged by ${by} at revision ${revision}${until === null ? '' : `, until ${until}`}`,
    withdrawn: (by) => `acknowledgement withdrawn by ${by}`,
    muted: (what, by, until, reason) => `${what}${by === null ? '' : ` by ${by}`}, until ${until}: ${reason}`,
    unmuted: (what, by) => `${what} ended${by === null ? '' : ` by ${by}`}`,
    heldBack: (event, channel, why) => `"${event}" not sent to ${channel}: ${WHY.en[why]}`,
  },
  'zh-CN': {
    heading: '认领、静默与未发送的消息',
    acknowledged: (by, revision, until) => `${by} 认领（版本 ${revision}）${until === null ? '' : `，有效至 ${until}`}`,
    withdrawn: (by) => `${by} 撤回认领`,
    muted: (what, by, until, reason) => `${what}${by === null ? '' : `（${by}）`}，至 ${until}：${reason}`,
    unmuted: (what, by) => `${what} 已解除${by === null ? '' : `（${by}）`}`,
    heldBack: (event, channel, why) => `“${event}”未发送到 ${channel}：${WHY['zh-CN'][why]}`,
  },
};

const TEXT_MAX = 200;

/** Who acknowledged and muted a task and when, and what was not sent because of it, in the order in which it happened. */
export function silencesPart(stored: StoredTask, story: SilenceStory, speaker: Speaker): LinesPart {
  const words = WORDS[speaker.language];
  const name = (text: string | null): string | null => (text === null ? null : speaker.outside(text));
  const acks = story.acks.map(({ at, by, revision, until }) => ({
    at,
    says:
      until !== null && until <= at
        ? words.withdrawn(speaker.outside(by))
        : words.acknowledged(speaker.outside(by), revision, until === null ? null : speaker.time(until)),
  }));
  const mutes = mutesOf(stored, story).flatMap((mute) => {
    const what = `mute ${mute.id}${mute.target.kind === 'task' ? '' : ` (${matchText(mute.target.match)})`}`;
    const shown = speaker.outside(what, TEXT_MAX);
    const reason = speaker.outside(mute.reason, TEXT_MAX);
    const begun = { at: mute.at, says: words.muted(shown, name(mute.by), speaker.time(mute.until), reason) };
    return mute.ended === null
      ? [begun]
      : [begun, { at: mute.ended.at, says: words.unmuted(shown, name(mute.ended.by)) }];
  });
  const withheld = story.withheld.map(({ at, channel, event, why }) => ({
    at,
    says: words.heldBack(speaker.words.names.events[event], speaker.outside(channel), why),
  }));
  const lines = [...acks, ...mutes, ...withheld]
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, says }) => speaker.words.task.happened(speaker.time(at), says));
  return { part: 'lines', heading: words.heading, tone: 'calm', lines };
}

/** Of the mutes by match only those that mean the task as it is now. */
export function mutesOf({ account, task }: StoredTask, { mutes }: SilenceStory): SilenceStory['mutes'] {
  return mutes.filter((mute) => covers({ ...mute, dataLoss: true }, account, task));
}
