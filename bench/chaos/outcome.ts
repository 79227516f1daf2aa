import type { Journal } from './journal.ts';
import type { Verdict } from './verdict.ts';

/** What every run ends with; counts are by what was done. */
export interface Outcome {
  readonly seed: number;
  readonly tookMs: number;
  readonly verdict: Verdict;
  readonly journal: Journal;
  readonly life: ReadonlyMap<string, number>;
  readonly trouble: ReadonlyMap<string, number>;
  /** Everything that is wrong besides the verdict, as sentences: a process that ended by itself, messages that stayed. */
  readonly problems: readonly string[];
}
