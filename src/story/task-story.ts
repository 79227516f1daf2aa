import { covers, type Silence, type SilenceOf } from '../model/silence.ts';
import type { Change, MessageOfTask, SilenceStory, Store, StoredTask } from '../store/store.ts';

/** A task and its life as far as it was seen: what `explain` and the task's page tell. */
export interface TaskStory {
  readonly stored: StoredTask;
  readonly changes: readonly Change[];
  readonly messages: readonly MessageOfTask[];
  /** What holds now. */
  readonly silence: Silence;
  readonly silences: SilenceStory;
}

/** Reads all of it; `silenceOf` says what holds now. */
export async function readStory(
  store: Pick<Store, 'changes' | 'messagesOf' | 'silenceStory'>,
  stored: StoredTask,
  silenceOf: SilenceOf,
): Promise<TaskStory> {
  const { account, task, revision, firstSeenAt } = stored;
  const { taskId } = task;
  return {
    stored,
    changes: await store.changes(account, taskId),
    messages: await store.messagesOf(account, taskId),
    silence: silenceOf(account, task, revision),
    silences: await store.silenceStory(account, taskId, firstSeenAt),
  };
}

/** Of the mutes by match only those that mean the task as it is now. */
export function mutesOf({ account, task }: StoredTask, { mutes }: SilenceStory): SilenceStory['mutes'] {
  return mutes.filter((mute) => covers({ ...mute, dataLoss: true }, account, task));
}
