import { setImmediate } from 'node:timers/promises';
import { HOUR_MS } from '../../../lib/clock.ts';
import { layout } from '../../layout.ts';
import type { Routes } from '../../web-app.ts';
import { daysOfRepairs } from './days-of-repairs.ts';
import { NEXT_HOURS, type TimelineFacts, timelinePage } from './timeline-page.ts';
import { TIMELINE_WORDS } from './words.ts';

/** Beyond this a chart says nothing more, and reading would take long. */
const SHOWN_MAX = 1_000;
const PAST_DAYS = 30;

/** `/timeline`: what starts when, and what has started. */
export const timelineRoutes: Routes = (app, { view, clock, speaker, access }) => {
  const feed = access === null ? '/feed.ics' : `/feed.ics?key=${access.feedKey}`;
  const daysOf = daysOfRepairs(view, clock);
  app.get('/timeline', async (c) => {
    const visitor = c.get('visitor');
    const speaks = speaker(visitor.language);
    const now = clock.now();
    const by = c.req.query('by') === 'zone' ? 'zone' : 'account';
    const days = await daysOf(PAST_DAYS, speaks.timezone);
    const starting = await view.startingTasks(now, now + NEXT_HOURS * HOUR_MS, SHOWN_MAX);
    // Reading and drawing a thousand tasks are each a turn of their own.
    await setImmediate();
    const facts: TimelineFacts = { now, by, starting, shownMax: SHOWN_MAX, days, feed };
    return c.html(
      layout(
        {
          title: TIMELINE_WORDS[visitor.language].title,
          place: '/timeline',
          here: `/timeline?by=${by}`,
          main: timelinePage(facts, speaks),
          signedIn: visitor.session !== null,
          live: true,
        },
        speaks,
      ),
    );
  });
};
