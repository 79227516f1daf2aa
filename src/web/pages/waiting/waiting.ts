import { readingOf } from '../../../digest/compose-digest.ts';
import { type IntervalOf, pollIntervals } from '../../../watch/poll-intervals.ts';
import { layout } from '../../layout.ts';
import type { Routes } from '../../web-app.ts';
import type { WebDeps } from '../../web-deps.ts';
import { findTasks } from './find-tasks.ts';
import { pathOf, readQuery, stateOf, taskQuery, type WaitingQuery } from './query.ts';
import { waitingPage, waitingTitle } from './waiting-page.ts';
import { type WaitingFacts, waitingView } from './waiting-view.ts';

const ROWS = 200;
/** Closed tasks that are counted for the filters; beyond them the numbers are left out. */
const COUNTED_MAX = 5_000;

/** `/`: what waits for authorization, by time left, what may lose data on top; and by its filters whatever else is stored. */
export const waitingRoutes: Routes = (app, deps) => {
  const intervalOf = pollIntervals(deps.config);
  app.get('/', async (c) => {
    const visitor = c.get('visitor');
    const speaker = deps.speaker(visitor.language);
    const query = readQuery((name) => c.req.query(name));
    // What a form sends of a filter that was left alone, and what makes no sense, does not stay in an address that is handed on.
    if (Object.entries(query).some(([name, value]) => value === '' && c.req.query(name) !== undefined))
      return c.redirect(pathOf(query), 303);
    const facts = await readFacts(deps, query, intervalOf);
    // An address that was cut or is of an older version: the list from its beginning.
    if (facts === null) return c.redirect(pathOf({ ...query, after: '' }), 303);
    const view = waitingView(facts, speaker);
    return c.html(
      layout(
        {
          title: waitingTitle(view, speaker),
          place: '/',
          here: pathOf(query),
          main: waitingPage(view, speaker),
          signedIn: visitor.session !== null,
          live: true,
        },
        speaker,
      ),
    );
  });
};

async function readFacts(
  { view, clock }: Pick<WebDeps, 'view' | 'clock'>,
  query: WaitingQuery,
  intervalOf: IntervalOf,
): Promise<WaitingFacts | null> {
  const now = clock.now();
  const after = query.after === '' ? null : query.after;
  const found = await findTasks(view, taskQuery(query), { after, limit: ROWS, now }, clock).catch((error: unknown) => {
    if (error instanceof RangeError) return null;
    throw error;
  });
  if (found === null) return null;
  const [open, silences, accounts] = await Promise.all([view.openCounts(now), view.silences(now), view.accounts()]);
  const closed = stateOf(query.status) === 'closed' ? await view.closedCounts(COUNTED_MAX) : null;
  const readings = accounts.map((state) => ({
    ...readingOf(state, now, intervalOf),
    blocked: state.blocked,
  }));
  return { query, found, counts: { open, closed }, silences, readings, now };
}
