import type { EpochMs } from '../../src/lib/clock.ts';
import type { Mention } from './align.ts';
import type { ChannelName, Journal } from './journal.ts';
import type { EventKind } from './known.ts';
import { readMessage } from './told.ts';

/** What the messages say, each key once. */
export interface Heard {
  readonly tasks: ReadonlySet<string>;
  readonly digests: readonly {
    readonly key: string;
    readonly lists: Readonly<Record<EventKind, ReadonlySet<string>>>;
  }[];
  /** In the order in which the messages were made. */
  mentions(channel: ChannelName, taskId: string): readonly MadeMention[];
  /** How many distinct messages came. */
  keys(channel: ChannelName): number;
}

export interface MadeMention extends Mention {
  /** The message was made after this, and not later than its first try. */
  readonly madeAfter: EpochMs;
}

/** Reads every message that was taken over. */
export function hear({ arrivals, tries, requeued }: Journal): Heard {
  const mentions = new Map<string, MadeMention[]>();
  const tasks = new Set<string>();
  const digests: Heard['digests'][number][] = [];
  const keys = { slack: new Set<string>(), mail: new Set<string>() };
  const settledAt = { slack: 0, mail: 0 };
  const latest = { slack: '', mail: '' };
  const firstTry = new Map(tries.toReversed().map(({ channel, key, at }) => [`${channel} ${key}`, at]));
  for (const { channel, key, at, title, text } of arrivals) {
    const told = readMessage(title, text);
    // One that was sent again was made long before, and tells nothing of what was settled in between.
    const madeAfter = told.kind === 'news' && told.atOnce && !requeued.has(key) ? settledAt[channel] : 0;
    // The parts of a roll-up are made together, and so with the first of them.
    const isLate = keys[channel].has(key) && latest[channel] !== key; // of a process that was held up meanwhile
    if (!isLate && !requeued.has(key) && (told.kind !== 'news' || told.single)) settledAt[channel] = at;
    if (!isLate) latest[channel] = key;
    if (keys[channel].has(key)) continue;
    keys[channel].add(key);
    if (told.kind === 'digest') digests.push({ key, lists: told.lists });
    if (told.kind !== 'news') continue;
    for (const [taskId, naming] of told.names) {
      tasks.add(taskId);
      const place = `${channel} ${taskId}`;
      const mention = { ...naming, key, at: firstTry.get(`${channel} ${key}`) ?? at, madeAfter };
      mentions.set(place, [...(mentions.get(place) ?? []), mention]);
    }
  }
  return {
    tasks,
    digests,
    mentions: (channel, taskId) => (mentions.get(`${channel} ${taskId}`) ?? []).toSorted((a, b) => a.at - b.at),
    keys: (channel) => keys[channel].size,
  };
}
