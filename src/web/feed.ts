import { DAY_MS, type EpochMs, MINUTE_MS } from '../lib/clock.ts';
import { parseDuration } from '../lib/duration.ts';
import type { Speaker } from '../messages/speak.ts';
import { CALENDAR_END, CALENDAR_HEAD, CANCELLED, calendarEvent } from '../messages/task-calendar.ts';
import { OPEN_STATUSES, PENDING } from '../model/task.ts';
import type { StoredTask, TaskQuery } from '../store/store.ts';
import { allTasks } from '../story/all-tasks.ts';
import { Asked, AskedWrongly } from './api/asked.ts';
import type { Routes } from './web-app.ts';
import type { WebDeps } from './web-deps.ts';

const CLOSED_SINCE_MS = 30 * DAY_MS;
/** A calendar program takes about so many. */
const OPEN_MAX = 10_000;
const CLOSED_MAX = 2_000;
const ALARM_MAX_MS = 30 * DAY_MS;

interface FeedAsked {
  readonly accounts: readonly string[];
  readonly speaker: Speaker;
  readonly alarmMs: number | null;
}

/** `/feed.ics`: what starts when, to subscribe to. Calendars know only an address, so it may carry a key that opens nothing else. */
export const feedRoutes: Routes = (app, deps) => {
  app.get('/feed.ics', async (c) => {
    const { access } = deps;
    const opened = access === null || c.get('visitor').mayRead || access.isFeedKey(c.req.query('key') ?? '');
    if (!opened) return c.json({ error: 'Show the key of the feed as "?key=…", or the token of http.token.' }, 401);
    try {
      const asked = feedAsked(c.req.url, deps);
      const parts = feed(asked, deps);
      // Read before the answer begins, so that it can still be that the store cannot be read.
      const first = await parts.next();
      const texts = whole(first.done === true ? '' : first.value, parts, deps);
      return c.body(ReadableStream.from(texts), 200, {
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

/** What waits comes first. What was cancelled stays for a while, also in a long list: a calendar that only lacks it may go on showing it. */
async function* feed({ accounts, speaker, alarmMs }: FeedAsked, { view, clock }: WebDeps) {
  const now = clock.now();
  const shown = new Set<string>();
  /** A task that moves meanwhile may be found in two lists. */
  const isNew = ({ account, task }: StoredTask): boolean => {
    const key = `${task.taskId} ${account}`;
    return !shown.has(key) && shown.add(key) !== undefined;
  };
  const events = async function* (most: number, since: EpochMs, ...queries: readonly TaskQuery[]) {
    let left = most;
    for (const query of queries)
      for await (const part of allTasks(view, { ...query, accounts }, now)) {
        const recent = part.filter(({ changedAt }) => changedAt >= since);
        const texts = recent.filter(isNew).map((stored) => calendarEvent(stored, speaker, alarmMs));
        const fitting = texts.filter((text) => text !== '').slice(0, left);
        left -= fitting.length;
        yield fitting.join('');
        if (left === 0) return;
        if (recent.length < part.length) break;
      }
  };
  const others = OPEN_STATUSES.filter((status) => status !== PENDING);
  yield* events(OPEN_MAX, Number.NEGATIVE_INFINITY, { state: 'pending' }, { state: 'open', statuses: others });
  const closed = { state: 'closed' } as const;
  yield* events(CLOSED_MAX, now - CLOSED_SINCE_MS, { ...closed, statuses: CANCELLED }, closed);
}

/** What fails under way cuts the answer off: a calendar keeps what it had, and takes no half for the whole. */
async function* whole(first: string, rest: AsyncIterable<string>, { log }: WebDeps): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(CALENDAR_HEAD + first);
  try {
    for await (const text of rest) if (text !== '') yield encoder.encode(text);
  } catch (error) {
    log.error('page-failed', { path: '/feed.ics', error });
    throw error;
  }
  yield encoder.encode(CALENDAR_END);
}
