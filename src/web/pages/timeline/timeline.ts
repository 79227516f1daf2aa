import { setImmediate } from 'node:timers/promises';
import { type EpochMs, HOUR_MS } from '../../../lib/clock.ts';
import { layout } from '../../layout.ts';
import type { Routes } from '../../web-app.ts';
import type { WebDeps } from '../../web-deps.ts';
import { calendarOf, spansOfDays } from './calendar.ts';
import type { DayOfRepairs } from './past.ts';
import { NEXT_HOURS, type TimelineFacts, timelinePage } from './timeline-page.ts';
import { TIMELINE_WORDS } from './words.ts';

/** Beyond this a chart says nothing more, and reading would take long. */
const SHOWN_MAX = 1_000;
const PAST_DAYS = 30;

/** `/timeline`: what starts when, and what has started. */
export const timelineRoutes: Routes = (app, { view, clock, speaker, access }) => {
  const feed = access === null ? '/feed.ics' : `/feed.ics?key=${access.feedKey}`;
  app.get('/timeline', async (c) => {
    const visitor = c.get('visitor');
    const speaks = speaker(visitor.language);
    const now = clock.now();
    const by = c.req.query('by') === 'zone' ? 'zone' : 'account';
    const facts: TimelineFacts = {
      now,
      by,
      starting: await view.startingTasks(now, now + NEXT_HOURS * HOUR_MS, SHOWN_MAX),
      shownMax: SHOWN_MAX,
      days: await daysOfRepairs(view, now, speaks.timezone),
      feed,
    };
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

/** A day at a time, so that others have their turn however many repairs there were. */
async function daysOfRepairs(view: WebDeps['view'], now: EpochMs, timeZone: string): Promise<readonly DayOfRepairs[]> {
  const days: DayOfRepairs[] = [];
  for (const { name, from, to } of spansOfDays(now, PAST_DAYS, calendarOf(timeZone))) {
    days.push({ name, repairs: await view.startedRepairs(from, to) });
    await setImmediate();
  }
  return days;
}
