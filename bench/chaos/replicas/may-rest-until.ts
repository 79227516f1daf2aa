import { type EpochMs, SECOND_MS } from '../../../src/lib/clock.ts';
import type { ChannelName, Said } from '../journal.ts';

/** Whatever became of a message, nothing newer goes before it; one whose acceptance is unknown is repeated this long after that was recorded at most. */
const LEASE_MS = 60 * SECOND_MS;

/**
 * Until when a channel may be silent on purpose: where the last word that any sender had on it before then was that nobody knows whether a message was
 * taken, until its lease ends. 0: there was no such word.
 */
export function mayRestUntil(
  channel: ChannelName,
  before: EpochMs,
  { settled, undelivered }: Pick<Said, 'settled' | 'undelivered'>,
): EpochMs {
  const words = [...settled.map((word) => ({ ...word, outcome: 'delivered' })), ...undelivered];
  const last = words
    .filter((word) => word.channel === channel && word.at < before)
    .reduce<(typeof words)[number] | null>((late, word) => (late === null || word.at >= late.at ? word : late), null);
  return last?.outcome === 'unknown' ? last.at + LEASE_MS : 0;
}
