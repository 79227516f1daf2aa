import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from '../../src/lib/clock.ts';
import type { Due } from './histories.ts';
import type { Ack, Mute } from './journal.ts';
import type { EventKind } from './known.ts';

/** `reminder`: a rung of the ladder; `still`: a mute is over and the task waits. */
export const TOLD_KINDS = ['pending', 'changed', 'left', 'reminder', 'still'] as const;
export type ToldKind = (typeof TOLD_KINDS)[number];

/** Something that a channel is told of a task, or may be told. */
export interface Expected {
  readonly kind: ToldKind;
  readonly earliest: EpochMs;
  readonly latest: EpochMs;
  /** May be left out: its moment or its silence is not certain enough. What is neither here nor optional must not be told. */
  readonly optional: boolean;
}

/** What people did about one task. */
export interface Silenced {
  readonly acks: readonly Ack[];
  readonly mutes: readonly Mute[];
}

/** What the expectations of one channel depend on besides the task. */
export interface Terms {
  /** Milliseconds before the deadline. */
  readonly rungsMs: readonly number[];
  /** Of the world's zone. */
  readonly utcOffsetMs: number;
  /** The start of the last process, after which nothing fails any more, and the end of the run. */
  readonly calmFrom: EpochMs;
  readonly end: EpochMs;
  /** Instead of `LAG_MS`, where a commit may take longer. */
  readonly lagMs?: number;
}

/** From an answer to its commit, from a command to what it changes: longer than any of them takes. */
export const LAG_MS = 10 * SECOND_MS;
const OVERDUE_AFTER_MS = 10 * MINUTE_MS;

/**
 * Everything that one course of things has to tell, or may tell, in its order. A rung is told while the task waits with that deadline and nobody took
 * it on; certainly where it passed while the task was known, nothing silenced it, and it is still the last one when all is calm.
 */
export function expectedOf(due: readonly Due[], silenced: Silenced, terms: Terms): readonly Expected[] {
  const items = due.flatMap((event, at) => [
    { ...event, optional: silenced.mutes.some(({ over }) => over.latest + LAG_MS >= event.earliest) },
    ...(event.kind === 'left' ? [] : remindersOf(event, due[at + 1], silenced, terms)),
  ]);
  return withStills(items, silenced.mutes);
}

function remindersOf(event: Due, next: Due | undefined, silenced: Silenced, terms: Terms): Expected[] {
  if (event.deadline === null) return [];
  const { lagMs = LAG_MS } = terms;
  const deadline = event.deadline - terms.utcOffsetMs;
  const moments = momentsOf(deadline, terms);
  const last = next === undefined ? terms.end : Math.min(terms.end, next.latest + lagMs);
  return moments
    .filter((at) => at > event.earliest && at <= last && !silenced.acks.some((ack) => holds(ack, at, event, next)))
    .map((at) => {
      const over = moments.find((later) => later > at) ?? Number.POSITIVE_INFINITY;
      const lasts = Math.min(over, at < deadline ? deadline : over) > terms.end;
      const known = next === undefined && at > event.latest + lagMs && at < terms.calmFrom;
      const free =
        silenced.acks.every((ack) => ack.to + LAG_MS < event.earliest) &&
        silenced.mutes.every((mute) => mute.over.latest + LAG_MS < at);
      // However late: nobody may have run, or the lane may have stood still.
      return { kind: 'reminder', earliest: at, latest: Number.POSITIVE_INFINITY, optional: !(known && lasts && free) };
    });
}

/** Each rung, then overdue, then each day. */
function momentsOf(deadline: EpochMs, { rungsMs, end }: Terms): EpochMs[] {
  const moments = rungsMs.map((rung) => deadline - rung);
  for (let at = deadline + OVERDUE_AFTER_MS; at <= end; at += DAY_MS) moments.push(at);
  return moments.toSorted((a, b) => a - b);
}

/** True where the acknowledgement certainly meant this state of the task, and was there before the rung passed. */
function holds({ from, to }: Ack, at: EpochMs, { latest }: Due, next: Due | undefined): boolean {
  return at >= to && from > latest + LAG_MS && (next === undefined || to < next.earliest);
}

/** At any moment after a mute was over, as long as the task waits, once for each. */
function withStills(items: readonly Expected[], mutes: readonly Mute[]): Expected[] {
  return items.flatMap((item, place) => {
    const next = items[place + 1];
    const latest = next === undefined ? Number.POSITIVE_INFINITY : next.latest + LAG_MS;
    const ends = mutes
      .map(({ over }) => over.earliest)
      .filter((at) => at <= latest)
      .toSorted((a, b) => a - b);
    if (item.kind === 'left') return [item];
    return [item, ...ends.map((earliest) => ({ kind: 'still', earliest, latest, optional: true }) as const)];
  });
}

/** The kinds that digests list, too. */
export function isEvent(kind: ToldKind): kind is EventKind {
  return kind !== 'reminder' && kind !== 'still';
}
