import { SECOND_MS } from '../lib/clock.ts';

/** Starts a second that the API allows: no pace is faster. */
const STARTS_PER_SECOND = 20;
/** So that a range whose answer is late never leaves the pace idle. */
const SPARE = 2;
/** Answers that come together share a commit. */
const FEWEST = 6;
/** What remains of a slow answer's weight after a quick one. */
const FORGETTING = 0.9;

/**
 * How many ranges are worth walking at a time: twice those that the API's rate fills at the pace of its answers, six at least. More would bring
 * nothing sooner, and what each has under way would survive the collector's first looks: with 64, reading cost a quarter more time and 20 MB.
 */
export function createSideBySide(most: number): { answered(inMs: number | undefined): void; wanted(): number } {
  let slowMs = 0;
  return {
    answered(inMs = Number.POSITIVE_INFINITY) {
      slowMs = Math.max(inMs, slowMs * FORGETTING);
    },
    wanted: () => Math.min(most, Math.max(FEWEST, Math.ceil((SPARE * STARTS_PER_SECOND * slowMs) / SECOND_MS))),
  };
}
