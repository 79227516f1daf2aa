import type { Context } from 'hono';
import { html } from '../../../lib/html.ts';
import type { Speaker } from '../../../messages/speak.ts';
import { silencesByTask } from '../../../model/silence.ts';
import type { StoredTask } from '../../../store/store.ts';
import { readStory } from '../../../story/task-story.ts';
import { layout } from '../../layout.ts';
import { isOwnForm } from '../../own-form.ts';
import { taskPath } from '../../task-view.ts';
import type { Routes, WebEnv } from '../../web-app.ts';
import type { WebDeps } from '../../web-deps.ts';
import type { Writing } from './care.ts';
import { isDone } from './outcome.ts';
import type { Fields } from './silence-form.ts';
import { type Said, taskPage } from './task-page.ts';
import { taskPageView } from './task-page-view.ts';
import { TASK_WORDS } from './words.ts';
import { acknowledge, mute, unmute, type Written } from './write.ts';

type TaskContext = Context<WebEnv, '/tasks/:account/:taskId'>;

const STATUSES = {
  wrong: 422,
  moved: 409,
  'not-pending': 409,
  over: 409,
  'no-mute': 409,
  'other-session': 403,
} as const;

/** What is shown beside the task itself. */
interface Shown {
  readonly said: Said;
  readonly typed: Writing['typed'];
}

/** `/tasks/ACCOUNT/ID`: a task's whole story, and the forms that acknowledge and mute it. */
export const taskRoutes: Routes = (app, deps) => {
  app.get('/tasks/:account/:taskId', async (c) => {
    const done = c.req.query('done');
    return show(c, deps, { said: isDone(done) ? { done } : null, typed: null }, 200);
  });
  for (const [form, write] of Object.entries({ ack: acknowledge, mute, unmute })) {
    app.post(`/tasks/:account/:taskId/${form}`, async (c) => {
      const fields = await ownFields(c, deps);
      if (typeof fields === 'string') return c.text(`${fields}\n`, 403);
      const stored = await storedOf(c, deps);
      if (stored === null) return notFound(c, deps);
      const { access } = deps;
      const { session } = c.get('visitor');
      // From the same site, so a person with an old form: the page that answers has a new one, with what was typed.
      const isOurs = access !== null && session !== null && access.isFormKey(fields['key'] ?? '', session);
      const written: Written = isOurs ? await write(stored, fields, deps) : { refusal: { kind: 'other-session' } };
      if ('done' in written) {
        const path = taskPath(stored.account, stored.task.taskId);
        return c.redirect(`${path}?done=${written.done}`, 303);
      }
      // Cast: the keys above are these three.
      const typed = { form: form as 'ack' | 'mute' | 'unmute', fields };
      const status = STATUSES[written.refusal.kind];
      return show(c, deps, { said: written, typed }, status);
    });
  }
};

/** The fields of a form that a page of this site sent with a session, or why they are not taken. */
async function ownFields(c: TaskContext, { access }: WebDeps): Promise<Fields | string> {
  const { session } = c.get('visitor');
  if (access === null || session === null) return 'Sign in to acknowledge or mute from the page.';
  if (!isOwnForm(c.req)) return 'This form came from another site.';
  const body = await c.req.parseBody();
  const fields = Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  return fields;
}

async function storedOf(c: TaskContext, { view, config }: WebDeps): Promise<StoredTask | null> {
  const { account, taskId } = c.req.param();
  if (!config.accounts.some(({ name }) => name === account)) return null;
  return (await view.task(taskId)).find((stored) => stored.account === account) ?? null;
}

async function show(
  c: TaskContext,
  deps: WebDeps,
  { said, typed }: Shown,
  status: 200 | 403 | 409 | 422,
): Promise<Response> {
  const { view, access, clock } = deps;
  const visitor = c.get('visitor');
  const speaker = deps.speaker(visitor.language);
  const stored = await storedOf(c, deps);
  if (stored === null) return notFound(c, deps);
  const now = clock.now();
  const silences = await view.silences(now);
  const story = await readStory(view, stored, silencesByTask(silences));
  const page = taskPageView(story, silences, now, speaker);
  const writing = access === null || visitor.session === null ? null : { key: access.formKey(visitor.session), typed };
  const here = taskPath(stored.account, stored.task.taskId);
  const main = taskPage({ view: page, said, writing, hasToken: access !== null }, speaker);
  // The address of an answer to a form cannot be read again, so what was refused stands until the form is sent once more.
  const live = status === 200;
  return c.html(
    frame(`${page.task.name} · ${page.task.type}`, here, main, visitor.session !== null, live, speaker),
    status,
  );
}

function notFound(c: TaskContext, deps: WebDeps): Response | Promise<Response> {
  const visitor = c.get('visitor');
  const speaker = deps.speaker(visitor.language);
  const words = TASK_WORDS[speaker.language];
  const { account, taskId } = c.req.param();
  const main = html`<section class="narrow"><h1>${words.notFound}</h1>
<p>${words.notFoundSays(speaker.outside(taskId), speaker.outside(account))}</p>
<p><a href="/">${words.toList}</a></p></section>`;
  return c.html(frame(words.notFound, '/', main, visitor.session !== null, false, speaker), 404);
}

function frame(
  title: string,
  here: string,
  main: ReturnType<typeof taskPage>,
  signedIn: boolean,
  live: boolean,
  speaker: Speaker,
): string {
  return layout({ title, place: '/', here, main, signedIn, live }, speaker);
}
