import { isoTime } from '../lib/iso-time.ts';
import type { MessageOfTask } from '../store/store.ts';
import { mutesOf, type TaskStory } from '../story/task-story.ts';
import { ackJson, muteJson, silenceJson } from './silence-json.ts';
import { taskJson } from './task-json.ts';

/** A task's whole story, as `explain` and the API show it. Names may be added, never changed. */
export function storyJson({ stored, changes, messages, silence, silences }: TaskStory): unknown {
  return {
    ...taskJson(stored),
    ...silenceJson(silence),
    ending: stored.ending,
    changes: changes.map(({ at, from, to, event }) => ({ at: isoTime(at), from, to, event })),
    messages: messages.map(messageJson),
    acks: silences.acks.map(ackJson),
    mutes: mutesOf(stored, silences).map(({ ended, ...mute }) => ({
      ...muteJson(mute),
      ended: ended === null ? null : { at: isoTime(ended.at), by: ended.by },
    })),
    heldBack: silences.withheld.map((held) => ({ ...held, at: isoTime(held.at) })),
  };
}

/** As `deliveries --json` prints a message, with what it told of this task in place of its tasks. */
function messageJson({ madeAt, settledAt, nextAt, events, ...message }: MessageOfTask): unknown {
  return {
    ...message,
    madeAt: isoTime(madeAt),
    settledAt: isoTime(settledAt),
    nextAt: isoTime(nextAt),
    events: events.map(({ at, ...event }) => ({ at: isoTime(at), ...event })),
  };
}
