import { chromium } from 'playwright-core';
import { MINUTE_MS } from '../src/lib/clock.ts';
import type { StoredTask } from '../src/store/store.ts';
import { SESSION_COOKIE } from '../src/web/visitor.ts';
import type { WebApp } from '../src/web/web-app.ts';
import { page as pageOf, pollEnd } from '../test/support/store-world.ts';
import { openWebStage } from '../test/support/web-stage.ts';
import { chromiumArguments, chromiumPath } from './chromium.ts';
import { SHOWN_AT, SHOWN_TASKS } from './showcase-facts.ts';

/** Any name will do: every request is answered from memory. */
const ORIGIN = 'http://repairwatch.test';

const PICTURES = [
  { name: 'page', path: '/', width: 1440, height: 900, dark: false },
  { name: 'page-dark-phone', path: '/', width: 360, height: 900, dark: true },
  { name: 'page-task', path: '/tasks/prod/rep-1h7kq2vm', width: 1440, height: 900, dark: false },
] as const;

/** Draws the real page over the shown tasks, at the shown moment, in Chromium. */
export async function pagePictures(): Promise<readonly { readonly name: string; readonly png: Buffer }[]> {
  const { app, cookie } = await shownApp();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments()] });
  try {
    const pictures: { name: string; png: Buffer }[] = [];
    for (const { name, path, width, height, dark } of PICTURES) {
      const context = await browser.newContext({
        locale: 'en',
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
      });
      await context.clock.setFixedTime(SHOWN_AT);
      // Nothing changes any more: the page need not listen.
      await context.route('**/events', (route) => route.abort());
      await context.route(
        (url) => url.pathname !== '/events',
        async (route) => {
          const { pathname, search } = new URL(route.request().url());
          const answer = await app.request(pathname + search, { headers: { Cookie: cookie, Accept: 'text/html' } });
          await route.fulfill({
            status: answer.status,
            headers: Object.fromEntries(answer.headers),
            body: Buffer.from(await answer.arrayBuffer()),
          });
        },
      );
      const page = await context.newPage();
      await page.goto(ORIGIN + path);
      pictures.push({ name, png: await page.screenshot({ animations: 'disabled', caret: 'hide' }) });
      await context.close();
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

/** The page over a store with the shown tasks, one of them acknowledged; and the cookie of who has signed in. */
async function shownApp(): Promise<{ readonly app: WebApp; readonly cookie: string }> {
  const { app, store, clock, access } = await openWebStage();
  await clock.advance(SHOWN_AT - clock.now());
  const at = SHOWN_AT - 2 * MINUTE_MS;
  const { poll } = await store.beginPoll('prod', 'poll', at);
  const write = SHOWN_TASKS.map(
    (task): Omit<StoredTask, 'seenPoll'> => ({
      account: 'prod',
      task,
      ending: null,
      firstSeenAt: at,
      changedAt: at,
      absentPolls: 0,
      toldAuthTime: null,
      revision: 1,
    }),
  );
  const changes = SHOWN_TASKS.map(({ taskId, taskStatus }) => ({
    taskId,
    at,
    from: null,
    to: taskStatus,
    event: null,
  }));
  await store.commitPage(poll, [], () => pageOf({ write, changes }));
  await store.finishLive(poll, at);
  await store.endPoll(poll, pollEnd({ endedAt: at }));
  await store.acknowledge({ account: 'prod', taskId: 'rep-6x2ad8pe', by: 'Mei', until: null, revision: 1 }, at);
  return { app, cookie: `${SESSION_COOKIE}=${access.openSession(SHOWN_AT).session}` };
}
