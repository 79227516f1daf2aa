import type { EpochMs } from '../lib/clock.ts';
import { hideCredentials } from '../lib/safe-text.ts';
import type { Speaker } from '../messages/speak.ts';
import { eventSentence } from '../messages/task-news.ts';
import type { TaskEventName } from '../model/alert.ts';
import { matchText } from '../model/task-match.ts';
import type { Change, MessageOfTask } from '../store/store.ts';
import { STORY_WORDS } from './story-words.ts';
import { mutesOf, type TaskStory } from './task-story.ts';

/** One thing in a task's life, in words; every text is one clean line. */
export interface StoryStep {
  readonly at: EpochMs;
  /** `change`: of the task; `reminder`, `message`: of ours; `person`: an acknowledgement or a mute; `held`: what was not sent. */
  readonly kind: 'change' | 'reminder' | 'message' | 'person' | 'held';
  readonly says: string;
  readonly details: readonly string[];
  /** A message that did not arrive, or may not have. */
  readonly trouble: boolean;
}

const TEXT_MAX = 200;

/** Everything that happened to a task and was done about it, oldest first; of one moment, what caused something stands before it. Pure. */
export function storySteps(story: TaskStory, now: EpochMs, speaker: Speaker): readonly StoryStep[] {
  return [
    ...story.changes.map((change) => changeStep(change, story, now, speaker)),
    ...reminderSteps(story.messages, speaker),
    ...story.messages.map((message) => messageStep(message, speaker)),
    ...silenceSteps(story, speaker),
  ].toSorted((a, b) => a.at - b.at);
}

function step(at: EpochMs, kind: StoryStep['kind'], says: string, details: readonly string[] = []): StoryStep {
  return { at, kind, says, details, trouble: false };
}

/** "old → new", with what was told about it. */
function changeStep({ at, from, to, event }: Change, { stored }: TaskStory, now: EpochMs, speaker: Speaker): StoryStep {
  const { firstSeen } = STORY_WORDS[speaker.language];
  const entry = { account: stored.account, task: stored.task, events: [] };
  const told = event === null || event.event === 'pending' ? null : eventSentence(entry, event, now, speaker);
  const moved =
    from === null
      ? `${firstSeen}${speaker.words.frame.colon}${speaker.statusName(to)}`
      : `${speaker.statusName(from)} → ${speaker.statusName(to)}`;
  const says = [from === to ? null : moved, told].filter((text) => text !== null);
  return step(at, 'change', says.join(' · '));
}

/** A reminder is made once, however many channels tell it. */
function reminderSteps(messages: readonly MessageOfTask[], speaker: Speaker): readonly StoryStep[] {
  const reminders = messages.flatMap(({ events }) => events.filter(({ event }) => event === 'reminder'));
  const once = new Map(reminders.map((reminder) => [`${reminder.at} ${reminder.rungMs}`, reminder]));
  return [...once.values()].map(({ at, rungMs }) =>
    step(at, 'reminder', STORY_WORDS[speaker.language].reminder(leftWords(rungMs, speaker))),
  );
}

function leftWords(rungMs: number | null, speaker: Speaker): string | null {
  return rungMs === null || rungMs <= 0 ? null : speaker.duration(rungMs);
}

function messageStep(message: MessageOfTask, speaker: Speaker): StoryStep {
  const words = STORY_WORDS[speaker.language];
  const { key, channel, kind, state, attempts, madeAt, settledAt, nextAt, reason, receipt } = message;
  const outside = (text: string): string => speaker.outside(hideCredentials(text), TEXT_MAX);
  const told = message.events.map(
    ({ event, rungMs }) => words.told(speaker.words.names.events[event as TaskEventName], leftWords(rungMs, speaker)), // written from such names only
  );
  const details = [
    kind === 'roll-up' ? words.rollUp : null,
    settledAt === null ? null : words.settled(state, speaker.time(settledAt)),
    settledAt === null && nextAt !== null ? words.due(speaker.time(nextAt)) : null,
    receipt === null || receipt === '' ? null : words.receipt(outside(receipt)),
    reason === null ? null : outside(reason),
    attempts === 0 ? null : words.tries(attempts),
    speaker.outside(key),
  ].filter((text) => text !== null);
  const says = words.message(state, speaker.words.names.list(told), speaker.outside(channel));
  return { ...step(madeAt, 'message', says, details), trouble: state === 'dead' || state === 'unknown' };
}

/** Who acknowledged and muted the task, and what was not sent because of it. */
function silenceSteps({ stored, silences }: TaskStory, speaker: Speaker): readonly StoryStep[] {
  const words = STORY_WORDS[speaker.language];
  const name = (text: string | null): string | null => (text === null ? null : speaker.outside(text));
  const acks = silences.acks.map(({ at, by, revision, until }) =>
    until !== null && until <= at
      ? step(at, 'person', words.withdrawn(speaker.outside(by)))
      : step(
          at,
          'person',
          words.acknowledged(speaker.outside(by), revision, until === null ? null : speaker.time(until)),
        ),
  );
  const mutes = mutesOf(stored, silences).flatMap((mute) => {
    const match = mute.target.kind === 'task' ? null : matchText(mute.target.match);
    const what = speaker.outside(words.mute(mute.id, match), TEXT_MAX);
    const reason = speaker.outside(mute.reason, TEXT_MAX);
    const begun = step(mute.at, 'person', words.muted(what, name(mute.by), speaker.time(mute.until), reason));
    if (mute.ended === null) return [begun];
    return [begun, step(mute.ended.at, 'person', words.unmuted(what, name(mute.ended.by)))];
  });
  const withheld = silences.withheld.map(({ at, channel, event, why }) =>
    step(at, 'held', words.heldBack(speaker.words.names.events[event], speaker.outside(channel), why)),
  );
  return [...acks, ...mutes, ...withheld];
}
