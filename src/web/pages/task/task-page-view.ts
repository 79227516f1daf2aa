import type { EpochMs } from '../../../lib/clock.ts';
import { ackCommand, isSafeId } from '../../../messages/command-lines.ts';
import type { CommandsPart, Fact } from '../../../messages/document.ts';
import { nextStep } from '../../../messages/next-step.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { nobodyActs, warningOf } from '../../../messages/task-document.ts';
import { type Ack, covers, type Mute, type Silences } from '../../../model/silence.ts';
import { mayLoseData } from '../../../model/task.ts';
import { matchText } from '../../../model/task-match.ts';
import { type StoryStep, storySteps } from '../../../story/story-steps.ts';
import { taskFacts, waits } from '../../../story/task-facts.ts';
import type { TaskStory } from '../../../story/task-story.ts';
import { type TaskView, taskView } from '../../task-view.ts';

const DETAIL_MAX = 1_000;
const MATCH_MAX = 200;

/** A mute that covers the task now. */
export interface LiveMute {
  readonly id: number;
  /** The condition of a mute by match; null: of this task alone. */
  readonly match: string | null;
}

/** A task's page as it is to be shown. */
export interface TaskPageView {
  readonly task: TaskView;
  readonly revision: number;
  readonly waits: boolean;
  /** Not over: a mute may still mean something. */
  readonly open: boolean;
  readonly warning: string | null;
  readonly nobodyActs: string | null;
  readonly step: { readonly intro: string; readonly commands: CommandsPart['commands'] } | null;
  readonly facts: readonly Fact[];
  readonly steps: readonly StoryStep[];
  /** The vendor's own text. */
  readonly detail: string | null;
  readonly ack: Ack | null;
  readonly mutes: readonly LiveMute[];
  /** The lines that acknowledge and mute, for a reader who may not write here; null where the id is not known to be safe. */
  readonly lines: { readonly ack: string; readonly mute: string } | null;
}

/** What the page says, out of a story and what holds now. Pure. */
export function taskPageView(story: TaskStory, silences: Silences, now: EpochMs, speaker: Speaker): TaskPageView {
  const { stored, silence } = story;
  const { account, task, revision } = stored;
  const pending = waits(stored);
  const risky = pending && mayLoseData(task);
  const detail = task.taskDetail === null ? '' : speaker.outside(task.taskDetail, DETAIL_MAX);
  return {
    task: taskView(stored, silence, now, speaker),
    revision,
    waits: pending,
    open: stored.ending === null,
    warning: risky ? warningOf(task, speaker) : null,
    nobodyActs: pending ? nobodyActs(task, now, speaker) : null,
    step: pending ? stepOf(stored, risky, now, speaker) : null,
    facts: taskFacts(stored, now, speaker),
    steps: storySteps(story, now, speaker),
    detail: detail === '' ? null : detail,
    ack: silence.ack,
    mutes: silences.mutes.filter((mute) => covers(mute, account, task)).map((mute) => liveMute(mute, speaker)),
    lines: linesOf(task.taskId, revision),
  };
}

/** Without the line that acknowledges, which the page has a place of its own for. */
function stepOf(stored: TaskStory['stored'], risky: boolean, now: EpochMs, speaker: Speaker): TaskPageView['step'] {
  const part = nextStep(stored, risky, now, speaker);
  if (part.part === 'sentences') return { intro: part.sentences.join(' '), commands: [] };
  if (part.part !== 'commands') return null;
  const acknowledges = ackCommand(stored.task.taskId, stored.revision);
  return { intro: part.intro, commands: part.commands.filter(({ line }) => line !== acknowledges) };
}

function liveMute({ id, target }: Mute, speaker: Speaker): LiveMute {
  return { id, match: target.kind === 'task' ? null : speaker.outside(matchText(target.match), MATCH_MAX) };
}

function linesOf(taskId: string, revision: number): TaskPageView['lines'] {
  const ack = ackCommand(taskId, revision);
  if (ack === null || !isSafeId(taskId)) return null;
  return { ack, mute: `repairwatch mute ${taskId} --until 8h --reason REASON --by NAME` };
}
