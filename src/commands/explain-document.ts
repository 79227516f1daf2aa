import type { EpochMs } from '../lib/clock.ts';
import { type Document, nonEmpty, sentences } from '../messages/document.ts';
import { nextStep } from '../messages/next-step.ts';
import { taskPageLink } from '../messages/page-link.ts';
import type { Speaker } from '../messages/speak.ts';
import { nobodyActs, warningOf } from '../messages/task-document.ts';
import { silenceLines } from '../messages/task-news.ts';
import { instanceName } from '../messages/task-row.ts';
import { mayLoseData } from '../model/task.ts';
import { type StoryStep, storySteps } from '../story/story-steps.ts';
import { STORY_WORDS } from '../story/story-words.ts';
import { taskFacts, waits } from '../story/task-facts.ts';
import type { TaskStory } from '../story/task-story.ts';

const DETAIL_MAX = 500;

/** A task's facts, its history from first to last, and the next step while it waits. */
export function explainDocument(story: TaskStory, now: EpochMs, speaker: Speaker): Document {
  const { stored, silence } = story;
  const { task } = stored;
  const { words, language } = speaker;
  const risky = waits(stored) && mayLoseData(task);
  const history = storySteps(story, now, speaker).map((step) => stepLine(step, speaker));
  const detail = task.taskDetail === null ? '' : speaker.outside(task.taskDetail, DETAIL_MAX);
  return {
    tone: risky ? 'danger' : 'calm',
    title: words.task.what(instanceName(task, speaker), speaker.typeName(task)),
    summary: '',
    banner: null,
    warning: risky ? warningOf(task, speaker) : null,
    parts: nonEmpty([
      sentences(null, silenceLines(silence, now, speaker)),
      { part: 'facts', facts: taskFacts(stored, now, speaker) },
      { part: 'lines', heading: STORY_WORDS[language].heading, tone: 'calm', lines: history },
      sentences(words.task.headingIfNobodyActs, waits(stored) ? [nobodyActs(task, now, speaker)] : []),
      ...(waits(stored) ? [nextStep(stored, risky, now, speaker)] : []),
      { ...sentences(words.task.headingVendorSays, detail === '' ? [] : [detail]), quoted: true },
    ]),
    footer: [words.frame.zone(speaker.timezone)],
    page: taskPageLink(stored.account, task.taskId, speaker),
  };
}

function stepLine({ at, says, details }: StoryStep, speaker: Speaker): string {
  return speaker.words.task.happened(speaker.time(at), [says, ...details].join(' · '));
}
