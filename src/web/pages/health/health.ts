import { previewDigest } from '../../../digest/make-digests.ts';
import { html } from '../../../lib/html.ts';
import { renderTerminal } from '../../../messages/terminal.ts';
import { pollIntervals } from '../../../watch/poll-intervals.ts';
import { layout } from '../../layout.ts';
import type { Routes } from '../../web-app.ts';
import { healthFacts } from './facts.ts';
import { healthPage } from './health-page.ts';
import { HEALTH_WORDS } from './words.ts';

const PREVIEW_COLUMNS = 100;

/** `/health`: whether all is read and delivered; and what each digest would say now. */
export const healthRoutes: Routes = (app, deps) => {
  const { view, clock, config, log } = deps;
  app.get('/health', async (c) => {
    const visitor = c.get('visitor');
    const speaker = deps.speaker(visitor.language);
    const main = healthPage(await healthFacts(deps), speaker);
    const title = HEALTH_WORDS[visitor.language].title;
    const signedIn = visitor.session !== null;
    return c.html(layout({ title, place: '/health', here: '/health', main, signedIn, live: true }, speaker));
  });
  app.get('/health/digests/:name', async (c) => {
    const visitor = c.get('visitor');
    const digest = config.digests.find(({ name }) => name === c.req.param('name'));
    if (digest === undefined) return c.notFound();
    const speaker = deps.speaker(visitor.language);
    const words = HEALTH_WORDS[visitor.language];
    const intervalOf = pollIntervals(config);
    const facts = await previewDigest(
      { store: view, clock, log, intervalOf, digests: [], wake: () => undefined },
      digest.name,
    );
    const message = { key: 'preview', facts, part: 1, parts: 1, plain: false, resume: null };
    const text = renderTerminal(message, speaker, { columns: PREVIEW_COLUMNS, colour: false }).trimEnd();
    const title = words.previewTitle(digest.name);
    const main = html`<a class="back" href="/health">← ${words.back}</a>
<div class="head"><div><h1>${title}</h1><p class="sub">${words.previewIntro}</p></div></div>
<div class="card"><pre class="preview" tabindex="0">${text}</pre></div>`;
    const here = `/health/digests/${encodeURIComponent(digest.name)}`;
    const signedIn = visitor.session !== null;
    return c.html(layout({ title, place: '/health', here, main, signedIn, live: false }, speaker));
  });
};
