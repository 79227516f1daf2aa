import { streamSSE } from 'hono/streaming';
import { SECOND_MS } from '../lib/clock.ts';
import { createChangeFeed } from './change-feed.ts';
import type { Routes } from './web-app.ts';

/** A reader with many tabs open must not take every connection. */
const MOST_LISTENERS = 200;
/** Proxies end a connection on which nothing comes; and a reader that is gone shows only when something is sent. */
const STILL_HERE_MS = 20 * SECOND_MS;

/** `/events`: "changed" whenever something that a page shows has changed; "here" in between, by which a page knows that it is not out of date. */
export const eventRoutes: Routes = (app, { view, clock, log }) => {
  const feed = createChangeFeed(view, clock, log);
  let listeners = 0;
  app.get('/events', (c) => {
    // Nobody reads what follows these headers, so nothing would ever end it.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
    if (listeners >= MOST_LISTENERS) return c.text('Too many pages listen already.\n', 503);
    listeners += 1;
    return streamSSE(c, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const stopListening = feed.listen(() => void stream.writeSSE({ event: 'changed', data: '' }));
      try {
        await stream.writeSSE({ event: 'ready', data: '', retry: 5 * SECOND_MS });
        while (!gone.signal.aborted) {
          await clock.sleep(STILL_HERE_MS, gone.signal).catch(() => undefined); // gone: the loop ends
          if (!gone.signal.aborted) await stream.writeSSE({ event: 'here', data: '' });
        }
      } finally {
        stopListening();
        listeners -= 1;
      }
    });
  });
};
