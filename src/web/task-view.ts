import { type EpochMs, HOUR_MS } from '../lib/clock.ts';
import { authorizeCommands } from '../messages/command-lines.ts';
import { taskPagePath } from '../messages/page-link.ts';
import type { Speaker } from '../messages/speak.ts';
import { silenceLines } from '../messages/task-news.ts';
import { placeName } from '../messages/task-row.ts';
import { deadlineOf, hasLapsed } from '../model/deadline.ts';
import type { Silence } from '../model/silence.ts';
import { hasBegun, mayLoseData, PENDING, type RepairTask } from '../model/task.ts';
import type { Language } from '../model/vocabulary.ts';
import type { StoredTask } from '../store/store.ts';

/** How long a task still waits. */
export interface TimeLeft {
  /** `urgent`: under 2 hours or passed; `soon`: under 12 hours; `none`: no deadline is known. */
  readonly tone: 'urgent' | 'soon' | 'calm' | 'none';
  readonly at: EpochMs | null;
  /** "2 h 13 min", "5 min ago", or that none is known. */
  readonly left: string;
  /** What happens then, and when that is: `time` is a part of it. */
  readonly says: string;
  readonly time: string;
}

/** A task as pages show it: every text clean and in the reader's language, not yet escaped. */
export interface TaskView {
  /** Names its row in the document. */
  readonly anchor: string;
  readonly href: string;
  readonly account: string;
  readonly taskId: string;
  /** The alias, else the id of the instance or the task. */
  readonly name: string;
  /** Where it is not the name already. */
  readonly instanceId: string | null;
  readonly type: string;
  readonly product: string | null;
  readonly place: string | null;
  /** What the authorization allows. */
  readonly allows: string;
  readonly dataLoss: boolean;
  /** null: it does not wait for an authorization. */
  readonly timeLeft: TimeLeft | null;
  /** It waits though its deadline, an estimate, passed hours ago. */
  readonly lapsed: boolean;
  readonly status: string;
  /** The vendor has begun its repair, which may be over. */
  readonly begun: boolean;
  /** When it ended, or when it last changed; null while it is open. */
  readonly since: string | null;
  /** Who has taken it on, and what keeps it silent. */
  readonly held: readonly string[];
  /** The line that books the repair; null where none is known to be safe, or the task does not wait. */
  readonly command: string | null;
}

const URGENT_MS = 2 * HOUR_MS;
const SOON_MS = 12 * HOUR_MS;
const ALIAS_MAX = 60;

interface Words {
  readonly noDeadline: string;
  readonly waitsOn: string;
  until(time: string, estimated: boolean): string;
  passed(time: string, estimated: boolean): string;
  lapsed(time: string): string;
  ended(time: string): string;
  changed(time: string): string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    noDeadline: 'No deadline',
    waitsOn: 'waits until somebody authorizes it',
    until: (time, estimated) => `until it starts by itself, ${estimated ? 'about ' : ''}${time}`,
    passed: (time, estimated) => `was to start by itself ${estimated ? 'about ' : ''}${time}; may do so at any moment`,
    lapsed: (time) => `it was estimated to start by itself about ${time}; check it in the console`,
    ended: (time) => `ended ${time}`,
    changed: (time) => `last change seen ${time}`,
  },
  'zh-CN': {
    noDeadline: '截止时间未知',
    waitsOn: '将一直等待授权',
    until: (time, estimated) => `后自动开始${estimated ? '（预计）' : ''}：${time}`,
    passed: (time, estimated) => `已过计划开始时间${estimated ? '（估算）' : ''} ${time}，随时可能自动开始`,
    lapsed: (time) => `已过预计开始时间 ${time}，请到控制台核实`,
    ended: (time) => `结束于 ${time}`,
    changed: (time) => `最近变化 ${time}`,
  },
};

/** The address of a task's page on this site. */
export function taskPath(account: string, taskId: string): string {
  return `/${taskPagePath(account, taskId)}`;
}

export function taskView(stored: StoredTask, silence: Silence, now: EpochMs, speaker: Speaker): TaskView {
  const { account, task, ending } = stored;
  const waits = ending === null && task.taskStatus === PENDING;
  const alias = task.alias === null ? '' : speaker.outside(task.alias, ALIAS_MAX);
  const instanceId = speaker.outside(task.instanceId ?? '');
  const taskId = speaker.outside(task.taskId);
  return {
    anchor: taskPagePath(account, task.taskId),
    href: taskPath(account, task.taskId),
    account: speaker.outside(account),
    taskId,
    name: alias || instanceId || taskId,
    instanceId: alias === '' || alias === instanceId || instanceId === '' ? null : instanceId,
    type: speaker.typeName(task),
    product: speaker.outside(task.product ?? '') || null,
    place: placeName(task, speaker),
    allows: speaker.authTypeName(task.authType),
    dataLoss: mayLoseData(task),
    timeLeft: waits ? timeLeft(task, now, speaker) : null,
    lapsed: waits && hasLapsed(task, now),
    begun: hasBegun(task),
    since: ending === null ? null : sinceWords(stored, speaker),
    status: speaker.statusName(ending === 'unlisted' ? null : task.taskStatus),
    held: silenceLines(silence, now, speaker),
    command: waits ? (authorizeCommands(task, now)?.booked ?? null) : null,
  };
}

function timeLeft(task: RepairTask, now: EpochMs, speaker: Speaker): TimeLeft {
  const words = WORDS[speaker.language];
  const { at, certainty } = deadlineOf(task);
  if (at === null) return { tone: 'none', at, left: words.noDeadline, says: words.waitsOn, time: '' };
  const time = speaker.time(at);
  const left = at - now;
  const estimated = certainty === 'estimated';
  if (hasLapsed(task, now))
    return { tone: 'none', at, left: speaker.relative(at, now), says: words.lapsed(time), time };
  if (left < 0)
    return { tone: 'urgent', at, left: speaker.relative(at, now), says: words.passed(time, estimated), time };
  const tone = left < URGENT_MS ? 'urgent' : left < SOON_MS ? 'soon' : 'calm';
  return { tone, at, left: speaker.duration(left), says: words.until(time, estimated), time };
}

function sinceWords({ task, changedAt }: StoredTask, speaker: Speaker): string {
  const words = WORDS[speaker.language];
  return task.endTime === null ? words.changed(speaker.time(changedAt)) : words.ended(speaker.time(task.endTime));
}
