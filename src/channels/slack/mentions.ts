import type { Mentions } from '../../config/config.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../lib/clock.ts';
import { newestFirst } from '../../messages/task-news.ts';
import type { TaskEvent } from '../../model/alert.ts';
import type { MessageFacts, RollUpGroup } from '../../model/message.ts';
import { inertLine } from './slack-text.ts';

/** Slack's own syntax for whom to call; everything else in a configured mention is shown, not parsed. */
const LIVE_MENTION = /<(?:!(?:here|channel|everyone)|@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+)(?:\|[^<>|]*)?>/g;
const MENTIONS_MAX = 300;
const UNITS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** Who is called by a message, as live Slack markup; empty for nobody. Samples and digests call nobody. */
export function mentionsFor(facts: MessageFacts, mentions: Mentions): string {
  const values = [...keysOf(facts)].map((key) => mentions[configuredKey(key, mentions) ?? ''] ?? '');
  const called: string[] = [];
  for (const value of new Set(values.map(liveMention))) {
    if (value !== '' && [...called, value].join(' ').length <= MENTIONS_MAX) called.push(value);
  }
  return called.join(' ');
}

/** `operator`, an event, or a reminder with its rung: `reminder 3600000`. */
function keysOf(facts: MessageFacts): Set<string> {
  if (facts.kind === 'operator') return new Set(facts.notices.some(({ over }) => !over) ? ['operator'] : []);
  if (facts.kind === 'task') return new Set(eventKeys(facts.entry.events));
  if (facts.kind !== 'roll-up') return new Set();
  return new Set([...facts.lines.flatMap(({ events }) => eventKeys(events)), ...facts.groups.flatMap(groupKeys)]);
}

function groupKeys({ event, also = [], rungsMs }: RollUpGroup): string[] {
  if (event === 'left') return [event];
  const reminders = rungsMs?.map((rungMs) => `reminder ${rungMs}`) ?? ['reminder'];
  return [event, ...also.map(([other]) => other)].flatMap((told) => (told === 'reminder' ? reminders : [told]));
}

/** A task that has left calls for `left` alone, whatever happened to it before. */
function eventKeys(events: readonly TaskEvent[]): string[] {
  const sorted = newestFirst(events);
  const told = sorted[0]?.event === 'left' ? sorted.slice(0, 1) : sorted;
  return told.map((event) => (event.event === 'reminder' ? `reminder ${event.rungMs}` : event.event));
}

/** The configured key for it: the rung's own (`reminder-1h`, `reminder-60m`), else the event's. */
function configuredKey(key: string, mentions: Mentions): string | undefined {
  const [event = '', rungMs] = key.split(' ');
  const rung = Object.keys(mentions).find((name) => rungMs !== undefined && rungOf(name) === Number(rungMs));
  return rung ?? (Object.hasOwn(mentions, event) ? event : undefined);
}

function rungOf(name: string): number | null {
  const [, amount, unit] = /^reminder-(\d+)([smhd])$/.exec(name) ?? [];
  return amount === undefined || unit === undefined ? null : Number(amount) * (UNITS[unit] ?? 0);
}

function liveMention(value: string): string {
  const live = value.match(LIVE_MENTION) ?? [];
  const between = value.split(LIVE_MENTION).map(inertLine);
  return between
    .flatMap((text, i) => [text, live[i] ?? ''])
    .filter((text) => text !== '')
    .join(' ');
}
