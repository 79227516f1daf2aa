import type { EpochMs } from '../lib/clock.ts';
import type { Speaker } from '../messages/speak.ts';
import { taskRow } from '../messages/task-row.ts';
import type { StoredTask } from '../store/store.ts';

/** A task as it is now, on one line: what an acknowledgement was given for, or refused for. */
export function stateLine({ account, task, revision, ending }: StoredTask, now: EpochMs, speaker: Speaker): string {
  const row = taskRow({ account, task, events: [] }, now, speaker);
  const status = ending === 'unlisted' ? speaker.statusName(null) : speaker.statusName(task.taskStatus);
  const said = [row.taskId, row.instance, row.type, status, row.deadline, row.allows, `revision ${revision}`];
  return said.filter((text) => text !== null).join(' · ');
}
