/** How long tries wait: the first at most `baseMs`, each next one at most twice as long, none longer than `capMs`; all in milliseconds. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly capMs: number;
  /** From [0, 1), e.g. `Math.random`. */
  readonly random: () => number;
}

/**
 * The wait after failed try number `attempt` (from 1): anything from 0 to the doubled base ("full jitter"), so that clients that failed
 * together do not come back together. Whole milliseconds.
 */
export function backoffMs(attempt: number, { baseMs, capMs, random }: BackoffPolicy): number {
  const ceilingMs = Math.min(capMs, baseMs * 2 ** (Math.max(1, attempt) - 1));
  return Math.round(random() * ceilingMs);
}
