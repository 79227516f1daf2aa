import { DAY_MS, MINUTE_MS } from '../lib/clock.ts';
import { parseDuration } from '../lib/duration.ts';
import type { Speaker } from '../messages/speak.ts';
import { CALENDAR_END, CALENDAR_HEAD, calendarEvent } from '../messages/task-calendar.ts';
import type { StoredTask } from '../store/store.ts';
import { allTasks } from '../story/all-tasks.ts';
import { Asked, AskedWrongly } from './api/asked.ts';
import type { Routes } from './web-app.ts';
import type { WebDeps } from './web-deps.ts';

const CLOSED_SINCE_MS = 30 * DAY_MS;
const EVENTS_MAX = 10_000;
const ALARM_MAX_MS = 30 * DAY_MS;

interface FeedAsked {
  readonly accounts: readonly string[];
  readonly speaker: Speaker;
  readonly alarmMs: number | null;
}

/** `/feed.ics`: what starts when, to subscribe to. Calendars know only an address, so it may carry a key that opens nothing else. */
export const feedRoutes: Routes = (app, deps) => {
  app.get('/feed.ics', (c) => {
    const { access } = deps;
    const opened = access === null || c.get('visitor').mayRead || access.isFeedKey(c.req.query('key') ?? '');
    if (!opened) return c.json({ error: 'Show the key of the feed as "?key=…", or the token of http.token.' }, 401);
    try {
      const asked = feedAsked(c.req.url, deps);
      return c.body(ReadableStream.from(encoded(feed(asked, deps))), 200, {
        'Content-Type': 'text/calendar; charset=utf-8',
        'Content-Disposition': 'inline; filename="repairwatch.ics"',
      });
    } catch (error) {
      if (error instanceof AskedWrongly) return c.json({ error: error.message }, 400);
      throw error;
    }
  });
};

function feedAsked(url: string, { config, speaker }: WebDeps): FeedAsked {
  const asked = new Asked(url, ['key', 'account', 'language', 'alarm']);
  const alarm = asked.text('alarm');
  const alarmMs = alarm === null ? null : parseDuration(alarm);
  if (alarm !== null && (alarmMs === null || alarmMs < MINUTE_MS || alarmMs > ALARM_MAX_MS))
    throw new AskedWrongly(`alarm is "${alarm.slice(0, 20)}"; it must be a duration such as 4h, from 1m to 30d.`);
  return {
    accounts: asked.names(
      'account',
      config.accounts.map(({ name }) => name),
    ),
    speaker: speaker(asked.word('language', ['en', 'zh-CN'], config.language)),
    alarmMs,
  };
}

async function* feed({ accounts, speaker, alarmMs }: FeedAsked, { view, clock }: WebDeps) {
  const since = clock.now() - CLOSED_SINCE_MS;
  let left = EVENTS_MAX;
  const events = (tasks: readonly StoredTask[]): string => {
    const shown = tasks.map((stored) => calendarEvent(stored, speaker, alarmMs)).filter((text) => text !== '');
    const fitting = shown.slice(0, left);
    left -= fitting.length;
    return fitting.join('');
  };
  yield CALENDAR_HEAD;
  for await (const part of allTasks(view, { state: 'open', accounts })) {
    yield events(part);
    if (left === 0) break;
  }
  for await (const part of allTasks(view, { state: 'closed', accounts })) {
    const recent = part.filter(({ changedAt }) => changedAt >= since);
    yield events(recent);
    if (left === 0 || recent.length < part.length) break;
  }
  yield CALENDAR_END;
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) if (text !== '') yield encoder.encode(text);
}
