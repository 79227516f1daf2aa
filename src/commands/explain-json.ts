import type { Story } from './explain.ts';
import { mutesOf } from './explain-silences.ts';
import { taskJson } from './list-json.ts';
import { isoTime } from './print-json.ts';
import { ackJson, muteJson, silenceJson } from './silence-json.ts';

/** What `explain --json` prints for each account that knows the task. */
export function explainJson({ stored, changes, silence, silences }: Story): unknown {
  return {
    ...taskJson(stored),
    ...silenceJson(silence),
    ending: stored.ending,
    changes: changes.map(({ at, from, to, event }) => ({ at: isoTime(at), from, to, event })),
    acks: silences.acks.map(ackJson),
    mutes: mutesOf(stored, silences).map(({ ended, ...mute }) => ({
      ...muteJson(mute),
      ended: ended === null ? null : { at: isoTime(ended.at), by: ended.by },
    })),
    heldBack: silences.withheld.map((held) => ({ ...held, at: isoTime(held.at) })),
  };
}
