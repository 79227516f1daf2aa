import { MINUTE_MS } from '../lib/clock.ts';
import type { OperatorNotice } from '../model/alert.ts';
import type { MessageFacts } from '../model/message.ts';
import type { OperatorValues } from './catalogue.ts';
import { type DocumentBody, nonEmpty, sentences } from './document.ts';
import type { Speaker } from './speak.ts';

/** A failure's code and words are at most 400 characters; its remedy stands behind them. */
const REASON_MAX = 700;
/** As long as an address may be. */
const RECIPIENT_MAX = 254;
/** A host's name and some digits. */
const REPLICA_MAX = 120;

/** What the operator is told: a headline and one sentence with the remedy for each notice. */
export function operatorDocument(facts: Extract<MessageFacts, { kind: 'operator' }>, speaker: Speaker): DocumentBody {
  const said = facts.notices.map((notice) => noticeWords(notice, speaker));
  const only = said.length === 1 ? said[0] : undefined;
  const allOver = facts.notices.every(({ over }) => over);
  return {
    tone: allOver ? 'good' : 'urgent',
    title: only === undefined ? speaker.words.operator.title(said.length) : only.title,
    summary: said[0]?.sentence ?? '',
    warning: null,
    parts: nonEmpty(
      only === undefined
        ? [{ part: 'lines', heading: null, tone: 'calm', lines: said.map(({ sentence }) => sentence) }]
        : [sentences(null, [only.sentence])],
    ),
  };
}

/** A notice's headline and its sentence. */
export function noticeWords(notice: OperatorNotice, speaker: Speaker): { title: string; sentence: string } {
  const { operator } = speaker.words;
  const values = valuesOf(notice, speaker);
  const title = operator.titles[notice.code](values);
  return notice.over
    ? { title: operator.titleOver(title), sentence: operator.over[notice.code](values) }
    : { title, sentence: operator.begun[notice.code](values) };
}

function valuesOf(notice: OperatorNotice, speaker: Speaker): OperatorValues {
  const { facts } = notice;
  const raw = (name: string): string | number | undefined => (Object.hasOwn(facts, name) ? facts[name] : undefined);
  const text = (name: string, fallback = '?', max = 64): string => speaker.outside(String(raw(name) ?? fallback), max);
  /** Its full stop is our sentence's. */
  const said = (name: string): string => text(name, '?', REASON_MAX).replace(/[.。]$/u, '');
  const number = (name: string): number => {
    const value = Number(raw(name) ?? 0);
    return Number.isFinite(value) ? value : 0;
  };
  const event = text('event');
  const { events } = speaker.words.names;
  const offset = number('offsetMs');
  const lastComplete = number('lastComplete');
  const since = number('since');
  return {
    account: text('account', notice.subject),
    channel: text('channel', notice.subject),
    message: withCode(said('message'), text('code')),
    whyStale: raw('reason') === undefined ? null : said('reason'),
    lastComplete: lastComplete > 0 ? speaker.time(lastComplete) : null,
    vanished: number('vanished'),
    open: number('open'),
    count: number('count'),
    example: text('example', '?', REASON_MAX),
    value: text('value', notice.subject),
    taskId: text('taskId'),
    event: Object.hasOwn(events, event) ? events[event as keyof typeof events] : event, // its own key, as just checked
    key: text('key'),
    recipient: text('recipient', notice.subject, RECIPIENT_MAX),
    reason: said('reason'),
    since: speaker.time(since > 0 ? since : notice.at),
    replica: raw('replica') === undefined ? null : text('replica', '?', REPLICA_MAX),
    // To the nearest minute: a time left is cut, but ten minutes less a Date header's second are ten.
    offset: speaker.duration(Math.round(offset / MINUTE_MS) * MINUTE_MS),
    behind: offset > 0,
    host: text('host', notice.subject),
    accounts: number('accounts'),
    kind: text('kind'),
    poll: text('poll'),
  };
}

function withCode(message: string, code: string): string {
  return message.includes(code) ? message : `${code}: ${message}`;
}
