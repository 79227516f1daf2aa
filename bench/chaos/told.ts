import type { ReminderTier } from '../../src/messages/catalogue.ts';
import { en } from '../../src/messages/en.ts';
import type { LeftHow } from '../../src/model/alert.ts';
import type { ToldKind } from './expected.ts';
import type { EventKind } from './known.ts';

/** What a message says of one task. */
export interface Naming {
  /** The events that it shows, oldest first. Empty: it only names the task. */
  readonly shows: readonly ToldKind[];
  /** False where it may tell of more, earlier events than it shows: lists show the newest ones. */
  readonly whole: boolean;
}

export type Told =
  /** `single`: about one task, in full. `atOnce`: made when everything before it was settled, which after an outage is not so. */
  | {
      readonly kind: 'news';
      readonly single: boolean;
      readonly atOnce: boolean;
      readonly names: ReadonlyMap<string, Naming>;
    }
  | {
      readonly kind: 'digest';
      readonly names: ReadonlySet<string>;
      readonly lists: Readonly<Record<EventKind, ReadonlySet<string>>>;
    }
  | { readonly kind: 'operator' };

/** Reads a message as a person would: by its title and its English sentences. Throws where it makes no sense to such a reader. */
export function readMessage(title: string, text: string): Told {
  const flat = text.replaceAll(/\s+/g, ' ');
  if (title.includes('Digest ')) return digest(flat);
  const single = TITLES.find(([words]) => title.includes(words));
  if (single !== undefined) return { kind: 'news', single: true, atOnce: true, names: oneTask(single[1], flat) };
  if (ROLL_UP.test(title))
    return {
      kind: 'news',
      single: false,
      atOnce: !AFTER_OUTAGE.some((words) => flat.includes(words)),
      names: rollUp(flat),
    };
  if (idsIn(flat).length > 0 && !flat.includes('Unexpected time of task'))
    throw new Error(`a message about tasks has a title that the oracle cannot read: ${title}`);
  return { kind: 'operator' };
}

const HOWS: readonly LeftHow[] = ['processing', 'scheduled', 'ended', 'cancelled', 'avoided', 'unlisted', 'other'];
const CUT = '\u0000';
const start = (words: string): string => words.split(CUT)[0] ?? words;

/** What stands there in every case, whatever is put in. */
const fixed = (words: string): string =>
  words.split(CUT).reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '');
const TIERS: readonly ReminderTier[] = ['calm', 'firm', 'urgent', 'overdue', 'no-deadline'];

const TITLES: readonly (readonly [words: string, kind: ToldKind])[] = [
  [start(en.task.titlePending(CUT, false)), 'pending'],
  [start(en.task.titlePending(CUT, true)), 'pending'],
  [start(en.task.titleChanged(CUT)), 'changed'],
  ...HOWS.flatMap((how) =>
    [false, true].map((byDefault) => [start(en.task.titleLeft(how, CUT, byDefault)), 'left'] as const),
  ),
  ...TIERS.map((tier) => [fixed(en.task.titleReminder(tier, CUT, CUT)), 'reminder'] as const),
  [start(en.task.titleStillPending(CUT)), 'still'],
];

const SENTENCES: readonly (readonly [words: string, kind: ToldKind])[] = [
  [start(en.task.pending(CUT, false)), 'pending'],
  [start(en.task.pending(CUT, true)), 'pending'],
  [en.task.changed([]).slice(0, -1), 'changed'],
  ...HOWS.map((how) => [start(en.task.left(how, CUT, null)).replace(/\.$/, ''), 'left'] as const),
  ...TIERS.map((tier) => [fixed(en.task.reminder(tier, CUT, false)).replace(/^ left\. /, ''), 'reminder'] as const),
  [fixed(en.task.pendingAfter('mute', CUT)), 'still'],
  [fixed(en.task.pendingAfter('ack', CUT)), 'still'],
];

const ROLL_UP =
  /After an interruption: \d+ repair|repair tasks? (?:was|were) already pending|News of \d+ repair|Data loss possible: \d+ repair/;
/** The first look may be one after an outage, too. */
const AFTER_OUTAGE = [
  fixed(en.lists.introReturned('down', CUT)),
  fixed(en.lists.introReturned('absent', CUT)),
  en.lists.introFirstRun,
];
/** A task's row in a list: its mark, its id, and a dot before what else is said of it. */
const ROW = /(?:•|⚠️|!) (rep-[0-9a-z]+) ·/g;
const NEWS_AT_MOST = 3;

function idsIn(text: string): string[] {
  return [...new Set(text.match(/rep-[0-9a-z]+/g))];
}

/** The events told by sentences, in the order of the text. */
function eventsIn(text: string): ToldKind[] {
  const found = SENTENCES.flatMap(([words, kind]) => placesOf(words, text).map((at) => ({ at, kind })));
  return found.sort((a, b) => a.at - b.at).map(({ kind }) => kind);
}

function placesOf(words: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) places.push(at);
  return places;
}

/** Its title tells the newest event; where there were more, a list tells all of them, the newest first. */
function oneTask(newest: ToldKind, text: string): ReadonlyMap<string, Naming> {
  const [taskId, ...others] = idsIn(text);
  if (taskId === undefined || others.length > 0)
    throw new Error(`a message about one task names ${idsIn(text).length}: ${text}`);
  const list = text.split(en.task.headingEvents)[1];
  const shows = list === undefined ? [newest] : eventsIn(list).reverse();
  return new Map([[taskId, { shows, whole: true }]]);
}

function rollUp(text: string): ReadonlyMap<string, Naming> {
  const names = new Map<string, Naming>(idsIn(text).map((id) => [id, { shows: [], whole: false }]));
  const rows = [...text.matchAll(ROW)];
  for (const [place, row] of rows.entries()) {
    const shows = eventsIn(text.slice(row.index, rows[place + 1]?.index)).reverse();
    const id = row[1] ?? '';
    // A first run's rows show no events, a short form fewer.
    names.set(id, { shows, whole: false });
    if (shows.length > NEWS_AT_MOST) throw new Error(`a row of ${id} shows ${shows.length} events`);
  }
  return names;
}

/** Headings of the digest's lists, each before its count and its first row. */
const LISTS: readonly (readonly [heading: string, kind: EventKind | null])[] = [
  ['Pending, by deadline', null],
  ["Started by Tencent Cloud's default", 'left'],
  ['New', 'pending'],
  ['Changed', 'changed'],
  ['No longer pending', 'left'],
  ['Later steps', null],
  ['Accounts', null],
];

/** In the list of what the default started: a task of which no message had to tell. */
const NEVER_WAITED = en.digest.firstSeenAs(CUT, CUT).split(CUT)[2] ?? CUT;

function digest(text: string): Told {
  const lists = { pending: new Set<string>(), changed: new Set<string>(), left: new Set<string>() };
  const starts = LISTS.flatMap(([heading, kind]) => {
    const found = new RegExp(` ${heading.replace("'", "['’]")}: \\d+ `).exec(text);
    return found === null ? [] : [{ kind, at: found.index }];
  }).sort((a, b) => a.at - b.at);
  for (const [place, { kind, at }] of starts.entries()) {
    if (kind === null) continue;
    const [, ...rows] = text.slice(at, starts[place + 1]?.at).split(ROW);
    for (const [row, id] of rows.entries())
      if (row % 2 === 0 && !rows[row + 1]?.includes(NEVER_WAITED)) lists[kind].add(id);
  }
  return { kind: 'digest', names: new Set(idsIn(text)), lists };
}
