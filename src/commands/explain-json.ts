import type { Story } from './explain.ts';
import { taskJson } from './list-json.ts';
import { isoTime } from './print-json.ts';

/** What `explain --json` prints for each account that knows the task. */
export function explainJson({ stored, changes }: Story): unknown {
  return {
    ...taskJson(stored),
    ending: stored.ending,
    changes: changes.map(({ at, from, to, event }) => ({ at: isoTime(at), from, to, event })),
  };
}
