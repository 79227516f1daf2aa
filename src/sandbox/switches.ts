import { HOUR_MS } from '../lib/clock.ts';

/** Everything about the API that its page leaves open or that can be otherwise on another day; see `DEFAULT_SWITCHES`. */
export interface SandboxSwitches {
  /** Whether a task created in the very second of StartDate belongs to the window. */
  readonly startInclusive: boolean;
  readonly endInclusive: boolean;
  /** Most entries of TaskIds, InstanceIds and Aliases; more are an InvalidParameterValue. */
  readonly idsMaximum: number;
  /** Widest StartDate…EndDate in days; null: any. */
  readonly widestSpanDays: number | null;
  /** Each request sees the world as it was up to so many milliseconds ago, drawn anew. */
  readonly lagMs: number;
  /** Offset of every timestamp from UTC. */
  readonly utcOffsetMs: number;
  /** By how much the server's clock is ahead of the true one. */
  readonly clockSkewMs: number;
  /** How long each answer takes. */
  readonly latencyMs: number;
  /** Arrivals in any sliding second per key; more are a RequestLimitExceeded. `Infinity`: no limit. */
  readonly requestsPerSecond: number;
  /** What an empty result is. */
  readonly emptySet: 'null' | 'array';
  /** The newest official types demand Limit and Offset; the page has defaults for them. */
  readonly limitRequired: boolean;
  /** What an empty filter list is. */
  readonly emptyFilter: 'refused' | 'ignored';
  /** How rows of one second are ordered: drawn anew for each request, or always the same. */
  readonly ties: 'shuffled' | 'steady';
}

export const DEFAULT_SWITCHES: SandboxSwitches = {
  startInclusive: true,
  endInclusive: true,
  idsMaximum: 100,
  widestSpanDays: null,
  lagMs: 0,
  utcOffsetMs: 8 * HOUR_MS,
  clockSkewMs: 0,
  latencyMs: 0,
  requestsPerSecond: 20,
  emptySet: 'null',
  limitRequired: false,
  emptyFilter: 'refused',
  ties: 'shuffled',
};
