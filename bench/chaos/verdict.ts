import { type Alignment, align, costOf } from './align.ts';
import {
  type Expected,
  expectedOf,
  isEvent,
  type Silenced,
  type Terms,
  TOLD_KINDS,
  type ToldKind,
} from './expected.ts';
import { type Heard, hear, type MadeMention } from './heard.ts';
import type { Due, History } from './histories.ts';
import { CHANNELS, type ChannelName, type Journal } from './journal.ts';
import { EVENT_KINDS } from './known.ts';
import { historiesOf } from './oracle.ts';
import { judgeRepeats, type RepeatVerdict } from './repeats.ts';
import { silenceBroken } from './silence-broken.ts';

export interface Verdict {
  readonly tasks: number;
  /** For each channel and kind how much was told by itself, and how much together with something later. */
  readonly told: Readonly<Record<ChannelName, Readonly<Record<ToldKind, { alone: number; folded: number }>>>>;
  /** Reminders that had to be told, whatever else happened; the others depend on moments that nobody outside can know. */
  readonly certainReminders: number;
  /** One sentence for each event that no message told, and for each that no digest listed. */
  readonly misses: readonly string[];
  /** One sentence for each message that tells of a task what was told before, or was not due, or was silenced. */
  readonly surplus: readonly string[];
  readonly repeats: RepeatVerdict;
  /** Distinct messages by channel, digests among them, and digests alone. */
  readonly messages: Readonly<Record<ChannelName, number>>;
  readonly digests: number;
}

/** How reminders are set for a run. */
export interface Rules {
  readonly rungsMs: Readonly<Record<ChannelName, readonly number[]>>;
  readonly utcOffsetMs: number;
  /** From an answer to its commit at most, where that is more than one process needs. */
  readonly lagMs?: number;
}

/** Compares what had to be told, and listed by a digest, with what arrived. */
export function judge(journal: Journal, rules: Rules): Verdict {
  const heard = hear(journal);
  const histories = historiesOf(journal);
  const misses: string[] = [];
  const surplus: string[] = [];
  const told = { slack: emptyTable(), mail: emptyTable() };
  let certainReminders = 0;
  for (const taskId of new Set([...histories.keys(), ...heard.tasks])) {
    const silenced = silencesOf(taskId, journal);
    const reading = bestReading(taskId, histories.get(taskId) ?? [], heard, silenced, journal, rules);
    for (const { channel, expected, alignment } of reading.channels) {
      count(told[channel], alignment);
      certainReminders += expected.filter(({ kind, optional }) => kind === 'reminder' && !optional).length;
      for (const item of alignment.missing) misses.push(missOf(taskId, channel, item));
      for (const { key, shows } of alignment.surplus)
        surplus.push(
          `${key} on ${channel} tells of ${taskId} (${shows.join(', ')}), which was not due or told already`,
        );
      const mentions = heard.mentions(channel, taskId);
      if (isHeldForEver(expected, mentions, silenced, journal.calmFrom))
        misses.push(`${taskId} still waits, and ${channel} was told nothing of that after its mute`);
      surplus.push(...silenceBroken(taskId, mentions, silenced, reading.due, journal.requests));
    }
    misses.push(...reading.inDigests.missing);
    surplus.push(...reading.inDigests.surplus);
  }
  return {
    tasks: histories.size,
    told,
    certainReminders,
    misses,
    surplus,
    repeats: judgeRepeats(journal),
    messages: { slack: heard.keys('slack'), mail: heard.keys('mail') },
    digests: heard.digests.length,
  };
}

function silencesOf(taskId: string, { acks, mutes }: Journal): Silenced {
  const own = (silence: { readonly taskId: string }): boolean => silence.taskId === taskId;
  return { acks: acks.filter(own), mutes: mutes.filter(own) };
}

function count(table: Record<ToldKind, { alone: number; folded: number }>, { told, alone }: Alignment): void {
  for (const kind of TOLD_KINDS) {
    const all = told.filter((item) => item.kind === kind).length;
    const byItself = alone.filter((each) => each === kind).length;
    table[kind].alone += byItself;
    table[kind].folded += all - byItself;
  }
}

function missOf(taskId: string, channel: ChannelName, { kind, earliest }: Expected): string {
  return `${taskId} was not told as ${kind} on ${channel} (due ${new Date(earliest).toISOString()})`;
}

/** A task that waits when all mutes are over was told since its last news, if only by a reminder or by saying that it still waits. */
function isHeldForEver(
  expected: readonly Expected[],
  mentions: readonly MadeMention[],
  { mutes }: Silenced,
  calmFrom: number,
): boolean {
  const last = expected.findLast(({ kind }) => isEvent(kind));
  if (mutes.length === 0 || last === undefined || last.kind === 'left') return false;
  if (mutes.some(({ over }) => over.latest >= calmFrom)) return false;
  return !mentions.some(({ at }) => at >= last.earliest);
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

interface Reading {
  readonly due: readonly Due[];
  readonly channels: readonly {
    readonly channel: ChannelName;
    readonly expected: readonly Expected[];
    readonly alignment: Alignment;
  }[];
  readonly inDigests: InDigests;
}

/** What was told of the task, read by the history that explains it best, over all channels and the digests together. */
function bestReading(
  taskId: string,
  histories: readonly History[],
  heard: Heard,
  silenced: Silenced,
  { calmFrom, end }: Journal,
  rules: Rules,
): Reading {
  const candidates: readonly Pick<History, 'due'>[] = histories.length === 0 ? [{ due: [] }] : histories;
  const readings = candidates.map(({ due }) => {
    const channels = CHANNELS.map((channel) => {
      const terms: Terms = { ...rules, rungsMs: rules.rungsMs[channel], calmFrom, end };
      const expected = expectedOf(due, silenced, terms);
      return { channel, expected, alignment: align(expected, heard.mentions(channel, taskId)) };
    });
    const inDigests = readDigests(taskId, due, heard);
    const cost = channels.reduce((sum, { alignment }) => sum + costOf(alignment), costOf(inDigests));
    return { due, channels, inDigests, cost };
  });
  return readings.reduce((best, reading) => (reading.cost < best.cost ? reading : best));
}

function emptyTable(): Record<ToldKind, { alone: number; folded: number }> {
  const zero = () => ({ alone: 0, folded: 0 });
  return { pending: zero(), changed: zero(), left: zero(), reminder: zero(), still: zero() };
}
