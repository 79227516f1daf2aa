/** What a reader's process took, from its first request to everything kept. */
export interface Measured {
  readonly tookMs: number;
  readonly cpuMs: number;
  /** Resident memory, sampled ten times a second. */
  readonly rssMb: readonly number[];
}
