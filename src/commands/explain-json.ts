import { ackJson, muteJson, silenceJson } from '../json/silence-json.ts';
import { taskJson } from '../json/task-json.ts';
import { isoTime } from '../lib/iso-time.ts';
import type { MessageOfTask } from '../store/store.ts';
import { mutesOf, type TaskStory } from '../story/task-story.ts';

/** What `explain --json` prints for each account that knows the task. Names may be added, never changed. */
export function explainJson({ stored, changes, messages, silence, silences }: TaskStory): unknown {
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
