import { expect, it } from 'vitest';
import { explainDocument } from '../../../src/commands/explain-document.ts';
import { HOUR_MS } from '../../../src/lib/clock.ts';
import { html } from '../../../src/lib/html.ts';
import { silencesByTask } from '../../../src/model/silence.ts';
import type { RepairTask } from '../../../src/model/task.ts';
import { readStory } from '../../../src/story/task-story.ts';
import { page, pendingAlert, pollEnd, T0, taskRow } from '../../support/store-world.ts';
import { openWebStage } from '../../support/web-stage.ts';

async function bothOf(task: Partial<RepairTask>) {
  const { store, speaker, get } = await openWebStage();
  const { poll } = await store.beginPoll('prod', 'poll', T0);
  await store.commitPage(poll, [], () =>
    page({
      write: [taskRow({ taskId: 'rep-1', alias: 'order <db> 3', ...task })],
      changes: [{ taskId: 'rep-1', at: T0, from: null, to: 1, event: pendingAlert('rep-1').event }],
    }),
  );
  await store.endPoll(poll, pollEnd({ endedAt: T0 }));
  const [stored] = await store.task('rep-1');
  if (stored === undefined) throw new Error('the task is not stored');
  const story = await readStory(store, stored, silencesByTask(await store.silences(T0)));
  const document = explainDocument(story, T0, speaker('en'));
  const shown = await (await get('/tasks/prod/rep-1')).text();
  const said = [
    document.warning,
    ...document.parts.flatMap((part) => {
      if (part.part === 'sentences') return part.sentences;
      if (part.part === 'facts') return part.facts.map(({ value }) => value);
      return part.part === 'commands' ? [part.intro] : [];
    }),
  ].filter((text) => text !== null);
  return { said, isShown: (text: string) => shown.includes(html`${text}`.markup) };
}

it.each<[string, Partial<RepairTask>]>([
  ['a stated deadline', { authTime: T0 + 5 * HOUR_MS }],
  ['one that has passed', { authTime: T0 - HOUR_MS }],
  ['none', { taskTypeId: 106, authTime: null }],
  ['a risk for the local disks', { authType: 8, authTime: T0 + HOUR_MS }],
  ['an AuthType that nobody knows', { authType: 99 }],
])('says of a task with %s what its page says, and what happens if nobody acts', async (_, task) => {
  const { said, isShown } = await bothOf(task);
  expect(said.filter((text) => !isShown(text))).toEqual([]);
  expect(said.filter((text) => /authoriz|starts? by itself|may start/i.test(text)).length).toBeGreaterThan(1);
});
