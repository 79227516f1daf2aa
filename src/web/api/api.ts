import type { Handler } from 'hono';
import { readingOf } from '../../digest/compose-digest.ts';
import { deliveryJson } from '../../json/delivery-json.ts';
import { listHead } from '../../json/list-head.ts';
import { pollJson } from '../../json/poll-json.ts';
import { silenceJson } from '../../json/silence-json.ts';
import { storyJson } from '../../json/story-json.ts';
import { taskJson } from '../../json/task-json.ts';
import { silencesByTask } from '../../model/silence.ts';
import { readStory } from '../../story/task-story.ts';
import { pollIntervals } from '../../watch/poll-intervals.ts';
import { findTasks } from '../pages/waiting/find-tasks.ts';
import type { Routes, WebEnv } from '../web-app.ts';
import { Asked, AskedWrongly, wrongCursor } from './asked.ts';
import { TASK_PARAMETERS, taskListAsked } from './task-list.ts';

const STATES = ['waiting', 'sending', 'unknown', 'delivered', 'dead'] as const;
const NO_TASK = { error: 'No account knows a task of this id; /api/tasks lists those that wait.' };

/** `/api`: what is stored, for programs. docs/openapi.yaml describes it. */
export const apiRoutes: Routes = (app, { config, view, clock }) => {
  const accounts = config.accounts.map(({ name }) => name);
  const intervalOf = pollIntervals(config);
  const story = async (found: Awaited<ReturnType<typeof view.task>>) => {
    const silenceOf = silencesByTask(await view.silences(clock.now()));
    return Promise.all(found.map(async (stored) => storyJson(await readStory(view, stored, silenceOf))));
  };
  app.get(
    '/api/tasks',
    answering(async (c) => {
      const asked = new Asked(c.req.url, TASK_PARAMETERS);
      const query = taskListAsked(asked, accounts);
      const after = asked.text('after');
      const now = clock.now();
      const { tasks, next } = await findTasks(view, query, { after, limit: asked.limit(), now }, clock).catch(
        (error: unknown) => {
          throw error instanceof RangeError ? wrongCursor(after ?? '') : error;
        },
      );
      const silenceOf = silencesByTask(await view.silences(now));
      const readings = (await view.accounts()).map((state) => readingOf(state, now, intervalOf));
      const json = tasks.map((stored) => ({
        ...taskJson(stored),
        ...silenceJson(silenceOf(stored.account, stored.task, stored.revision)),
        ending: stored.ending,
      }));
      return c.json({ ...listHead(readings, now), tasks: json, next });
    }),
  );
  app.get(
    '/api/tasks/:id',
    answering(async (c) => {
      const tasks = await story(await view.task(c.req.param('id') ?? ''));
      return tasks.length === 0 ? c.json(NO_TASK, 404) : c.json({ tasks });
    }),
  );
  app.get(
    '/api/tasks/:account/:id',
    answering(async (c) => {
      const { account, id = '' } = c.req.param();
      const [task] = await story((await view.task(id)).filter((stored) => stored.account === account));
      return task === undefined ? c.json(NO_TASK, 404) : c.json(task);
    }),
  );
  app.get(
    '/api/polls',
    answering(async (c) => {
      const asked = new Asked(c.req.url, ['account', 'limit', 'after']);
      const [account, ...others] = asked.names('account', accounts);
      if (others.length > 0) throw new AskedWrongly('account is given more than once; give it once.');
      const [before, limit] = [asked.before(), asked.limit()];
      const filter = { ...(account !== undefined && { account }), ...(before !== null && { before }) };
      const records = await view.polls({ ...filter, limit: limit + 1 });
      return c.json({ polls: records.slice(0, limit).map(pollJson), next: nextOf(records, limit) });
    }),
  );
  app.get(
    '/api/deliveries',
    answering(async (c) => {
      const asked = new Asked(c.req.url, ['state', 'limit', 'after']);
      const state = asked.word('state', STATES, null);
      const [before, limit] = [asked.before(), asked.limit()];
      const filter = { ...(state !== null && { state }), ...(before !== null && { before }) };
      const records = await view.deliveries({ ...filter, limit: limit + 1 });
      return c.json({ deliveries: records.slice(0, limit).map(deliveryJson), next: nextOf(records, limit) });
    }),
  );
};

/** What cannot be answered as it was asked is said in one sentence. */
function answering(answer: Handler<WebEnv>): Handler<WebEnv> {
  return async (c, next) => {
    try {
      return await answer(c, next);
    } catch (error) {
      if (error instanceof AskedWrongly) return c.json({ error: error.message }, 400);
      throw error;
    }
  };
}

/** The cursor of what follows the first `limit` rows; null where nothing does. */
function nextOf(rows: readonly { readonly id: number }[], limit: number): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? String(last.id) : null;
}
