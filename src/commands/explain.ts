import { storyJson } from '../json/story-json.ts';
import { type EpochMs, systemClock } from '../lib/clock.ts';
import { layOut } from '../messages/lay-out.ts';
import { silencesByTask } from '../model/silence.ts';
import type { Store } from '../store/store.ts';
import { readStory, type TaskStory } from '../story/task-story.ts';
import type { ExitCode } from './exit-code.ts';
import { explainDocument } from './explain-document.ts';
import { tasksOf } from './find-task.ts';
import { paintFor } from './paint.ts';
import { printJson } from './print-json.ts';
import { readConfig } from './read-config.ts';
import type { LanguageOptions, Screen } from './screen.ts';
import { speakerFor } from './speaker-for.ts';
import { withStore } from './with-store.ts';

export interface ExplainOptions extends LanguageOptions {
  readonly json?: boolean;
}

const COLUMNS_MAX = 100;

/** `explain`: what a task is, when it was first seen, what has happened and was told since, and how to authorize it while it waits. */
export async function explain(id: string, options: ExplainOptions, screen: Screen): Promise<ExitCode> {
  const read = readConfig(options, screen);
  if (read === null) return 2;
  const now: EpochMs = systemClock.now();
  const stories = await withStore(read.config, 'reader', (store) => storiesOf(store, id, now));
  if (options.json === true) printJson(screen, stories.map(storyJson));
  if (stories.length === 0) {
    screen.complain(
      `No task and no open task's instance has the id "${id}"; \`repairwatch list --all\` shows the open ones.`,
    );
    return 1;
  }
  if (options.json === true) return 0;
  const speaker = speakerFor(read.config, options.language);
  const layout = { columns: Math.min(COLUMNS_MAX, screen.columns), paint: paintFor(screen.colour) };
  for (const story of stories) screen.print(layOut(explainDocument(story, now, speaker), speaker, layout));
  return 0;
}

async function storiesOf(store: Store, id: string, now: EpochMs): Promise<readonly TaskStory[]> {
  const { found } = await tasksOf(store, id);
  const silenceOf = silencesByTask(await store.silences(now));
  const stories: TaskStory[] = [];
  for (const stored of found) stories.push(await readStory(store, stored, silenceOf));
  return stories;
}
