import { SECOND_MS } from '../../src/lib/clock.ts';
import { type Arrival, CHANNELS, type Journal, type Kill } from './journal.ts';

export interface RepeatVerdict {
  /** Arrivals beyond the first of their key, by what explains them. */
  readonly afterKill: number;
  readonly afterLostAnswer: number;
  /** One sentence for each that nothing explains. */
  readonly unexplained: readonly string[];
  /** One sentence for each repeat that says something else, or that came after a newer message of its lane. */
  readonly wrong: readonly string[];
}

/** A process that lives on for so long after an acceptance has no excuse for not having recorded it. */
const SETTLED_WITHIN_MS = 3 * SECOND_MS;

/**
 * A repeat is explained where the arrival before it was not settled: the process died with its lease, or no answer came in time.
 * It must be the same message, and nothing newer may have come before it on the lane, unless it was dead meanwhile.
 */
export function judgeRepeats({ arrivals, kills, requeued }: Journal): RepeatVerdict {
  const verdict = { afterKill: 0, afterLostAnswer: 0, unexplained: [] as string[], wrong: [] as string[] };
  for (const channel of CHANNELS) {
    const lane = arrivals.filter((arrival) => arrival.channel === channel);
    for (const [at, repeat] of lane.entries()) {
      const earlier = lane.slice(0, at).findLastIndex(({ key }) => key === repeat.key);
      const first = lane[earlier];
      if (first === undefined) continue;
      const where = `${repeat.key} on ${channel} at ${new Date(repeat.at).toISOString()}`;
      if (diedSending(first, kills)) verdict.afterKill += 1;
      else if (!first.answered) verdict.afterLostAnswer += 1;
      else
        verdict.unexplained.push(
          `${where} is a repeat, though it was accepted from process ${first.life} at ${new Date(first.at).toISOString()}, answered, and not cut off by a kill`,
        );
      if (first.plain === repeat.plain && first.text !== repeat.text)
        verdict.wrong.push(`${where} says something else than the first time`);
      // One that was dead lets newer ones go, and comes among others when somebody has it sent again.
      const between = lane.slice(earlier + 1, at).flatMap(({ key }) => (requeued.has(key) ? [] : [key]));
      if (between.length > 0 && !requeued.has(repeat.key))
        verdict.wrong.push(`${where} came after ${between.join(', ')}`);
    }
  }
  return verdict;
}

function diedSending({ key, life, at }: Arrival, kills: readonly Kill[]): boolean {
  return kills.some((kill) => kill.life === life && kill.sending.includes(key) && kill.at - at < SETTLED_WITHIN_MS);
}
