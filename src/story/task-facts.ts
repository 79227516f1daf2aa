import type { EpochMs } from '../lib/clock.ts';
import type { Fact } from '../messages/document.ts';
import type { Speaker } from '../messages/speak.ts';
import { instanceName, placeName } from '../messages/task-row.ts';
import { deadlineOf } from '../model/deadline.ts';
import { PENDING } from '../model/task.ts';
import type { StoredTask } from '../store/store.ts';
import { STORY_WORDS } from './story-words.ts';

/** True while the task waits for an authorization, as far as is known. */
export function waits({ ending, task }: Pick<StoredTask, 'ending' | 'task'>): boolean {
  return ending === null && task.taskStatus === PENDING;
}

/** The task's status, and why it is no longer watched. */
export function statusWords({ ending, task }: Pick<StoredTask, 'ending' | 'task'>, speaker: Speaker): string {
  const endings = {
    closed: null,
    unlisted: speaker.words.names.notListed,
    unwatched: STORY_WORDS[speaker.language].unwatched,
  };
  const status = [speaker.statusName(task.taskStatus), ending === null ? null : endings[ending]];
  return status.filter((text) => text !== null).join(' · ');
}

/** Of a name that lists cut short. */
const WHOLE_NAME_MAX = 200;

/** What is known of a task, a line each; what is not known is left out. */
export function taskFacts(stored: StoredTask, now: EpochMs, speaker: Speaker): Fact[] {
  const { task, account, firstSeenAt } = stored;
  const { labels } = speaker.words;
  const { firstSeen, ended, revision } = STORY_WORDS[speaker.language];
  const facts: readonly (readonly [string, string | null])[] = [
    [labels.task, speaker.outside(task.taskId)],
    [labels.account, speaker.outside(account)],
    [labels.status, statusWords(stored, speaker)],
    [labels.deadline, waits(stored) ? speaker.deadline(deadlineOf(task), now) : null],
    [labels.instance, instanceName(task, speaker, WHOLE_NAME_MAX)],
    [labels.type, speaker.typeName(task)],
    [labels.product, task.product === null ? null : speaker.productName(task.product)],
    [labels.place, placeName(task, speaker)],
    [labels.lanIp, task.lanIp === null ? null : speaker.outside(task.lanIp)],
    [labels.allows, speaker.authTypeName(task.authType)],
    [labels.created, speaker.time(task.createTime)],
    [firstSeen, speaker.time(firstSeenAt)],
    [ended, task.endTime === null ? null : speaker.time(task.endTime)],
    [revision, String(stored.revision)],
  ];
  return facts.flatMap(([label, value]) =>
    value === null || value === '' ? [] : [{ label, value, strong: label === labels.deadline }],
  );
}
