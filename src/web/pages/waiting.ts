import { html } from '../../lib/html.ts';
import { layout } from '../layout.ts';
import type { Routes } from '../web-app.ts';
import { WEB_WORDS } from '../words.ts';

/** `/`: what waits for authorization. */
export const waitingRoutes: Routes = (app, { view, speaker }) => {
  app.get('/', async (c) => {
    const visitor = c.get('visitor');
    const speaks = speaker(visitor.language);
    const { items } = await view.taskPart({ state: 'pending' }, null, 200);
    const title = WEB_WORDS[visitor.language].places.waiting;
    const main = html`<h1>${title}</h1><ul>${items.map(({ task }) => html`<li>${speaks.outside(task.taskId)}</li>`)}</ul>`;
    return c.html(
      layout({ title, place: '/', here: '/', main, signedIn: visitor.session !== null, live: true }, speaks),
    );
  });
};
