import { type Alignment, align, costOf, type Mention } from './align.ts';
import type { Due, History } from './histories.ts';
import { type Arrival, CHANNELS, type ChannelName, type Journal } from './journal.ts';
import { EVENT_KINDS, type EventKind } from './known.ts';
import { historiesOf } from './oracle.ts';
import { judgeRepeats, type RepeatVerdict } from './repeats.ts';
import { readMessage } from './told.ts';

export interface Verdict {
  readonly tasks: number;
  /** For each channel and kind of event how many were told by themselves, and how many together with a later one. */
  readonly told: Readonly<Record<ChannelName, Readonly<Record<EventKind, { alone: number; folded: number }>>>>;
  /** One sentence for each event that no message told, and for each that no digest listed. */
  readonly misses: readonly string[];
  /** One sentence for each message that tells of a task what was told before, or was not due. */
  readonly surplus: readonly string[];
  readonly repeats: RepeatVerdict;
  /** Distinct messages by channel, digests among them, and digests alone. */
  readonly messages: Readonly<Record<ChannelName, number>>;
  readonly digests: number;
}

/** Compares what had to be told, and listed by a digest, with what arrived. */
export function judge(journal: Journal): Verdict {
  const heard = hear(journal.arrivals);
  const histories = historiesOf(journal.requests);
  const misses: string[] = [];
  const surplus: string[] = [];
  const told = { slack: emptyTable(), mail: emptyTable() };
  for (const taskId of new Set([...histories.keys(), ...heard.tasks])) {
    const { byChannel, inDigests } = bestReading(taskId, histories.get(taskId) ?? [], heard);
    for (const [channel, reading] of byChannel) {
      for (const kind of reading.alone) told[channel][kind].alone += 1;
      for (const kind of reading.folded) told[channel][kind].folded += 1;
      for (const due of reading.missing) misses.push(missOf(taskId, channel, due));
      for (const { key, shows } of reading.surplus)
        surplus.push(
          `${key} on ${channel} tells of ${taskId} (${shows.join(', ')}), which was not due or told already`,
        );
    }
    misses.push(...inDigests.missing);
    surplus.push(...inDigests.surplus);
  }
  return {
    tasks: histories.size,
    told,
    misses,
    surplus,
    repeats: judgeRepeats(journal.arrivals, journal.kills),
    messages: { slack: heard.keys('slack'), mail: heard.keys('mail') },
    digests: heard.digests.length,
  };
}

function missOf(taskId: string, channel: ChannelName, { kind, earliest }: Due): string {
  return `${taskId} was not told as ${kind} on ${channel} (shown ${new Date(earliest).toISOString()})`;
}

interface InDigests {
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
}

/** Each kind of event is listed at least once, and in no more digests than there were such events. */
function readDigests(taskId: string, due: readonly Due[], { digests }: Heard): InDigests {
  const counts = EVENT_KINDS.map((kind) => ({
    kind,
    most: due.filter((each) => each.kind === kind).length,
    listed: digests.filter(({ lists }) => lists[kind].has(taskId)).map(({ key }) => key),
  }));
  return {
    missing: counts
      .filter(({ most, listed }) => most > 0 && listed.length === 0)
      .map(({ kind }) => `${taskId} is in no digest as ${kind}`),
    surplus: counts
      .filter(({ most, listed }) => listed.length > most)
      .map(({ kind, most, listed }) => `${taskId} is in the digests ${listed.join(', ')} as ${kind}, ${most} were due`),
  };
}

interface Heard {
  readonly tasks: ReadonlySet<string>;
  readonly digests: readonly {
    readonly key: string;
    readonly lists: Readonly<Record<EventKind, ReadonlySet<string>>>;
  }[];
  mentions(channel: ChannelName, taskId: string): readonly Mention[];
  keys(channel: ChannelName): number;
}

/** What the messages say, each key once, in the order of arrival. */
function hear(arrivals: readonly Arrival[]): Heard {
  const mentions = new Map<string, Mention[]>();
  const tasks = new Set<string>();
  const digests: Heard['digests'][number][] = [];
  const keys = { slack: new Set<string>(), mail: new Set<string>() };
  for (const { channel, key, at, title, text } of arrivals) {
    if (keys[channel].has(key)) continue;
    keys[channel].add(key);
    const told = readMessage(title, text);
    if (told.kind === 'digest') digests.push({ key, lists: told.lists });
    if (told.kind !== 'news') continue;
    for (const [taskId, naming] of told.names) {
      tasks.add(taskId);
      const place = `${channel} ${taskId}`;
      mentions.set(place, [...(mentions.get(place) ?? []), { ...naming, key, at }]);
    }
  }
  return {
    tasks,
    digests,
    mentions: (channel, taskId) => mentions.get(`${channel} ${taskId}`) ?? [],
    keys: (channel) => keys[channel].size,
  };
}

interface Reading {
  readonly byChannel: readonly (readonly [ChannelName, Alignment])[];
  readonly inDigests: InDigests;
}

/** What was told of the task, read by the history that explains it best, over all channels and the digests together. */
function bestReading(taskId: string, histories: readonly History[], heard: Heard): Reading {
  const candidates: readonly Pick<History, 'due'>[] = histories.length === 0 ? [{ due: [] }] : histories;
  const readings = candidates.map(({ due }) => {
    const byChannel = CHANNELS.map((channel) => [channel, align(due, heard.mentions(channel, taskId))] as const);
    const inDigests = readDigests(taskId, due, heard);
    const cost = byChannel.reduce((sum, [, reading]) => sum + costOf(reading), costOf(inDigests));
    return { byChannel, inDigests, cost };
  });
  return readings.reduce((best, reading) => (reading.cost < best.cost ? reading : best));
}

function emptyTable(): Record<EventKind, { alone: number; folded: number }> {
  return { pending: { alone: 0, folded: 0 }, changed: { alone: 0, folded: 0 }, left: { alone: 0, folded: 0 } };
}
