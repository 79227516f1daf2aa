import { type EpochMs, SECOND_MS } from '../../src/lib/clock.ts';
import { type Arrival, CHANNELS, type Journal, type Said, type Upset } from './journal.ts';

export interface RepeatVerdict {
  /** Arrivals beyond the first of their key, by what explains them. */
  readonly counts: Readonly<Record<RepeatReason, number>>;
  /** One sentence for each that nothing explains. */
  readonly unexplained: readonly string[];
  /** One sentence for each repeat that says something else, or that came after a newer message of its lane. */
  readonly wrong: readonly string[];
}

/**
 * Why a message came once more. `killed`, `lost answer`, `frozen`, `parted`: between the acceptance before it and its record its process was killed, got no
 * answer in time, stood still or could not reach its store. `held up`: its lease ended in between, behind a writer that was frozen or parted, or since the
 * machine is too busy. `sent late`: its own process was stopped between the check of its lease and this send.
 */
export const REPEAT_REASONS = ['killed', 'lost answer', 'frozen', 'parted', 'held up', 'sent late'] as const;
export type RepeatReason = (typeof REPEAT_REASONS)[number];

/** A process that lives on for so long after an acceptance has no excuse for not having recorded it, on a machine of its own. */
const SETTLED_WITHIN_MS = 3 * SECOND_MS;
const LEASE_MS = 15 * SECOND_MS;
/** For so long a writer that stands still or is parted holds up all others. */
const WRITER_IDLE_MS = 5 * SECOND_MS;

/**
 * A repeat is explained where the arrival before it was not settled: the process died with its lease, or no answer came in time.
 * It must be the same message, and nothing newer may have come before it on the lane, unless it was dead meanwhile or was sent late.
 */
export function judgeRepeats(journal: Journal): RepeatVerdict {
  const { arrivals, requeued } = journal;
  const counts = { killed: 0, 'lost answer': 0, frozen: 0, parted: 0, 'held up': 0, 'sent late': 0 };
  const unexplained: string[] = [];
  const wrong: string[] = [];
  for (const channel of CHANNELS) {
    const lane = arrivals.filter((arrival) => arrival.channel === channel);
    for (const [at, repeat] of lane.entries()) {
      const earlier = lane.slice(0, at).findLastIndex(({ key }) => key === repeat.key);
      const first = lane[earlier];
      if (first === undefined) continue;
      const where = `${repeat.key} on ${channel} at ${iso(repeat.at)}`;
      const reason = reasonOf(first, repeat, journal);
      if (reason === null)
        unexplained.push(
          `${where} from process ${repeat.life} is a repeat, though it was accepted from process ${first.life} at ${iso(first.at)}, answered, and not cut off`,
        );
      else counts[reason] += 1;
      if (first.plain === repeat.plain && first.text !== repeat.text)
        wrong.push(`${where} says something else than the first time`);
      // One that was dead lets newer ones go, and comes among others when somebody has it sent again.
      const between = lane.slice(earlier + 1, at).flatMap(({ key }) => (requeued.has(key) ? [] : [key]));
      if (between.length > 0 && !requeued.has(repeat.key) && reason !== 'sent late')
        wrong.push(`${where} came after ${between.join(', ')}`);
    }
  }
  return { counts, unexplained, wrong };
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}

function reasonOf(first: Arrival, repeat: Arrival, { kills, upsets, said, slowness }: Journal): RepeatReason | null {
  const recordedWithinMs = SETTLED_WITHIN_MS * slowness;
  const { key, channel, life, at } = first;
  const killed = kills.some(
    (kill) => kill.life === life && kill.sending.includes(key) && kill.at - at < recordedWithinMs,
  );
  if (killed) return 'killed';
  if (!first.answered) return 'lost answer';
  if (said === null) return null;
  const isSettled = said.settled.some(
    (each) => each.key === key && each.channel === channel && each.life === life && each.at <= repeat.at,
  );
  const settledBy = settledByOf(first, upsets, recordedWithinMs);
  const upset = isSettled
    ? undefined
    : upsets.find((each) => each.life === life && cameBetween(each, first, repeat, settledBy));
  if (upset !== undefined) return upset.kind === 'kill' ? 'killed' : upset.kind === 'freeze' ? 'frozen' : 'parted';
  if (upsets.some((each) => isSentLate(each, first, repeat, recordedWithinMs))) return 'sent late';
  const isBusy = slowness > 1;
  return !isSettled && isHeldUp(first, repeat, isBusy ? null : upsets, said) ? 'held up' : null;
}

/** Until when the acceptance may not have been recorded: the longer where other writers fell silent, one after the other, before it was. */
function settledByOf({ life, at }: Arrival, upsets: readonly Upset[], withinMs: number): EpochMs {
  let by = at + withinMs;
  for (const { kind, life: other, from } of upsets.toSorted((a, b) => a.from - b.from))
    if (other !== life && (kind === 'freeze' || kind === 'hold') && from < by)
      by = Math.max(by, from + WRITER_IDLE_MS + withinMs);
  return by;
}

/** It began before the acceptance could be recorded. */
function cameBetween({ from, to }: Upset, first: Arrival, repeat: Arrival, settledBy: EpochMs): boolean {
  return from < Math.min(settledBy, repeat.at) && to > first.at;
}

/** Its process was well, and its lease ended before it could record the acceptance: behind one of these; null: on a machine that is too busy. */
function isHeldUp({ life, at }: Arrival, repeat: Arrival, upsets: readonly Upset[] | null, { leases }: Said): boolean {
  const isOver = ({ taken, unit, life: owner, at: end }: Said['leases'][number]): boolean =>
    !taken && unit.startsWith('lane ') && owner === life && end >= at && end <= repeat.at;
  const isHolding = ({ kind, from, to }: Upset): boolean =>
    (kind === 'freeze' || kind === 'hold') && from < at + LEASE_MS && to > at - LEASE_MS;
  return leases.some(isOver) && (upsets === null || upsets.some(isHolding));
}

/**
 * Somebody else sent the message while its process stood still, and it sent what it was about to send when it could go on. One that is parted looks at its
 * lease first.
 */
function isSentLate({ life, kind, from, to }: Upset, first: Arrival, repeat: Arrival, withinMs: number): boolean {
  if (life !== repeat.life || first.life === life || kind !== 'freeze') return false;
  return from < first.at && repeat.at >= to && repeat.at < to + withinMs;
}
